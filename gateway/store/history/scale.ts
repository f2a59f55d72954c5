import { WHOLE_MAX } from './varint.ts';

/** Standard gravity, m/s²: accelerations come in it and are kept in g. */
const STANDARD_GRAVITY = 9.80665;

/** How a sensor's steps become whole numbers: a value is `whole / by / divisor`, exactly. */
export interface Scale {
  readonly by: number;
  readonly divisor: number;
}

/** Their indexes are on disk: only ever add at the end. */
export const SCALES: readonly Scale[] = [
  ...[1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7].map((by) => ({ by, divisor: 1 })),
  ...[1, 10, 100, 1000, 1e4, 1e5, 1e6].map((by) => ({ by, divisor: STANDARD_GRAVITY })),
];

/** In place of a scale's index: no scale makes these values whole. */
export const UNSCALED = 255;

/** The first value from `start` on that does not come back exactly; `count` where all do. */
const misfit = (values: Float64Array, count: number, { by, divisor }: Scale, start: number): number => {
  for (let index = start; index < count; index += 1) {
    const value = values[index] ?? 0;
    const whole = Math.round(value * divisor * by);
    if (whole / by / divisor !== value || Math.abs(whole) > WHOLE_MAX || (value === 0 && 1 / value < 0)) return index;
  }
  return count;
};

/** The index of the scale under which every value comes back exactly, or UNSCALED. */
export const scaleOf = (values: Float64Array, count: number): number => {
  let worst = 0;
  for (const [index, scale] of SCALES.entries()) {
    // The value that did not fit the scale before spoils most of the next ones at once.
    if (misfit(values, worst + 1, scale, worst) === worst) continue;
    worst = misfit(values, count, scale, 0);
    if (worst === count) return index;
  }
  return UNSCALED;
};
