import { describe, expect, test } from 'vitest';
import { BADGES_MAX, type Badges, heardAgain, hushed, moved, NO_BADGES } from '../../../rules/crowd/badges.ts';

const two: Badges = { here: ['a', 'b'], hushed: ['c'] };

describe('badges of a zone', () => {
  test('one that is heard here counts once; one that is heard elsewhere no more, and no other goes with it', () => {
    expect(moved(NO_BADGES, 'a', true)).toEqual({ here: ['a'], hushed: [] });
    expect(moved(two, 'a', true)).toBe(two);
    expect(moved(two, 'a', false)).toEqual({ here: ['b'], hushed: ['c'] });
    expect(moved(two, 'stranger', false)).toBe(two);
  });

  test('one that is silent does not count until it reports again; it is here as before', () => {
    expect(hushed(two, 'a')).toEqual({ here: ['b'], hushed: ['c', 'a'] });
    expect(hushed(two, 'c')).toBe(two);
    expect(heardAgain(two, 'c')).toEqual({ here: ['a', 'b', 'c'], hushed: [] });
    expect(heardAgain(two, 'a')).toBe(two);
  });

  test('one that is heard elsewhere while it is silent is not here when it reports', () => {
    const gone = moved(two, 'c', false);
    expect(gone).toEqual({ here: ['a', 'b'], hushed: [] });
    expect(heardAgain(gone, 'c')).toBe(gone);
  });

  test('no more than so many', () => {
    const full: Badges = { here: Array.from({ length: BADGES_MAX - 1 }, (_, index) => `b${index}`), hushed: [] };
    const last = moved(full, 'last', true);
    expect(last.here).toHaveLength(BADGES_MAX);
    expect(moved(last, 'one more', true)).toBe(last);
    expect(moved(last, 'b0', true)).toBe(last);
    expect(moved(last, 'b0', false).here).toHaveLength(BADGES_MAX - 1);
  });
});
