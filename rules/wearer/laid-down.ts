import type { Metrics } from '../../ingest/model/metrics.ts';

/**
 * What a badge shows while it is not upright, for telling a badge that was taken off and put on a table from a wearer who
 * has fallen. Plain JSON; null while nothing of it is known.
 */
export interface Handled {
  /** The last sample that showed gravity alone, g. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  /** When each pose was shown that is far from the one before and from upright, judged milliseconds; the last few. */
  readonly posesMs: readonly number[];
  /** Since when it rests; null: it is being moved. */
  readonly restsSinceMs: number | null;
  /** It has been dead still since it rests: nothing that breathes wears it. */
  readonly isDead: boolean;
  readonly movementCount: number | null;
  /** It was found to be laid down, and lies so still. */
  readonly isLaid: boolean;
}

/** Two poses are two where gravity has turned by 30 degrees: |a - b| = 2 sin(15 degrees). */
const POSE_CHORD_G = 0.52;
/** Turning a badge in the hand takes at most this long. */
const HANDLING_MS = 12_000;
/** Taking it off, carrying it and laying it down shows two poses or more; a fall passes through one on its way. */
const POSES_MIN = 2;
const POSES_KEPT = 3;
/** It has come to rest: two samples in a row as near to each other as a resting wearer's are. */
const REST_G = 0.1;
/**
 * Noise and resolution of a badge's accelerometer: a Ruuvi tag reads to 4 mg and jumps by one or two of them at rest
 * (LIS2DH12 data sheet, 10 bit at 2 g). Breathing turns a chest by 1 to 3 degrees: 17 mg and more.
 */
const DEAD_G = 0.014;
/** What lies on a table lies on one of its faces: gravity along an axis, within 4 degrees. */
const LEVEL_COSINE = Math.cos((4 * Math.PI) / 180);
const LAID_AFTER_MS = 4_000;

const LEFT_LEVEL_COSINE = Math.cos((12 * Math.PI) / 180);

const alongAxis = (x: number, y: number, z: number): number =>
  Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) / Math.sqrt(x * x + y * y + z * z);

const chord = (from: Handled, x: number, y: number, z: number): number =>
  Math.hypot(x - from.x, y - from.y, z - from.z);

const isDeadStill = (from: Handled, x: number, y: number, z: number): boolean =>
  Math.abs(x - from.x) <= DEAD_G && Math.abs(y - from.y) <= DEAD_G && Math.abs(z - from.z) <= DEAD_G;

const begun = (x: number, y: number, z: number, nowMs: number, isUpright: boolean, count: number | null): Handled => ({
  x,
  y,
  z,
  posesMs: isUpright ? [] : [nowMs],
  restsSinceMs: null,
  isDead: false,
  movementCount: count,
  isLaid: false,
});

/** Of a pose that is another one than before. */
const turned = (
  before: Handled,
  x: number,
  y: number,
  z: number,
  nowMs: number,
  isUpright: boolean,
  count: number | null,
): Handled => {
  const recent = before.posesMs.filter((atMs) => nowMs - atMs <= HANDLING_MS);
  const isAnother = !isUpright && (chord(before, x, y, z) >= POSE_CHORD_G || recent.length === 0);
  const posesMs = isAnother ? [...recent, nowMs].slice(-POSES_KEPT) : recent;
  return { x, y, z, posesMs, restsSinceMs: null, isDead: false, movementCount: count, isLaid: false };
};

/**
 * Takes a sample that shows gravity alone (|a| near 1 g). Null while the badge is upright and was so: nothing is
 * allocated then.
 */
export const handled = (
  before: Handled | null,
  { accelerationXG: x, accelerationYG: y, accelerationZG: z, movementCount }: Metrics,
  isUpright: boolean,
  nowMs: number,
): Handled | null => {
  if (x === undefined || y === undefined || z === undefined) return before;
  const count = movementCount ?? before?.movementCount ?? null;
  if (before === null) return isUpright ? null : begun(x, y, z, nowMs, isUpright, count);
  if (isUpright && before.posesMs.every((atMs) => nowMs - atMs > HANDLING_MS)) return null;
  if (before.isLaid) {
    // A knock on the table changes nothing; a badge that is taken up is not level any more.
    return alongAxis(x, y, z) >= LEFT_LEVEL_COSINE && chord(before, x, y, z) < POSE_CHORD_G
      ? before
      : turned(before, x, y, z, nowMs, isUpright, count);
  }
  if (isUpright || chord(before, x, y, z) > REST_G) return turned(before, x, y, z, nowMs, isUpright, count);
  return resting(before, x, y, z, nowMs, count);
};

/** The yardstick of dead stillness is the first sample at rest, so that slow turning adds up. */
const resting = (before: Handled, x: number, y: number, z: number, nowMs: number, count: number | null): Handled => {
  if (before.restsSinceMs === null) {
    // The hand lets go: where it rests counts, not the sample before.
    return { ...before, x, y, z, restsSinceMs: nowMs, isDead: true, movementCount: count };
  }
  if (!before.isDead) return before;
  const counted = before.movementCount !== null && count !== before.movementCount;
  if (counted || !isDeadStill(before, x, y, z)) return { ...before, isDead: false };
  const isLaid =
    before.posesMs.length > POSES_MIN &&
    nowMs - before.restsSinceMs >= LAID_AFTER_MS &&
    alongAxis(before.x, before.y, before.z) >= LEVEL_COSINE;
  return isLaid ? { ...before, isLaid } : before;
};
