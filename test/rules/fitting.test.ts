import { expect, test } from 'vitest';
import { fits } from '../../rules/judge/fitting.ts';

const FIRST = { phase: 'unknown', sinceMs: 0, told: null, marks: [], duty: { charging: false }, words: {} };

test('a state fits that has all of the first one, of the same sort, whatever has become of it', () => {
  const later = {
    phase: 'active',
    sinceMs: 7,
    told: 3,
    marks: [{ phase: 'on' }],
    duty: { charging: true },
    words: { b1: 1 },
  };
  for (const state of [FIRST, later, { ...later, movedMs: 9 }]) expect(fits(state, FIRST)).toBe(true);
});

test.each([
  ['a field is missing', { ...FIRST, sinceMs: undefined }],
  ['a field is missing within another', { ...FIRST, duty: {} }],
  ['of another sort', { ...FIRST, sinceMs: 'long ago' }],
  ['null where it never is', { ...FIRST, sinceMs: null }],
  ['no record', { ...FIRST, duty: [] }],
  ['a null record', { ...FIRST, duty: null }],
  ['no list', { ...FIRST, marks: {} }],
])('a state does not fit: %s', (_, state) => {
  expect(fits(state, FIRST)).toBe(false);
});
