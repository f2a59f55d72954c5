import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BlockFormatError, decodeBlock, encodeBlock, type Points } from '../../../../gateway/store/history/block.ts';

const pointsOf = (timesUs: readonly number[], values: readonly number[]): Points => ({
  timesUs: Float64Array.from(timesUs),
  values: Float64Array.from(values),
  count: timesUs.length,
});

const readBack = (points: Points): Points => decodeBlock(encodeBlock(points));

const START_US = 1_700_000_000_000_000;

const rising = (steps: readonly number[], startUs = START_US): readonly number[] => {
  let time = startUs;
  return steps.map((step) => {
    time += step;
    return time;
  });
};

const resolution = fc.constantFrom(1, 10, 100, 1000, 1e6);

const sensorValues = (length: number): fc.Arbitrary<readonly number[]> =>
  fc.oneof(
    fc.array(fc.double(), { minLength: length, maxLength: length }),
    fc
      .tuple(fc.array(fc.integer(), { minLength: length, maxLength: length }), resolution)
      .map(([wholes, by]) => wholes.map((whole) => whole / by)),
    fc
      .array(fc.integer({ min: -2000, max: 2000 }), { minLength: length, maxLength: length })
      .map((wholes) => wholes.map((whole) => whole / 100 / 9.80665)),
  );

const blocks: fc.Arbitrary<Points> = fc
  .array(
    fc.oneof(
      fc.nat(2_000_000),
      fc.constant(1_000_000),
      fc.nat(900).map((ms) => ms * 1000),
    ),
    {
      minLength: 1,
      maxLength: 300,
    },
  )
  .chain((steps) => sensorValues(steps.length).map((values) => pointsOf(rising(steps), values)));

describe('a block', () => {
  test('gives back every reading exactly', () => {
    fc.assert(
      fc.property(blocks, (points) => {
        expect(readBack(points)).toEqual(points);
      }),
      { numRuns: 300 },
    );
  });

  test.each([
    ['zero of both signs', [0, -0, 0, -0]],
    ['not a number and infinities', [Number.NaN, Infinity, -Infinity, 1]],
    ['the largest and the smallest', [Number.MAX_VALUE, Number.MIN_VALUE, -Number.MAX_VALUE]],
    ['whole numbers past 2^51', [2 ** 53 - 1, -(2 ** 53), 2 ** 51]],
    ['decimals first, parts of g later', [1, 0.1, 1 / 9.80665]],
  ])('holds %s', (_, values) => {
    const points = pointsOf(rising(values.map(() => 1000)), values);
    expect(readBack(points)).toEqual(points);
  });

  test('takes under 3 bytes a reading of a sensor that drifts in tenths, reported each second with jitter', () => {
    const steps = Array.from({ length: 1000 }, (_, index) => 1_000_000 + ((index * 7919) % 21) * 1000 - 10_000);
    const values = steps.map((_, index) => Math.round(200 + 30 * Math.sin(index / 40) + ((index * 31) % 3)) / 10);
    expect(encodeBlock(pointsOf(rising(steps), values)).length).toBeLessThan(3000);
  });

  test('cut or damaged bytes are told or read as other numbers, and end', () => {
    const whole = encodeBlock(
      pointsOf(
        rising(Array.from({ length: 50 }, () => 999_983)),
        Array.from({ length: 50 }, (_, i) => i / 7),
      ),
    );
    for (let length = 0; length < whole.length; length += 1)
      expect(() => decodeBlock(whole.subarray(0, length))).toThrow(BlockFormatError);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          decodeBlock(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(BlockFormatError);
        }
      }),
    );
  });
});
