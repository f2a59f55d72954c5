import { en } from './en.ts';
import { zh } from './zh.ts';

export type TextKey = keyof typeof zh;
export type Texts = Readonly<Record<TextKey, string>>;
export type Language = 'zh-CN' | 'en';

const TEXTS: Readonly<Record<Language, Texts>> = { 'zh-CN': zh, en };

export type Fillings = Readonly<Record<string, string | number>>;

/** What a reader needs: texts in their language, and the choice where a text comes in both. */
export interface Speech {
  readonly language: Language;
  /** The text of a key with `{name}` filled in. */
  say(key: TextKey, fillings?: Fillings): string;
  /** The text of a key made at run time, or `otherwise` where nobody wrote one. */
  sayOr(key: string, otherwise: string): string;
  /** The right one of a text in both languages. */
  pick(text: { readonly zh: string; readonly en: string }): string;
}

const isKey = (key: string): key is TextKey => Object.hasOwn(zh, key);

const fill = (text: string, fillings: Fillings): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => (Object.hasOwn(fillings, name) ? String(fillings[name]) : whole));

export const speechIn = (language: Language): Speech => ({
  language,
  say: (key, fillings = {}) => fill(TEXTS[language][key], fillings),
  sayOr: (key, otherwise) => (isKey(key) ? TEXTS[language][key] : otherwise),
  pick: (text) => (language === 'zh-CN' ? text.zh : text.en),
});

/** The reader's own choice, else a language of theirs that the page speaks, else the venue's. */
export const languageFor = (
  chosen: string | null,
  browserLanguages: readonly string[],
  venueLocale: Language | undefined,
): Language => {
  if (chosen === 'zh-CN' || chosen === 'en') return chosen;
  const spoken = browserLanguages.find((tag) => /^(zh|en)\b/i.test(tag));
  if (spoken !== undefined) return /^zh/i.test(spoken) ? 'zh-CN' : 'en';
  return venueLocale ?? 'zh-CN';
};
