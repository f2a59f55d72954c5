import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../ingest/model/metrics.ts';
import { completed, movement, NO_POSE, poseOf } from '../../rules/wearer/movement.ts';
import { tiltDegrees } from '../../rules/wearer/posture.ts';

const LIMITS = { accelerationG: 0.5, displacementMeters: 25 };
const G: Metrics = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
const HERE: Metrics = { latitudeDegrees: 0, longitudeDegrees: 121.5 };
const pose = poseOf({ ...G, ...HERE, movementCount: 7 }, NO_POSE);
/** Degrees of latitude. */
const meters = (count: number): number => count / 111_320;

const shows = (metrics: Metrics, before = pose) => {
  const { evidence, moved } = movement(before, metrics, LIMITS);
  return moved ? 'moved' : evidence ? 'still' : 'nothing';
};

describe('movement', () => {
  test('is a change of acceleration beyond the limit, not at it', () => {
    expect(shows({ ...G, accelerationXG: 0.5 })).toBe('still');
    expect(shows({ ...G, accelerationXG: 0.501 })).toBe('moved');
    expect(shows({ accelerationXG: 0.3, accelerationYG: 0.3, accelerationZG: 0.7 })).toBe('moved');
  });

  test('is shown by the badge’s own flag', () => {
    expect(shows({ moving: 0 })).toBe('still');
    expect(shows({ moving: 1 })).toBe('moved');
  });

  test('is any change of the counter but its first word', () => {
    expect(shows({ movementCount: 7 })).toBe('still');
    expect(shows({ movementCount: 6 })).toBe('moved');
    expect(shows({ movementCount: 6 }, NO_POSE)).toBe('still');
  });

  test('is a displacement beyond the limit and the position’s accuracy, not at it', () => {
    expect(shows({ ...HERE, latitudeDegrees: meters(25) })).toBe('still');
    expect(shows({ ...HERE, latitudeDegrees: meters(25.001) })).toBe('moved');
    expect(shows({ ...HERE, latitudeDegrees: meters(25.001), accuracyMeters: 1 })).toBe('still');
    expect(shows(HERE, NO_POSE)).toBe('still');
  });

  test('is not told by halves: a missing axis or coordinate is no evidence', () => {
    const all: Metrics = { accelerationXG: 1, accelerationYG: 1, accelerationZG: 1 };
    for (const missing of ['accelerationXG', 'accelerationYG', 'accelerationZG'] as const) {
      expect(shows({ ...all, [missing]: undefined })).toBe('nothing');
      expect(shows(all, { ...pose, [missing.slice(-2, -1).toLowerCase()]: null })).toBe('still');
    }
    expect(shows({ latitudeDegrees: 1 })).toBe('nothing');
    expect(shows({ longitudeDegrees: 1 })).toBe('nothing');
    expect(shows({ latitudeDegrees: 1, longitudeDegrees: 1 }, { ...pose, latitude: null })).toBe('still');
    expect(shows({ latitudeDegrees: 1, longitudeDegrees: 1 }, { ...pose, longitude: null })).toBe('still');
    expect(shows({ temperatureCelsius: 20 })).toBe('nothing');
  });
});

describe('the pose that samples are compared with', () => {
  test('takes up what had not been told before, and nothing else', () => {
    for (const first of [G, HERE, { movementCount: 7 }]) {
      const begun = completed(NO_POSE, first);
      expect(begun).toEqual(poseOf(first, NO_POSE));
      expect(completed(begun, first)).toBe(begun);
      expect(completed(begun, {})).toBe(begun);
    }
    expect(completed(pose, { ...G, accelerationXG: 0.4, ...HERE, latitudeDegrees: 1, movementCount: 8 })).toBe(pose);
    const accelerated = poseOf(G, NO_POSE);
    expect(completed(accelerated, { movementCount: 3 })).toMatchObject({ z: 1, movementCount: 3 });
    expect(completed(accelerated, HERE)).toMatchObject({ z: 1, longitude: 121.5 });
    expect(completed(poseOf(HERE, NO_POSE), G)).toMatchObject({ z: 1, longitude: 121.5 });
  });
});

describe('posture', () => {
  const along = (size: number): Metrics => ({ accelerationXG: size, accelerationYG: 0, accelerationZG: 0 });

  test('is shown from 0.8 to 1.2 g', () => {
    expect([0.799, 0.8, 1.2, 1.201].map((size) => tiltDegrees(along(size), [0, 0, 1]))).toEqual([
      undefined,
      90,
      90,
      undefined,
    ]);
  });

  test('is not shown where an axis is missing', () => {
    for (const missing of ['accelerationXG', 'accelerationYG', 'accelerationZG'] as const) {
      expect(tiltDegrees({ ...G, [missing]: undefined }, [0, 0, 1])).toBeUndefined();
    }
  });
});
