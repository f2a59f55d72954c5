import type { Metrics } from '../../ingest/model/metrics.ts';

/** Somebody who is down, and how they last moved. Judged milliseconds, plain JSON. */
export interface Lying {
  /** Pose at the last movement, g: slow turning adds up, noise does not. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly movementCount: number | null;
  readonly stillSinceMs: number;
  /** Later samples that have shown the same, as many as matter: one alone shows no stillness. */
  readonly stills: number;
  /** Samples that showed them down, as many as matter. */
  readonly samples: number;
  /** When either was last counted: what comes twice counts once. */
  readonly countedMs: number;
  /** Since when they are down without a doubt; null: they may have been up since. */
  readonly downSinceMs: number | null;
  /** Since a shock nothing is known of posture; null: it is. */
  readonly shakenMs: number | null;
}

/** So many samples show that somebody is down, however much they move: one may be a badge that swings. */
const SAMPLES_MIN = 3;
/** The same of stillness: adverts get lost, and two alike may be chance. */
const STILLS_MIN = 2;
/** Shocks for so long with nothing in between are steps: whoever walks was up. */
const STEPS_MS = 2_000;

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

/** Peak or free fall: a body that hits the floor or is on its way there. Not where an axis is missing: NaN is neither. */
export const isImpact = (
  { accelerationXG: x = Number.NaN, accelerationYG: y = Number.NaN, accelerationZG: z = Number.NaN }: Metrics,
  limits: DownLimits,
) => {
  const squared = x * x + y * y + z * z;
  return squared >= limits.impactG * limits.impactG || squared <= limits.freeFallG * limits.freeFallG;
};

/** The time after a shock does not count: nobody knows how they lay. */
const downSince = (before: Lying | null, nowMs: number): number => {
  if (before === null || before.downSinceMs === null) return nowMs;
  return before.shakenMs === null ? before.downSinceMs : before.downSinceMs + (nowMs - before.shakenMs);
};

/** How somebody lies after a sample; `before` null: they have just gone down. The same object where nothing moved. */
export const lying = (
  before: Lying | null,
  { accelerationXG: x = 0, accelerationYG: y = 0, accelerationZG: z = 0, movementCount, moving }: Metrics,
  nowMs: number,
  { movementG }: DownLimits,
): Lying => {
  const count = movementCount ?? before?.movementCount ?? null;
  const news = nowMs === before?.countedMs ? 0 : 1;
  const samples = Math.min(SAMPLES_MIN, (before?.samples ?? 0) + news);
  const downSinceMs = downSince(before, nowMs);
  const known = { movementCount: count, samples, shakenMs: null, downSinceMs, countedMs: nowMs };
  const counted = before !== null && before.movementCount !== null && count !== before.movementCount;
  const isMoved =
    before === null || counted || (moving ?? 0) > 0 || Math.hypot(x - before.x, y - before.y, z - before.z) > movementG;
  if (isMoved) return { ...known, x, y, z, stillSinceMs: nowMs, stills: 0 };
  const stills = Math.min(STILLS_MIN, before.stills + news);
  const isSame = stills === before.stills && before.movementCount === count && samples === before.samples;
  if (isSame && before.shakenMs === null) return before;
  return { ...before, ...known, stills };
};

/** A shock: a movement, after which nobody knows how they lie until a sample shows it. */
export const shaken = (before: Lying, nowMs: number): Lying => {
  const shakenMs = before.shakenMs ?? nowMs;
  const { samples, downSinceMs } = nowMs - shakenMs < STEPS_MS ? before : { samples: 0, downSinceMs: null };
  return { ...before, stillSinceMs: nowMs, stills: 0, samples, downSinceMs, shakenMs };
};

export type Why = 'fallen-still' | 'fallen-impact' | 'fallen-down';

/** When somebody who went down at `sinceMs` counts as fallen if nothing changes (Infinity: not by that), and why. */
export const fallenAt = (
  sinceMs: number,
  { stillSinceMs, stills, samples, shakenMs, downSinceMs }: Lying,
  impactMs: number | null,
  limits: DownLimits,
): { readonly atMs: number; readonly why: Why } => {
  const hit = impactMs !== null && impactMs >= sinceMs - IMPACT_HOLDS_MS;
  const stillAtMs = stills >= STILLS_MIN ? stillSinceMs + (hit ? limits.impactStillMs : limits.stillMs) : Infinity;
  const isDown = samples >= SAMPLES_MIN && shakenMs === null && downSinceMs !== null;
  const downAtMs = isDown ? downSinceMs + limits.downMs : Infinity;
  if (downAtMs < stillAtMs) return { atMs: downAtMs, why: 'fallen-down' };
  return { atMs: stillAtMs, why: hit ? 'fallen-impact' : 'fallen-still' };
};
