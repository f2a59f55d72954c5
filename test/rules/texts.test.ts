import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { REASON_CODES, reasonText } from '../../rules/texts/reasons.ts';

const RULES = new URL('../../rules/', import.meta.url).pathname;

const codesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('texts'))
    .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/\bcode: '([a-z-]+)'/g)])
    .map(([, code = '']) => code);

describe('reasons', () => {
  test('every code that a rule gives has its sentence', () => {
    const codes = codesIn(RULES);
    expect(codes.length).toBeGreaterThan(8);
    expect(codes.filter((code) => !REASON_CODES.includes(code))).toEqual([]);
  });

  test.each(REASON_CODES)('%s reads in both languages and leaves nothing out', (code) => {
    const params = new Proxy({}, { get: (_, name) => (name === 'unobservedSeconds' ? undefined : 7) });
    const { zh, en } = reasonText({ code, params });
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/[a-z]/);
    expect(en).not.toMatch(/\p{Script=Han}/u);
    expect(zh + en).not.toMatch(/undefined|NaN|\[object/);
  });

  test('a code without a sentence is shown rather than hidden', () => {
    expect(reasonText({ code: 'brand-new', params: {} })).toEqual({ zh: 'brand-new', en: 'brand-new' });
  });
});
