import { expect, test } from 'vitest';
import { extraLines } from '../../../gateway/influx/extra-lines.ts';

test('the oldest go first, so many at a time; of a line that only counts anew, the latest', () => {
  const extra = extraLines(() => expect.fail('nothing was too much'));
  extra.add(['a', 'b', 'c']);
  extra.replace('counters 1');
  extra.replace('counters 2');
  expect(extra.waiting).toBe(4);
  expect(extra.take(2)).toEqual(['a', 'counters 2']);
  expect(extra.take(5)).toEqual(['b', 'c']);
  extra.replace('counters 3');
  expect(extra.take(1)).toEqual(['counters 3']);
  expect([extra.take(1), extra.waiting]).toEqual([[], 0]);
});

test('where too many wait the oldest are dropped, and counted', () => {
  const dropped: number[] = [];
  const extra = extraLines((lines) => dropped.push(lines), 3);
  extra.add(['a', 'b']);
  extra.add(['c', 'd', 'e']);
  extra.replace('counters');
  extra.add(['f']);
  expect(dropped).toEqual([2, 1]);
  expect(extra.take(10)).toEqual(['d', 'e', 'f', 'counters']);
});
