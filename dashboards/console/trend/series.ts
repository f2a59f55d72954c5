import type { DeviceStatus, HistoryAnswer } from '../../../gateway/api/contract.ts';

/** One point of a chart: Unix milliseconds, and the least, mean and greatest value of its step. */
export type Point = readonly [timeMs: number, min: number, mean: number, max: number];

/** The columns that uPlot draws; null where there is a gap. Times in seconds. */
export type Columns = [times: number[], mins: (number | null)[], means: (number | null)[], maxs: (number | null)[]];

export const RANGES = {
  '15m': { ms: 15 * 60_000, stepSeconds: undefined },
  '1h': { ms: 3_600_000, stepSeconds: 10 },
  '6h': { ms: 6 * 3_600_000, stepSeconds: 60 },
  '24h': { ms: 24 * 3_600_000, stepSeconds: 240 },
} as const;
export type Range = keyof typeof RANGES;

/** More points than a screen has columns show nothing more. */
const POINTS_MAX = 5_000;
/** A device may be late by half an interval before the line breaks. */
const GAP_INTERVALS = 2.5;

export const pointsOf = ({ points }: HistoryAnswer): readonly Point[] =>
  points.map((point) => (point.length === 2 ? [point[0], point[1], point[1], point[1]] : [...point]));

/** How far apart two points may be and still be joined, milliseconds. Of what reports only changes, a value holds. */
export const gapMs = (reports: DeviceStatus['reports'], stepSeconds: number | undefined): number => {
  if (reports === undefined) return Infinity;
  if (!('everySeconds' in reports)) return Infinity;
  return Math.max(reports.everySeconds, stepSeconds ?? 0) * GAP_INTERVALS * 1000;
};

/** With the newest value, and without what has left the window. The same array while nothing is new. */
export const withLive = (points: readonly Point[], timeMs: number, value: number, fromMs: number): readonly Point[] => {
  const last = points.at(-1);
  if (last !== undefined && timeMs <= last[0]) return points;
  const live: Point = [timeMs, value, value, value];
  return [...points.filter(([ms]) => ms >= fromMs), live].slice(-POINTS_MAX);
};

/** Columns in which points farther apart than `gap` are not joined: missing data is seen to be missing. */
export const columnsOf = (points: readonly Point[], gap: number): Columns => {
  const columns: Columns = [[], [], [], []];
  const [times, mins, means, maxs] = columns;
  let beforeMs: number | undefined;
  for (const [timeMs, min, mean, max] of points) {
    if (beforeMs !== undefined && timeMs - beforeMs > gap) {
      times.push((beforeMs + timeMs) / 2000);
      mins.push(null);
      means.push(null);
      maxs.push(null);
    }
    times.push(timeMs / 1000);
    mins.push(min);
    means.push(mean);
    maxs.push(max);
    beforeMs = timeMs;
  }
  return columns;
};

export interface Limit {
  readonly limit: number;
}

/**
 * What the value axis has to span: the values, the nearest limit above and below them, so that one sees how much is left,
 * and a margin.
 */
export const spanOf = (points: readonly Point[], limits: readonly Limit[]): readonly [min: number, max: number] => {
  let min = Infinity;
  let max = -Infinity;
  for (const [, low, , high] of points) {
    min = Math.min(min, low);
    max = Math.max(max, high);
  }
  const sorted = limits.map(({ limit }) => limit).sort((a, b) => a - b);
  if (min === Infinity) {
    min = sorted[0] ?? 0;
    max = sorted.at(-1) ?? 1;
  }
  const above = sorted.find((limit) => limit > max) ?? max;
  // Once a limit is passed, how far beyond it the values are matters more than one that is far away.
  const isPassed = sorted.some((limit) => limit > min && limit <= max);
  const top = isPassed && above - max > 2 * (max - min) ? max : above;
  const below = sorted.findLast((limit) => limit < min);
  // Where there is a limit on both sides, the nearer one below; a far one would flatten the line.
  const bottom = below !== undefined && min - below <= top - min ? below : min;
  const margin = (top - bottom || Math.abs(top) || 1) * 0.08;
  return [bottom - margin, top + margin];
};
