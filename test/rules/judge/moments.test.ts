import { expect, test } from 'vitest';
import { moved } from '../../../rules/judge/moments.ts';

const T = Date.UTC(2026, 5, 1, 12);

test('moments are moved, and nothing else is', () => {
  const kept = { atMs: T, lists: [[1, T + 5.5]], value: 1.7e9, count: 12, left: 30_000, at: '2026', none: null };
  expect(moved(kept, -1000, T)).toEqual({ ...kept, atMs: T - 1000, lists: [[1, T - 994.5]] });
  const year = 400 * 86_400_000;
  expect(moved([T - year, T - year + 1, T + year - 1, T + year], 1, T)).toEqual([
    T - year,
    T - year + 2,
    T + year,
    T + year,
  ]);
});
