import { describe, expect, test } from 'vitest';
import { areStill, busiestExit, type Exit, egressMinutes, type Flows, withTotals } from '../../../rules/crowd/exits.ts';
import { type Bearing, type Counts, startCounts, takeCounts } from '../../../rules/crowd/occupancy.ts';
import { sampleOf } from '../stage.ts';

const MIN = 60_000;
const exit = (device: string, extra: Partial<Exit> = {}): Exit => ({
  device,
  widthMetres: 2,
  capacityPerMinute: 164,
  outward: 'exits',
  ...extra,
});
const bearing: Bearing = { sign: 1, watches: true, sinceZero: true, sigma: 0 };
const left = (counts: Counts, device: string, exitsTotal: number, channel = ''): Counts =>
  takeCounts(counts, sampleOf(device, 0, { entriesTotal: 1, exitsTotal }, channel), bearing);
const totals = (...gone: (readonly [string, number, string?])[]): Counts =>
  gone.reduce((counts, [device, total, channel]) => left(counts, device, total, channel), startCounts(0));
/** Totals of one exit at moments, `[ms, total]`. */
const course = (points: readonly (readonly [number, number])[]): Flows =>
  points.reduce<Flows>((flows, [atMs, total]) => withTotals(flows, [exit('a')], totals(['a', total]), atMs), []);

describe('flow through exits', () => {
  test('the total of an exit is that of all channels of its counter, and of no other', () => {
    const counts = totals(['a', 10, 'line1'], ['a', 5, 'line2'], ['b', 100]);
    expect(withTotals([], [exit('a'), exit('b')], counts, 1000)).toEqual([
      [1000, 15],
      [1000, 100],
    ]);
    expect(withTotals([], [exit('a', { outward: 'entries' })], counts, 1000)).toEqual([[1000, 2]]);
    expect(withTotals([[500, 3]], [exit('unheard')], counts, 1000)).toEqual([[500, 3]]);
  });

  test('looks back one minute, to the millisecond', () => {
    const flows = course([
      [1000, 0],
      [2000, 1],
      [61_000, 60],
    ]);
    expect(flows).toEqual([[1000, 0, 2000, 1, 61_000, 60]]);
    expect(withTotals(flows, [exit('a')], totals(['a', 61]), 61_001)).toEqual([[2000, 1, 61_000, 60, 61_001, 61]]);
  });

  test('nobody who leaves is a point too', () => {
    expect(
      course([
        [1000, 7],
        [2000, 7],
      ]),
    ).toEqual([[1000, 7, 2000, 7]]);
  });

  test('a counter that was reset, a clock that went back, and a moment that comes twice begin anew', () => {
    const flows = course([
      [1000, 5],
      [2000, 9],
    ]);
    const then = (atMs: number, total: number) => withTotals(flows, [exit('a')], totals(['a', total]), atMs);
    expect(then(3000, 8)).toEqual([[3000, 8]]);
    expect(then(1500, 10)).toEqual([[1500, 10]]);
    expect(then(2000, 10)).toEqual([[2000, 10]]);
  });

  test('keeps sixteen points at the most', () => {
    const flows = course(Array.from({ length: 40 }, (_, index) => [1000 * (index + 1), index] as const));
    expect(flows[0]).toHaveLength(32);
    expect(flows[0]?.slice(-2)).toEqual([40_000, 39]);
  });

  test('is still where nobody has left within the minute', () => {
    expect(areStill([[1000, 5, 2000, 5], [], [3000, 8]])).toBe(true);
    expect(areStill([[1000, 5, 2000, 5], [1000, 5, 2000, 6], []])).toBe(false);
  });

  test('the busiest exit is the one that is fullest by what it lets through, of equal ones the first', () => {
    const flows = [
      [0, 0, MIN, 82],
      [0, 0, MIN, 82],
      [0, 0, MIN, 100],
    ];
    const narrow = exit('b', { widthMetres: 1, capacityPerMinute: 82 });
    const wide = exit('c', { widthMetres: 4, capacityPerMinute: 328 });
    expect(busiestExit(flows, [exit('a'), narrow, wide])).toEqual({
      device: 'b',
      perMinute: 82,
      perMetreMinute: 82,
      capacityPerMetreMinute: 82,
      share: 1,
    });
    expect(busiestExit(flows, [exit('a'), exit('a2')])?.device).toBe('a');
    expect(busiestExit(flows, [exit('a2'), wide])?.device).toBe('a2');
  });

  test('a rate wants half a minute', () => {
    expect(busiestExit([[0, 0, 29_999, 50]], [exit('a')])).toBeUndefined();
    expect(busiestExit([[0, 0, 30_000, 50]], [exit('a')])?.perMinute).toBe(100);
    expect(busiestExit([], [exit('a')])).toBeUndefined();
  });

  test('how long until everybody is out', () => {
    expect(egressMinutes([exit('a'), exit('b', { capacityPerMinute: 36 })], 400)).toBe(2);
    expect(egressMinutes([], 400)).toBeUndefined();
    expect(egressMinutes([], 0)).toBeUndefined();
  });
});
