import type { Text } from '../../rules/rule.ts';
import { formatPath } from './problems/problem.ts';
import type { Locale } from './sections/venue.ts';
import type { Position } from './yaml/positions.ts';

/**
 * Something in a valid configuration that is probably not meant, with what to do about it. `error`: the gateway refuses
 * to start with it. `finding`: to be put right. `note`: cannot be put right in this version, but must not be kept silent.
 */
export interface Finding {
  readonly code: string;
  readonly severity: 'error' | 'finding' | 'note';
  readonly path: readonly PropertyKey[];
  readonly message: Text;
  readonly advice: Text;
}

const WORDS = {
  'zh-CN': { error: '错误', finding: '问题', note: '提示', next: '。' },
  en: { error: 'error', finding: 'finding', note: 'note', next: '. ' },
} as const satisfies Record<Locale, unknown>;

/** One line for people; `position` where the file is at hand. */
export const formatFinding = (finding: Finding, locale: Locale, file?: string, position?: Position): string => {
  const words = WORDS[locale];
  const language = locale === 'zh-CN' ? 'zh' : 'en';
  const where =
    file === undefined ? '' : position === undefined ? `${file}: ` : `${file}:${position.line}:${position.column}: `;
  const path = finding.path.length === 0 ? '' : `${formatPath(finding.path)}: `;
  return `${where}${words[finding.severity]}: ${path}${finding.message[language]}${words.next}${finding.advice[language]}`;
};
