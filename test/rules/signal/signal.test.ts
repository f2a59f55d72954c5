import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { heatIndexCelsius } from '../../../rules/signal/heat-index.ts';
import { type Point, slopePerMinute, withPoint } from '../../../rules/signal/slope.ts';

const fahrenheit = (celsius: number): number => celsius * 1.8 + 32;
const celsius = (degreesF: number): number => (degreesF - 32) / 1.8;

describe('heat index', () => {
  // The NWS heat index chart, °F, rounded.
  test.each([
    [80, 40, 80],
    [90, 50, 95],
    [90, 90, 122],
    [100, 50, 118],
    [110, 40, 136],
    [86, 90, 105],
    [96, 55, 112],
  ])('%s °F at %s %% feels like %s °F', (temperature, humidity, expected) => {
    expect(Math.abs(fahrenheit(heatIndexCelsius(celsius(temperature), humidity)) - expected)).toBeLessThanOrEqual(1);
  });

  test('in mild air it is the simple formula, without a step where the regression begins', () => {
    expect(heatIndexCelsius(20, 50)).toBeCloseTo(celsius((0.5 * (68 + 61 + 0.5 * 9.4) + 68) / 2), 6);
    expect(Math.abs(heatIndexCelsius(26.6, 45) - heatIndexCelsius(26.8, 45))).toBeLessThan(1);
  });

  test('dry heat is lowered, humid warmth raised', () => {
    expect(fahrenheit(heatIndexCelsius(celsius(95), 8))).toBeCloseTo(90.14 - 1.25, 1);
    expect(heatIndexCelsius(celsius(82), 95)).toBeGreaterThan(heatIndexCelsius(celsius(82), 85));
  });

  test('the regression counts from 80 °F of the simple formula on', () => {
    // 80.2 °F at 40 %: the simple formula, averaged with the temperature, is 80 exactly; the regression a little more.
    expect(fahrenheit(heatIndexCelsius(celsius(80.2), 40))).toBeCloseTo(80.06769, 4);
  });

  test('humid warmth is raised from 80 °F on, and above 85 % only', () => {
    const step = fahrenheit(heatIndexCelsius(celsius(80), 95)) - fahrenheit(heatIndexCelsius(celsius(79.9999), 95));
    expect(step).toBeCloseTo(1.4, 2);
    expect(fahrenheit(heatIndexCelsius(celsius(80), 95))).toBeCloseTo(86.39806 + 1.4, 4);
    expect(heatIndexCelsius(celsius(88), 95)).toBeGreaterThan(heatIndexCelsius(celsius(88), 85));
  });

  test('heat beyond the range of the adjustments is still a number', () => {
    expect(fahrenheit(heatIndexCelsius(celsius(113), 5))).toBeCloseTo(104.42975, 4);
  });

  test('a condensing sensor that says more than 100 % means 100', () => {
    expect(heatIndexCelsius(35, 120)).toBe(heatIndexCelsius(35, 100));
  });
});

const WINDOW = 300_000;
const fed = (points: readonly Point[]): readonly Point[] =>
  points.reduce<readonly Point[]>((window, point) => withPoint(window, point, WINDOW), []);
const series = (everyMs: number, values: readonly number[]): readonly Point[] =>
  values.map((value, index) => [1_000_000 + index * everyMs, value]);
const rate = (points: readonly Point[]): number | undefined => slopePerMinute(fed(points), WINDOW);

describe('slope', () => {
  test('of a straight line is its own, however it is sampled', () => {
    const uneven = fc.array(fc.integer({ min: 5000, max: 100_000 }), { minLength: 12, maxLength: 40 });
    fc.assert(
      fc.property(uneven, fc.double({ min: -30, max: 30, noNaN: true }), (gaps, perMinute) => {
        let atMs = 0;
        const points = gaps.map((gap): Point => {
          atMs += gap;
          return [atMs, 20 + (perMinute * atMs) / 60_000];
        });
        const found = rate(points);
        if (found !== undefined) expect(found).toBeCloseTo(perMinute, 6);
      }),
      { numRuns: 200 },
    );
  });

  test('is not known with less than five points, or less than half the window', () => {
    expect(rate(series(60_000, [1, 2, 3, 4]))).toBeUndefined();
    expect(rate(series(60_000, [1, 2, 3, 4, 5]))).toBeCloseTo(1, 9);
    expect(rate(series(10_000, [1, 2, 3, 4, 5, 6, 7]))).toBeUndefined();
  });

  test('half of the window is enough, a millisecond less is not', () => {
    expect(rate(series(37_500, [1, 2, 3, 4, 5]))).toBeCloseTo(1.6, 9);
    expect(slopePerMinute([...series(37_500, [1, 2, 3, 4]), [1_149_999, 5]], WINDOW)).toBeUndefined();
  });

  test('the median of an odd number of slopes is the middle one, of an even number between the two', () => {
    const median = (values: readonly number[]) => {
      const slopes = values
        .flatMap((later, to) => values.slice(0, to).map((value, from) => (later - value) / (to - from)))
        .sort((a, b) => a - b);
      const half = (slopes.length - 1) / 2;
      return ((slopes[Math.floor(half)] ?? 0) + (slopes[Math.ceil(half)] ?? 0)) / 2;
    };
    for (const values of [
      [20, 22, 25, 24, 31],
      [20, 22, 25, 24, 31, 37],
    ]) {
      expect(rate(series(40_000, values))).toBeCloseTo(median(values) * 1.5, 9);
    }
  });

  test('a reporter of ten seconds is thinned to every twentieth second', () => {
    // A fifteenth of the window from one point to the next but one is not too dense.
    expect(fed(series(10_000, [1, 2, 3]))).toHaveLength(3);
    expect(fed(series(9999, [1, 2, 3]))).toHaveLength(2);
  });

  test('no single outlier moves it, wherever it comes', () => {
    for (let odd = 0; odd < 5; odd += 1) {
      expect(
        rate(
          series(
            60_000,
            [20, 20, 20, 20, 20].map((value, index) => (index === odd ? 900 : value)),
          ),
        ),
      ).toBe(0);
    }
  });

  test('keeps no more points than it needs, and those of the window only', () => {
    const points = fed(
      series(
        1000,
        Array.from({ length: 2000 }, (_, second) => second / 60),
      ),
    );
    expect(points.length).toBeLessThanOrEqual(16);
    expect((points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0)).toBeLessThanOrEqual(WINDOW);
    expect((points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0)).toBeGreaterThan(WINDOW / 2);
    expect(slopePerMinute(points, WINDOW)).toBeCloseTo(1, 6);
  });

  test('a repetition and a late point add nothing; a long gap and a clock set back begin anew', () => {
    const points = fed(series(60_000, [1, 2, 3]));
    const [first] = points;
    const last = points.at(-1);
    if (first === undefined || last === undefined) throw new Error('no points');
    expect(withPoint(points, [last[0], 99], WINDOW)).toBe(points);
    expect(withPoint(points, [last[0] - 30_000, 99], WINDOW)).toBe(points);
    expect(withPoint(points, [last[0] + WINDOW, 4], WINDOW)).toHaveLength(2);
    expect(withPoint(points, [last[0] + WINDOW + 1, 4], WINDOW)).toEqual([[last[0] + WINDOW + 1, 4]]);
    expect(withPoint(points, [last[0] - WINDOW - 1, 4], WINDOW)).toEqual([[last[0] - WINDOW - 1, 4]]);
  });
});
