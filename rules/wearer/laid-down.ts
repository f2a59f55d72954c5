import type { Metrics } from '../../ingest/model/metrics.ts';
import type { Timing } from './two-stage.ts';

/**
 * What a badge shows while it is not upright, for telling a badge that was taken off and put on a table from a wearer who
 * has fallen. Plain JSON; null while it is worn upright.
 */
export interface Handled {
  /** The pose that it is compared with: the last one while it moves, the one in which it came to rest after that, g. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly movementCount: number | null;
  /** When `x, y, z` were measured, judged milliseconds. */
  readonly atMs: number;
  /** The last pose that counts, and when it was first shown. */
  readonly pose: readonly [x: number, y: number, z: number];
  readonly poseAtMs: number;
  /** Poses far from the one before and from upright, without a spell of being upright in between. */
  readonly poses: number;
  /** Upright samples in a row: one or two may be poses in a hand. */
  readonly uprights: number;
  /** Samples since the first pose that a step or a jolt makes. */
  readonly jolts: number;
  /** Samples at rest since the last movement. */
  readonly rests: number;
  /** Something that breathes wears it, or it was moved: more than noise since it rests. */
  readonly isAlive: boolean;
  /** It was found to be laid down, and lies so still. */
  readonly isLaid: boolean;
  /** Samples in a row that have shown it elsewhere since. */
  readonly stirs: number;
  /** When anything was last counted: what comes twice counts once. */
  readonly countedMs: number;
}

/** Two poses are two where gravity has turned by 25 degrees: |a - b| = 2 sin(12.5 degrees). */
const POSE_CHORD_G = 0.43;
/** A badge that is worn leans less than this, however it wobbles on its lanyard, unless its wearer bends or lies. */
const POSE_DEGREES = 60;
const UPRIGHT_DEGREES = 45;
const UPRIGHTS_MIN = 3;
/** Upside down it is in a hand: that pose counts twice. */
const INVERTED_DEGREES = 100;
/** Whoever walks fast or runs wears it; a badge in a hand is turned, and laid down with one click. */
const JOLT_G = 0.35;
const JOLTS_MAX = 1;
const BLOW_G = 0.75;
/** Poses nearer to each other are one: a body that bounces. */
const POSES_APART_MS = 1_000;
/** A knock on the table is over with the next sample; what goes on is somebody who wears it. */
const STIRS_MAX = 1;
/** Turning a badge about takes no longer between two poses. */
const HANDLING_MS = 12_000;
/** A badge that is taken off and carried shows two poses or more before that in which it lies; a fall passes one at most. */
const POSES_MIN = 3;
/** It has come to rest: two samples in a row as near to each other as a resting wearer's are. */
const REST_G = 0.1;
/**
 * Noise and resolution of a badge's accelerometer: a Ruuvi tag reads to 4 mg and jumps by one or two of them at rest
 * (LIS2DH12 data sheet, 10 bit at 2 g). Breathing turns a chest by 1 to 3 degrees: 17 mg and more.
 */
const DEAD_G = 0.016;
/** What lies on a table lies on one of its faces: gravity along an axis, within 6 degrees (zero-g offset included). */
const LEVEL_COSINE = Math.cos((6 * Math.PI) / 180);
const LEFT_LEVEL_COSINE = Math.cos((12 * Math.PI) / 180);
const LAID_AFTER_MS = 4_000;
/** So long a badge that lies as if laid down is waited for: it may report each 5 s. */
const LAID_WAIT_MS = 10_000;

const alongAxis = (x: number, y: number, z: number): number =>
  Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) / Math.sqrt(x * x + y * y + z * z);

const chord = (from: Handled, x: number, y: number, z: number): number =>
  Math.hypot(x - from.x, y - from.y, z - from.z);

/** Another pose than the last one that counts, and not at once after it. */
const isAnother = ({ pose: [px, py, pz], poseAtMs }: Handled, x: number, y: number, z: number, atMs: number): boolean =>
  atMs - poseAtMs >= POSES_APART_MS && Math.hypot(x - px, y - py, z - pz) >= POSE_CHORD_G;

const isDeadStill = (from: Handled, x: number, y: number, z: number): boolean =>
  Math.abs(x - from.x) <= DEAD_G && Math.abs(y - from.y) <= DEAD_G && Math.abs(z - from.z) <= DEAD_G;

