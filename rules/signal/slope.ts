/** A value and its moment, judged Unix milliseconds. */
export type Point = readonly [atMs: number, value: number];

/** How many points are kept of a window; a faster reporter's are thinned. */
const POINTS_MAX = 16;

/**
 * With five points no single outlier moves the median of slopes: four of the ten pairs are its own, and the middle is
 * among the other six.
 */
export const POINTS_MIN = 5;

/**
 * The window with one more point; the same points where it adds nothing. A repetition and a point that is late within
 * the window are left out; after a gap longer than the window, and where the clock was set back further than that, the
 * window begins anew.
 */
export const withPoint = (points: readonly Point[], [atMs, value]: Point, windowMs: number): readonly Point[] => {
  const last = points.at(-1);
  if (last === undefined || Math.abs(atMs - last[0]) > windowMs) return [[atMs, value]];
  if (atMs <= last[0]) return points;
  const before = points.at(-2);
  const isDense = before !== undefined && atMs - before[0] < windowMs / (POINTS_MAX - 1);
  const kept = isDense ? points.slice(0, -1) : points;
  return [...kept.filter(([at]) => atMs - at <= windowMs).slice(1 - POINTS_MAX), [atMs, value]];
};

/**
 * Rate of change per minute: the median of the slopes between all pairs of points (Theil 1950, Sen 1968), which asks for
 * no even spacing and shrugs at outliers. Undefined with too few points, or where they span less than half the window.
 */
export const slopePerMinute = (points: readonly Point[], windowMs: number): number | undefined => {
  const spanMs = (points.at(-1)?.[0] ?? 0) - (points[0]?.[0] ?? 0);
  if (points.length < POINTS_MIN || spanMs < windowMs / 2) return undefined;
  const slopes: number[] = [];
  points.forEach(([at, value], index) => {
    for (const [laterAt, laterValue] of points.slice(index + 1)) slopes.push((laterValue - value) / (laterAt - at));
  });
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  const high = slopes[middle] ?? 0;
  const low = slopes.length % 2 === 0 ? (slopes[middle - 1] ?? high) : high;
  return ((high + low) / 2) * 60_000;
};
