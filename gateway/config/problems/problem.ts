import type { Text } from '../../../rules/rule.ts';
import type { Locale } from '../sections/venue.ts';
import { cut } from './shown.ts';

export type ProblemCode =
  | 'unreadable'
  | 'yaml-syntax'
  | 'duplicate-key'
  | 'too-large'
  | 'unknown-key'
  | 'missing'
  | 'wrong-type'
  | 'wrong-value'
  | 'out-of-range'
  | 'kind-not-available'
  | 'unknown-reference'
  | 'duplicate'
  | 'contradiction';

/** What is wrong with venue.yaml, where, and what would be right. `line` and `column` count from 1. */
export interface ConfigProblem {
  readonly code: ProblemCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: Text;
  /** The offending value, cut to 80 characters; never that of a key that holds a secret. */
  readonly value?: string;
  readonly expected: Text;
  /** The valid spelling that was probably meant. */
  readonly nearest?: string;
}

/** `rules[2].for.zones[0]`; a key that is no plain word is quoted. */
export const formatPath = (path: readonly PropertyKey[]): string => {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\w-]+$/.test(String(part))) text += text === '' ? String(part) : `.${String(part)}`;
    else text += `[${cut(JSON.stringify(String(part)))}]`;
  }
  return text;
};

const WORDS = {
  'zh-CN': { expected: '；应为：', meant: (word: string) => `；您是不是要写 "${word}"？`, colon: '：' },
  en: { expected: '; expected ', meant: (word: string) => `; did you mean "${word}"?`, colon: ': ' },
} as const satisfies Record<Locale, unknown>;

/** One line for people: file, position, path, what is wrong, what was expected, what was probably meant. */
export const formatProblem = (problem: ConfigProblem, locale: Locale): string => {
  const words = WORDS[locale];
  const language = locale === 'zh-CN' ? 'zh' : 'en';
  const expected = problem.expected[language];
  const where = `${problem.file}:${problem.line}:${problem.column}: `;
  const path = problem.path === '' ? '' : `${problem.path}: `;
  const value = problem.value === undefined ? '' : words.colon + problem.value;
  const should = expected === '' ? '' : words.expected + expected;
  const meant = problem.nearest === undefined ? '' : words.meant(problem.nearest);
  return where + path + problem.message[language] + value + should + meant;
};
