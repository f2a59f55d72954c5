import type { Metrics } from '../../ingest/model/metrics.ts';

/** What a badge last showed when it last moved: the yardstick for the next sample. Null: not reported yet. */
export interface Pose {
  readonly x: number | null;
  readonly y: number | null;
  readonly z: number | null;
  readonly movementCount: number | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
}

export const NO_POSE: Pose = { x: null, y: null, z: null, movementCount: null, latitude: null, longitude: null };

export interface MovementLimits {
  /** Change of the acceleration vector that counts as movement, g. */
  readonly accelerationG: number;
  /** Displacement that counts as movement, metres, on top of the position's own accuracy. */
  readonly displacementMeters: number;
}

export interface Movement {
  /** The sample says something about movement at all. */
  readonly evidence: boolean;
  readonly moved: boolean;
}

const NO_EVIDENCE: Movement = { evidence: false, moved: false };
const STILL: Movement = { evidence: true, moved: false };
const MOVED: Movement = { evidence: true, moved: true };

const METERS_PER_DEGREE = 111_320;

/** Equirectangular distance: exact enough for the few hundred metres of a venue. */
const distanceMeters = (latA: number, lonA: number, latB: number, lonB: number): number => {
  const north = (latB - latA) * METERS_PER_DEGREE;
  const east = (lonB - lonA) * METERS_PER_DEGREE * Math.cos((latA * Math.PI) / 180);
  return Math.hypot(north, east);
};

/** Compares a sample with the pose at the last movement, so that slow turning adds up and noise does not. */
export const movement = (pose: Pose, metrics: Metrics, limits: MovementLimits): Movement => {
  const { accelerationXG: x, accelerationYG: y, accelerationZG: z, movementCount, moving } = metrics;
  let evidence = false;
  if (moving !== undefined) {
    if (moving > 0) return MOVED;
    evidence = true;
  }
  if (movementCount !== undefined) {
    // The counter wraps (Ruuvi: 8 bit), so any change counts.
    if (pose.movementCount !== null && movementCount !== pose.movementCount) return MOVED;
    evidence = true;
  }
  if (x !== undefined && y !== undefined && z !== undefined) {
    if (pose.x !== null && pose.y !== null && pose.z !== null) {
      const dx = x - pose.x;
      const dy = y - pose.y;
      const dz = z - pose.z;
      if (dx * dx + dy * dy + dz * dz > limits.accelerationG * limits.accelerationG) return MOVED;
    }
    evidence = true;
  }
  return displaced(pose, metrics, limits) ?? (evidence ? STILL : NO_EVIDENCE);
};

const displaced = (pose: Pose, metrics: Metrics, limits: MovementLimits): Movement | undefined => {
  const { latitudeDegrees: latitude, longitudeDegrees: longitude, accuracyMeters } = metrics;
  if (latitude === undefined || longitude === undefined) return undefined;
  if (pose.latitude === null || pose.longitude === null) return STILL;
  const tolerance = limits.displacementMeters + (accuracyMeters ?? 0);
  return distanceMeters(pose.latitude, pose.longitude, latitude, longitude) > tolerance ? MOVED : STILL;
};

/** The pose with what this sample adds; the same object when it adds nothing. */
export const completed = (pose: Pose, metrics: Metrics): Pose => {
  const adds =
    (pose.x === null && metrics.accelerationXG !== undefined) ||
    (pose.movementCount === null && metrics.movementCount !== undefined) ||
    (pose.latitude === null && metrics.latitudeDegrees !== undefined);
  return adds ? poseOf(metrics, pose) : pose;
};

/** The sample as a new yardstick; what it does not report is kept. */
export const poseOf = (metrics: Metrics, before: Pose): Pose => ({
  x: metrics.accelerationXG ?? before.x,
  y: metrics.accelerationYG ?? before.y,
  z: metrics.accelerationZG ?? before.z,
  movementCount: metrics.movementCount ?? before.movementCount,
  latitude: metrics.latitudeDegrees ?? before.latitude,
  longitude: metrics.longitudeDegrees ?? before.longitude,
});
