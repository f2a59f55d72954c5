import { describe, expect, test } from 'vitest';
import { forecast, isFlat, POINTS, slopeOf, type Trend, withPoint } from '../../../rules/crowd/trend.ts';

const WINDOW_MS = 300_000;

const trendOf = (persons: (at: number) => number, points = 30): Trend => {
  let trend: Trend = [];
  for (let at = 1; at <= points; at += 1) trend = withPoint(trend, at * 10_000, persons(at), WINDOW_MS);
  return trend;
};

describe('the trend of a crowd', () => {
  test('a steady rise is its slope, and its limit comes when it comes', () => {
    const slope = slopeOf(
      trendOf((at) => 10 * at),
      WINDOW_MS,
    );
    expect(slope).toEqual({ low: 0.001, median: 0.001, high: 0.001 });
    expect(forecast(slope, 300, 360)).toEqual({ inMs: 60_000, earliestMs: 60_000, latestMs: 60_000 });
  });

  test('a counter that jumps once, and a train that arrives, do not make a rise', () => {
    const jump = slopeOf(
      trendOf((at) => (at < 15 ? 100 : 180)),
      WINDOW_MS,
    );
    expect(forecast(jump, 180, 200)).toBeUndefined();
    const outlier = slopeOf(
      trendOf((at) => (at === 12 ? 900 : 10 * at)),
      WINDOW_MS,
    );
    expect(outlier?.median).toBeCloseTo(0.001, 6);
  });

  test('noise without a rise says nothing; a rise in noise says when, from earliest to latest', () => {
    const wobble = (at: number): number => 20 * Math.sin(at * 2.4);
    const flat = slopeOf(
      trendOf((at) => 500 + wobble(at)),
      WINDOW_MS,
    );
    expect(forecast(flat, 500, 510)).toBeUndefined();
    const rise = slopeOf(
      trendOf((at) => 12 * at + wobble(at)),
      WINDOW_MS,
    );
    const found = forecast(rise, 360, 480);
    expect(found?.inMs).toBeGreaterThan(found?.earliestMs ?? Infinity);
    expect(found?.inMs).toBeLessThan(found?.latestMs ?? 0);
    expect(found?.inMs).toBeGreaterThan(80_000);
    expect(found?.inMs).toBeLessThan(120_000);
  });

  test('a rise that has ended, a fall, and a limit that is reached: no forecast', () => {
    expect(
      slopeOf(
        trendOf((at) => Math.min(200, 10 * at)),
        WINDOW_MS,
      ),
    ).toBeUndefined();
    const fall = slopeOf(
      trendOf((at) => 900 - 10 * at),
      WINDOW_MS,
    );
    expect(forecast(fall, 600, 700)).toBeUndefined();
    expect(forecast({ low: 1, median: 1, high: 1 }, 700, 700)).toBeUndefined();
    expect(forecast({ low: 0.49, median: 1, high: 2 }, 600, 700)).toBeUndefined();
    expect(forecast({ low: 0.5, median: 1, high: 2 }, 600, 700)).toBeDefined();
  });

  test('needs eight points over half of the window, and is bounded', () => {
    expect(
      slopeOf(
        trendOf((at) => at, 15),
        WINDOW_MS,
      ),
    ).toBeUndefined();
    expect(
      slopeOf(
        trendOf((at) => at, 16),
        WINDOW_MS,
      ),
    ).toBeDefined();
    expect(slopeOf([0, 0, 100_000, 1, 200_000, 2], WINDOW_MS)).toBeUndefined();
    expect(trendOf((at) => at, 500).length).toBeLessThanOrEqual(2 * (POINTS + 1));
    let dense: Trend = [];
    for (let at = 1; at < 500; at += 1) dense = withPoint(dense, at, at, WINDOW_MS);
    expect(dense.length).toBeLessThanOrEqual(2 * (POINTS + 1));
  });

  test('a clock that went back begins anew', () => {
    expect(
      withPoint(
        trendOf((at) => at),
        5,
        7,
        WINDOW_MS,
      ),
    ).toEqual([5, 7]);
    expect(isFlat([1, 5, 2, 5])).toBe(true);
    expect(isFlat([1, 5, 2, 6])).toBe(false);
    expect(isFlat([])).toBe(true);
  });

  test('looks back as far as its window, to the millisecond, and a moment that comes twice begins anew', () => {
    expect(withPoint([1000, 1, 2000, 2], 301_000, 3, WINDOW_MS)).toEqual([1000, 1, 2000, 2, 301_000, 3]);
    expect(withPoint([1000, 1, 2000, 2], 301_001, 3, WINDOW_MS)).toEqual([2000, 2, 301_001, 3]);
    expect(withPoint([1000, 1, 2000, 2], 2000, 3, WINDOW_MS)).toEqual([2000, 3]);
    expect(withPoint([1000, 1], 901_000, 3, WINDOW_MS)).toEqual([901_000, 3]);
  });

  test('eight points will do, seven will not', () => {
    const every25 = (points: number) => Array.from({ length: points }, (_, at) => [25_000 * (at + 1), at]).flat();
    expect(slopeOf(every25(8), WINDOW_MS)?.median).toBeCloseTo(1 / 25_000, 12);
    expect(slopeOf(every25(7), WINDOW_MS)).toBeUndefined();
  });

  test('the interval is that of Sen: by the slopes of all pairs, each once', () => {
    // Eight points: 28 slopes, and a spread of 1.96 sqrt(8 · 7 · 21 / 18) = 15.84: the 5th and the 23rd.
    const persons = [100, 112, 118, 140, 139, 160, 167, 181];
    const trend = persons.flatMap((count, at) => [1_000_000 + 25_000 * at, count]);
    const slopes = persons
      .flatMap((later, to) => persons.slice(0, to).map((count, from) => (later - count) / (25_000 * (to - from))))
      .sort((a, b) => a - b);
    expect(slopes).toHaveLength(28);
    expect(slopeOf(trend, WINDOW_MS)).toEqual({
      low: slopes[5],
      median: ((slopes[13] ?? 0) + (slopes[14] ?? 0)) / 2,
      high: slopes[22],
    });
  });

  describe('a rise that the last eighth of the window does not bear out has ended', () => {
    // Of 320 s the last 40 s: four steps of 10 s; ten persons a step before.
    const ending = (...steps: readonly number[]) => {
      let count = 0;
      const rises = [...Array.from({ length: 28 }, () => 10), ...steps];
      return slopeOf(
        rises.flatMap((rise, at) => {
          count += rise;
          return [10_000 * (at + 1), count];
        }),
        320_000,
      );
    };

    test('less than half as fast', () => {
      expect(ending(5, 5, 5, 4)).toBeUndefined();
    });

    test('half as fast goes on', () => {
      expect(ending(5, 5, 5, 5)).toBeDefined();
    });

    test('a pause shorter than that is none', () => {
      expect(ending(10, 10, 10, 0)).toBeDefined();
    });

    test('a spurt at the very end does not make up for it', () => {
      expect(ending(0, 0, 0, 19)).toBeUndefined();
    });
  });

  test('no rise at all is no forecast', () => {
    expect(forecast({ low: 0, median: 0, high: 0 }, 100, 200)).toBeUndefined();
  });
});
