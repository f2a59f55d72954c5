import type { z } from 'zod';
import type { Text } from '../../../rules/rule.ts';
import { formatText } from '../sections/ids.ts';
import { describedAs, rangeText, schemasAt } from './schema-walk.ts';
import { namesSecret } from './shown.ts';

export type Issue = z.core.$ZodIssue;
export type Path = readonly PropertyKey[];
export type SizeIssue = Extract<Issue, { code: 'too_big' | 'too_small' }>;

/** The whole value that was checked, and the JSON Schema of what it should be. */
export interface Checked {
  readonly value: unknown;
  readonly schema: Readonly<Record<string, unknown>>;
}

export const NOTHING: Text = { zh: '', en: '' };

const both = (text: string): Text => ({ zh: text, en: text });

export const either = (texts: readonly Text[]): Text => ({
  zh: [...new Set(texts.map(({ zh }) => zh))].join(' 或 '),
  en: [...new Set(texts.map(({ en }) => en))].join(' or '),
});

export const oneOf = (values: readonly unknown[]): Text => {
  const list = values.map(String).join(', ');
  return values.length === 1 ? both(list) : { zh: `以下之一：${list}`, en: `one of ${list}` };
};

/** Adds the documentation of the place, which is in English. */
export const described = (text: Text, { value, schema }: Checked, path: Path): Text => {
  const what = describedAs(schemasAt(schema, value, path));
  return what === undefined ? text : { zh: text.zh, en: `${text.en} (${what})` };
};

/** The keys that are allowed where an unknown one was found, and what to do if it was to hold a secret. */
export const keyText = (key: string, keys: readonly string[]): Text => {
  const list = oneOf(keys);
  if (!namesSecret(key)) return list;
  return {
    zh: `${list.zh}；密钥不写在本文件中，请用 secretSha256 或 …File`,
    en: `${list.en}; secrets are never written in this file: use secretSha256 or a …File`,
  };
};

/** The size that is allowed, where one is too small or too big. */
export const sizeText = (issue: SizeIssue, { schema, value }: Checked, path: Path): Text => {
  const here = schemasAt(schema, value, path)[0];
  const range = here === undefined ? undefined : rangeText(here);
  if (range !== undefined && (issue.origin === 'number' || issue.origin === 'int')) return range;
  const { zh, en } =
    issue.code === 'too_big'
      ? { zh: `最多 ${issue.maximum}`, en: `at most ${issue.maximum}` }
      : { zh: `至少 ${issue.minimum}`, en: `at least ${issue.minimum}` };
  if (issue.origin === 'string') return { zh: `${zh} 个字符`, en: `${en} characters` };
  return issue.origin === 'array' ? { zh: `${zh} 项`, en: `${en} entries` } : { zh, en };
};

export const patternText = (pattern: string | undefined, words: string): Text =>
  (pattern === undefined ? undefined : formatText(pattern)) ?? both(words);

/** A refinement gives its words in both languages as `params`, or in English as its message. */
export const refinementText = (issue: Extract<Issue, { code: 'custom' }>): Text => {
  const { zh, en } = issue.params ?? {};
  return typeof zh === 'string' && typeof en === 'string' ? { zh, en } : both(issue.message);
};
