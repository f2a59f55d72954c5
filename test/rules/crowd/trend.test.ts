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
});
