import type { Metrics } from '../../ingest/model/metrics.ts';

/** Somebody who is down, and how they last moved. Judged milliseconds, plain JSON. */
export interface Lying {
  /** Pose at the last movement, g: slow turning adds up, noise does not. */
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly movementCount: number | null;
  readonly stillSinceMs: number;
}

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
  if (before === null) return { x, y, z, movementCount: count, stillSinceMs: nowMs };
  const counted = before.movementCount !== null && count !== before.movementCount;
  const turned = Math.hypot(x - before.x, y - before.y, z - before.z) > movementG;
  if (counted || turned || (moving ?? 0) > 0) return { x, y, z, movementCount: count, stillSinceMs: nowMs };
  return before.movementCount === count ? before : { ...before, movementCount: count };
};

export type Why = 'fallen-still' | 'fallen-impact' | 'fallen-down';

/** When somebody who went down at `sinceMs` counts as fallen if nothing changes, and why. */
export const fallenAt = (
  sinceMs: number,
  { stillSinceMs }: Lying,
  impactMs: number | null,
  limits: DownLimits,
): { readonly atMs: number; readonly why: Why } => {
  const hit = impactMs !== null && impactMs >= sinceMs - IMPACT_HOLDS_MS;
  const stillAtMs = stillSinceMs + (hit ? limits.impactStillMs : limits.stillMs);
  const downAtMs = sinceMs + limits.downMs;
  if (downAtMs < stillAtMs) return { atMs: downAtMs, why: 'fallen-down' };
  return { atMs: stillAtMs, why: hit ? 'fallen-impact' : 'fallen-still' };
};
