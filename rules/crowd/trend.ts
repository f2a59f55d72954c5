/** Time and persons by turns, oldest first: `ms, persons, ms, persons, …`. Plain JSON, bounded by the window. */
export type Trend = readonly number[];

export const NO_TREND: Trend = [];

/** Points of one window: enough for a slope that a few of them cannot spoil, and few enough to compare all pairs. */
export const POINTS = 30;
const POINTS_MIN = 8;

/** A normal deviate for two-sided 95 %. */
const Z_95 = 1.96;

/** How fast persons rise, persons per millisecond: the median, and how far it may be off, 19 times of 20. */
export interface Slope {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** The trend with one more point; those that are older than the window are left behind. */
export const withPoint = (trend: Trend, atMs: number, persons: number, windowMs: number): Trend => {
  const lastMs = trend.at(-2);
  // A clock that went back: what was seen by the other time is not comparable.
  if (lastMs !== undefined && atMs <= lastMs) return [atMs, persons];
  let from = 0;
  while ((trend[from] ?? atMs) < atMs - windowMs) from += 2;
  if (trend.length - from >= 2 * (POINTS + 1)) from += 2;
  return [...trend.slice(from), atMs, persons];
};

/** True where the persons of a trend are all the same: time alone changes nothing. */
export const isFlat = (trend: Trend): boolean =>
  trend.every((persons, index) => index % 2 === 0 || persons === trend[1]);

/** The last part of the window that must bear a trend out: one that has ended is none. */
const RECENT_PART = 8;
const RECENT_MIN = 0.5;

/** How fast persons rose over the last part of the window, persons per millisecond. */
const recentSlope = (trend: Trend, windowMs: number): number => {
  const [lastMs = 0, last = 0] = trend.slice(-2);
  let from = trend.length - 4;
  while ((trend[from] ?? 0) > lastMs - windowMs / RECENT_PART) from -= 2;
  return (last - (trend[from + 1] ?? 0)) / (lastMs - (trend[from] ?? 0));
};

/**
 * Slope by Theil and Sen: the median of the slopes of all pairs, with Sen's interval from Kendall's statistic (Sen, "Estimates
 * of the regression coefficient based on Kendall's tau", JASA 63, 1968). A jump of a counter or a few bad minutes, up to 29 % of
 * the points, do not move it. Undefined: too few points, over less than half of the window, or a rise that has ended.
 */
export const slopeOf = (trend: Trend, windowMs: number): Slope | undefined => {
  const count = trend.length / 2;
  const spanMs = (trend.at(-2) ?? 0) - (trend[0] ?? 0);
  if (count < POINTS_MIN || spanMs < windowMs / 2) return undefined;
  const slopes: number[] = [];
  for (let to = 2; to < trend.length; to += 2) {
    for (let from = 0; from < to; from += 2) {
      slopes.push(((trend[to + 1] ?? 0) - (trend[from + 1] ?? 0)) / ((trend[to] ?? 0) - (trend[from] ?? 0)));
    }
  }
  const sorted = Float64Array.from(slopes).sort();
  const last = sorted.length - 1;
  const spread = Z_95 * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const at = (index: number): number => sorted[Math.min(last, Math.max(0, Math.round(index)))] ?? 0;
  const [low, high] = [at((sorted.length - spread) / 2 - 1), at((sorted.length + spread) / 2)];
  const median = (at(last / 2 - 0.25) + at(last / 2 + 0.25)) / 2;
  return recentSlope(trend, windowMs) < RECENT_MIN * median ? undefined : { low, median, high };
};

/** When so many persons will be reached, milliseconds from now. */
export interface Forecast {
  readonly inMs: number;
  /** The earliest and the latest of 19 cases of 20. */
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** The latest case may be this many times as far as the middle one; a wider guess is not worth saying. */
const LATEST_MAX = 2;

/** When a rising crowd reaches `target`; undefined where it does not rise for sure, or nobody can say when. */
export const forecast = (slope: Slope | undefined, persons: number, target: number): Forecast | undefined => {
  if (slope === undefined || slope.median <= 0 || slope.low * LATEST_MAX < slope.median || target <= persons) {
    return undefined;
  }
  const missing = target - persons;
  return { inMs: missing / slope.median, earliestMs: missing / slope.high, latestMs: missing / slope.low };
};
