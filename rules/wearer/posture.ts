import type { Metrics } from '../../ingest/model/metrics.ts';

/** Only near 1 g does an accelerometer show gravity alone. */
const GRAVITY_MIN_G = 0.8;
const GRAVITY_MAX_G = 1.2;
const DEGREES_PER_RADIAN = 180 / Math.PI;

/**
 * Angle between measured gravity and the calibrated upright vector, degrees: acos(a·r / |a||r|).
 * Undefined where an axis is missing, or where |a| is not within 0.8–1.2 g: a body in motion, which says nothing of
 * posture.
 */
export const tiltDegrees = (metrics: Metrics, upright: readonly [number, number, number]): number | undefined => {
  const { accelerationXG: x, accelerationYG: y, accelerationZG: z } = metrics;
  if (x === undefined || y === undefined || z === undefined) return undefined;
  const magnitude = Math.sqrt(x * x + y * y + z * z);
  if (magnitude < GRAVITY_MIN_G || magnitude > GRAVITY_MAX_G) return undefined;
  const [rx, ry, rz] = upright;
  const cosine = (x * rx + y * ry + z * rz) / (magnitude * Math.sqrt(rx * rx + ry * ry + rz * rz));
  return Math.acos(Math.min(1, Math.max(-1, cosine))) * DEGREES_PER_RADIAN;
};
