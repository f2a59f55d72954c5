import type { Page, Settings } from './state/state.ts';
import { PAGES } from './state/state.ts';

const KEY = 'muster.console';

const stored = (): Readonly<Record<string, unknown>> => {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
};

/** What somebody chose on this device before. Dark is the default: most of a venue's work is done at night. */
export const readSettings = (): Settings => {
  const { language, theme, sound } = stored();
  return {
    language: language === 'zh-CN' || language === 'en' ? language : undefined,
    theme: theme === 'light' ? 'light' : 'dark',
    sound: sound === true,
  };
};

export const keepSettings = (settings: Settings): void => {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // A browser that keeps nothing asks again next time.
  }
};

/** The page that the address names (`#zones`). */
export const pageOf = (hash: string): Page => PAGES.find((page) => hash === `#${page}`) ?? 'alarms';
