import type { Metrics } from '../../ingest/model/metrics.ts';

/** Somebody who is down, and how they last moved. Judged milliseconds, plain JSON. */
export interface Lying {
  /** Pose at the last movement, g: slow turning adds up, noise does not. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly movementCount: number | null;
  readonly stillSinceMs: number;
  /** A later sample has shown the same: one alone shows no stillness. */
  readonly isStill: boolean;
  /** Samples that showed them down, as many as matter. */
  readonly samples: number;
  /** Since a shock nothing is known of posture; null: it is. */
  readonly shakenMs: number | null;
  /** How much time passed so: it does not count as being down. */
  readonly lostMs: number;
}

/** So many samples show that somebody is down, however much they move: one may be a badge that swings. */
const SAMPLES_MIN = 3;

export interface DownLimits {
  /** Change of acceleration that is movement, g. */
  readonly movementG: number;
  readonly impactG: number;
  readonly freeFallG: number;
  /** Without movement for so long. */
  readonly stillMs: number;
  /** The same after an impact. */
  readonly impactStillMs: number;
  /** Down for so long, however much they move. */
  readonly downMs: number;
}

/** From the blow until the body lies; and an advert that was lost in between. */
export const IMPACT_HOLDS_MS = 6_000;

/** Peak or free fall: a body that hits the floor or is on its way there. */
export const isImpact = ({ accelerationXG: x, accelerationYG: y, accelerationZG: z }: Metrics, limits: DownLimits) => {
  if (x === undefined || y === undefined || z === undefined) return false;
  const squared = x * x + y * y + z * z;
  return squared >= limits.impactG * limits.impactG || squared <= limits.freeFallG * limits.freeFallG;
};

/** How somebody lies after a sample; `before` null: they have just gone down. The same object where nothing moved. */
export const lying = (
  before: Lying | null,
  { accelerationXG: x = 0, accelerationYG: y = 0, accelerationZG: z = 0, movementCount, moving }: Metrics,
  nowMs: number,
  { movementG }: DownLimits,
): Lying => {
  const count = movementCount ?? before?.movementCount ?? null;
  const samples = Math.min(SAMPLES_MIN, (before?.samples ?? 0) + 1);
  const lostMs = (before?.lostMs ?? 0) + (before === null || before.shakenMs === null ? 0 : nowMs - before.shakenMs);
  const known = { movementCount: count, samples, shakenMs: null, lostMs };
  const counted = before !== null && before.movementCount !== null && count !== before.movementCount;
  const isMoved =
    before === null || counted || (moving ?? 0) > 0 || Math.hypot(x - before.x, y - before.y, z - before.z) > movementG;
  if (isMoved) return { ...known, x, y, z, stillSinceMs: nowMs, isStill: false };
  if (before.isStill && before.movementCount === count && samples === before.samples) return before;
  return { ...before, ...known, isStill: true };
};

/** A shock: a movement, after which nobody knows how they lie until the next sample that shows it. */
export const shaken = (before: Lying, nowMs: number): Lying => ({
  ...before,
  stillSinceMs: nowMs,
  isStill: false,
  shakenMs: before.shakenMs ?? nowMs,
});

export type Why = 'fallen-still' | 'fallen-impact' | 'fallen-down';

/** When somebody who went down at `sinceMs` counts as fallen if nothing changes (never: Infinity), and why. */
export const fallenAt = (
  sinceMs: number,
  { stillSinceMs, isStill, samples, shakenMs, lostMs }: Lying,
  impactMs: number | null,
  limits: DownLimits,
): { readonly atMs: number; readonly why: Why } => {
  const hit = impactMs !== null && impactMs >= sinceMs - IMPACT_HOLDS_MS;
  const stillAtMs = isStill ? stillSinceMs + (hit ? limits.impactStillMs : limits.stillMs) : Infinity;
  const downAtMs = samples >= SAMPLES_MIN && shakenMs === null ? sinceMs + lostMs + limits.downMs : Infinity;
  if (downAtMs < stillAtMs) return { atMs: downAtMs, why: 'fallen-down' };
  return { atMs: stillAtMs, why: hit ? 'fallen-impact' : 'fallen-still' };
};