/** Another pose than before. */
const turned = (
  before: Handled | null,
  x: number,
  y: number,
  z: number,
  movementCount: number | null,
  degrees: number,
  atMs: number,
): Handled => {
  const series = before !== null && before.poses > 0 && atMs - before.atMs <= HANDLING_MS ? before : null;
  const isPose = degrees >= POSE_DEGREES && (series === null || isAnother(series, x, y, z, atMs));
  const added = isPose ? (degrees >= INVERTED_DEGREES ? 2 : 1) : 0;
  return {
    x,
    y,
    z,
    movementCount,
    atMs,
    pose: series === null || isPose ? [x, y, z] : series.pose,
    poseAtMs: series === null || isPose ? atMs : series.poseAtMs,
    poses: Math.min(POSES_MIN, (series?.poses ?? 0) + added),
    uprights: degrees < UPRIGHT_DEGREES ? (before?.uprights ?? 0) + 1 : 0,
    jolts: series?.jolts ?? 0,
    rests: 0,
    isAlive: false,
    isLaid: false,
    stirs: 0,
    countedMs: atMs,
  };
};

/** It might turn out to be laid down. */
const mayBeLaid = ({ poses, isAlive, x, y, z }: Handled): boolean =>
  poses >= POSES_MIN && !isAlive && alongAxis(x, y, z) >= LEVEL_COSINE;

/** The times of a rule: its on-delay waits for a badge that may turn out to be laid down. */
export const timingWith = (timing: Timing, badge: Handled | null): Timing =>
  badge !== null && mayBeLaid(badge) ? { ...timing, delayMs: timing.delayMs + LAID_WAIT_MS } : timing;

/**
 * Takes a sample that shows gravity alone (|a| near 1 g), at `degrees` from upright. Null while the badge is upright and
 * was so: nothing is allocated then.
 */
export const handled = (
  before: Handled | null,
  { accelerationXG: x, accelerationYG: y, accelerationZG: z, movementCount }: Metrics,
  degrees: number,
  nowMs: number,
): Handled | null => {
  if (x === undefined || y === undefined || z === undefined) return before;
  if (before !== null && nowMs === before.countedMs) return before;
  const isUpright = degrees < UPRIGHT_DEGREES;
  if (isUpright && (before === null || before.uprights >= UPRIGHTS_MIN - 1)) return null;
  const count = movementCount ?? before?.movementCount ?? null;
  if (before === null) return turned(null, x, y, z, count, degrees, nowMs);
  if (before.isLaid) return laid(before, x, y, z, count, nowMs) ?? turned(before, x, y, z, count, degrees, nowMs);
  if (isUpright || chord(before, x, y, z) > REST_G) return turned(before, x, y, z, count, degrees, nowMs);
  return resting(before, x, y, z, count, nowMs);
};

/** What becomes of a badge that was laid down; undefined: it is taken up, and not level any more. */
const laid = (
  before: Handled,
  x: number,
  y: number,
  z: number,
  movementCount: number | null,
  nowMs: number,
): Handled | undefined => {
  if (alongAxis(x, y, z) < LEFT_LEVEL_COSINE || chord(before, x, y, z) >= POSE_CHORD_G) return undefined;
  if (isDeadStill(before, x, y, z)) return before.stirs === 0 ? before : { ...before, stirs: 0, movementCount };
  const stirs = before.stirs + 1;
  return stirs > STIRS_MAX
    ? { ...before, isLaid: false, isAlive: true }
    : { ...before, stirs, movementCount, countedMs: nowMs };
};

const resting = (
  before: Handled,
  x: number,
  y: number,
  z: number,
  movementCount: number | null,
  nowMs: number,
): Handled => {
  if (before.isAlive) return before;
  const isDead = isDeadStill(before, x, y, z) && movementCount === before.movementCount;
  // The hand lets go: where it lies then is what the next samples are compared with, so that slow turning adds up.
  if (!isDead && before.rests === 0)
    return { ...before, x, y, z, movementCount, atMs: nowMs, rests: 1, countedMs: nowMs };
  if (!isDead) return { ...before, isAlive: true };
  const rests = Math.min(2, before.rests + 1);
  const next = rests === before.rests ? before : { ...before, rests, countedMs: nowMs };
  const isLaid = mayBeLaid(next) && nowMs - next.atMs >= LAID_AFTER_MS;
  return isLaid ? { ...next, isLaid } : next;
};

/** Takes any sample, before `handled` does: a badge that is shaken again and again, or hit, is worn. */
export const jolted = (before: Handled | null, metrics: Metrics, nowMs: number): Handled | null => {
  const { accelerationXG: x, accelerationYG: y, accelerationZG: z } = metrics;
  if (before === null || x === undefined || y === undefined || z === undefined) return before;
  const size = Math.sqrt(x * x + y * y + z * z);
  if (before.isLaid || Math.abs(size - 1) <= JOLT_G || nowMs === before.countedMs) return before;
  if (before.jolts >= JOLTS_MAX || Math.abs(size - 1) >= BLOW_G) return null;
  return { ...before, jolts: before.jolts + 1, countedMs: nowMs };
};
