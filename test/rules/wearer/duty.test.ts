import { expect, test } from 'vitest';
import { dutyOf, isRiding, ON_DUTY, pauseOf } from '../../../rules/wearer/duty.ts';

const KMH = 1 / 3.6;

test('a speed counts as a vehicle from the limit on; a limit of 0 turns that off', () => {
  expect(isRiding({ speedMetersPerSecond: 24.999 * KMH }, 25)).toBe(false);
  expect(isRiding({ speedMetersPerSecond: 25 * KMH }, 25)).toBe(true);
  expect(isRiding({ speedMetersPerSecond: 50 }, 0)).toBe(false);
  expect(isRiding({ speedMetersPerSecond: 0 }, 0)).toBe(false);
  expect(isRiding({}, 25)).toBe(false);
});

test('a speed holds for 30 s, to the millisecond, unless a slower one is told', () => {
  const riding = dutyOf(ON_DUTY, { speedMetersPerSecond: 10 }, 1000, 25);
  expect(pauseOf(riding, 30_999)).toBe('riding');
  expect(pauseOf(riding, 31_000)).toBeUndefined();
  expect(dutyOf(riding, { charging: 0 }, 2000, 25)).toBe(riding);
  expect(pauseOf(dutyOf(riding, { speedMetersPerSecond: 1 }, 2000, 25), 2000)).toBeUndefined();
  expect(dutyOf(ON_DUTY, { speedMetersPerSecond: 10 }, 1000, 0)).toBe(ON_DUTY);
});

test('charging and duty hold until the opposite is told; the same object where nothing is new', () => {
  const charging = dutyOf(ON_DUTY, { charging: 1 }, 0, 25);
  expect(pauseOf(charging, 1)).toBe('paused');
  const both = dutyOf(charging, { onDuty: 0 }, 1, 25);
  expect(both).toEqual({ charging: true, offDuty: true, ridesUntilMs: 0 });
  expect(pauseOf(dutyOf(both, { charging: 0 }, 2, 25), 2)).toBe('paused');
  expect(pauseOf(dutyOf(both, { charging: 0, onDuty: 1 }, 2, 25), 2)).toBeUndefined();
  expect(dutyOf(both, { charging: 1, onDuty: 0, speedMetersPerSecond: 0 }, 3, 25)).toBe(both);
  expect(dutyOf(both, { temperatureCelsius: 20 }, 3, 25)).toBe(both);
});
