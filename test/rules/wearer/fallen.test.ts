import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import { ON_DUTY } from '../../../rules/wearer/duty.ts';
import { type FallState, NOT_SEEN, seen, struck } from '../../../rules/wearer/fallen.ts';
import { advance, cancel, confirm, QUIET, type Stage } from '../../../rules/wearer/two-stage.ts';
import { device, sampleOf } from '../stage.ts';

const timing = {
  delayMs: 10_000,
  preAlarmMs: 15_000,
  confirmMs: 3000,
  normalMs: 2000,
  preAlarmNormalMs: 4000,
  clearMs: 0,
  cancelledMs: 300_000,
};

const LIMITS = {
  degrees: 45,
  clearDegrees: 35,
  vehicleKmh: 25,
  movementG: 0.5,
  impactG: 2,
  freeFallG: 0.5,
  stillMs: 10_000,
  impactStillMs: 5000,
  downMs: 30_000,
  timing,
};

const UP: Metrics = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
const DOWN: Metrics = { accelerationXG: 1, accelerationYG: 0, accelerationZG: 0 };
const BLOW: Metrics = { accelerationXG: 2, accelerationYG: 0, accelerationZG: 2 };

const subject = { id: 'b1', device: device('b1'), channel: '' };

/** `[seconds, metrics]` one after another. */
const watched = (state: FallState, ...samples: readonly (readonly [number, Metrics])[]): FallState =>
  samples.reduce((before, [seconds, metrics]) => {
    const sample = sampleOf('b1', seconds * 1000, metrics);
    return seen(before, sample, subject, LIMITS).state;
  }, state);

describe('what is known of a wearer', () => {
  const up = watched(NOT_SEEN, [0, UP]);

  test('is one object for all of whom nothing is known but that they are well', () => {
    expect(up.phase).toBe('normal');
    expect(watched(up, [1, UP], [2, UP])).toBe(up);
    expect(watched(NOT_SEEN, [5, DOWN], [6, UP], [8, UP], [9, UP])).toBe(up);
  });

  test('is the same object where a sample says nothing new', () => {
    const states: readonly (readonly [string, FallState, Metrics])[] = [
      ['off duty', watched(up, [1, { onDuty: 0 }]), DOWN],
      ['charging', watched(up, [1, { charging: 1 }]), {}],
      ['lies', watched(up, [1, DOWN], [2, DOWN], [3, DOWN], [4, DOWN]), DOWN],
      ['blow', watched(up, [1, BLOW]), UP],
      ['blow', watched(up, [1, BLOW]), {}],
      ['taken off', watched(up, [1, DOWN], [2, UP], [4, UP]), {}],
    ];
    for (const [name, state, metrics] of states) {
      expect(state, name).not.toBe(up);
      expect(watched(state, [5, metrics]), name).toBe(state);
    }
  });

  test('changes with duty, a blow and the badge in a hand, each by itself', () => {
    expect(watched(up, [1, { ...UP, onDuty: 0 }])).toMatchObject({ duty: { offDuty: true }, phase: 'normal' });
    expect(watched(up, [1, { ...UP, speedMetersPerSecond: 1, charging: 0 }])).toBe(up);
    expect(watched(up, [1, { onDuty: 0 }], [2, { ...UP, onDuty: 1 }])).toEqual(up);
    expect(watched(up, [1, { charging: 1 }], [2, { charging: 0 }]).duty.charging).toBe(false);
    expect(watched(up, [1, BLOW]).impactMs).toBe(1000);
    expect(watched(up, [1, BLOW], [2, BLOW]).impactMs).toBe(2000);
    expect(watched(up, [1, DOWN], [2, UP], [4, UP]).handled).toMatchObject({ uprights: 2 });
    expect(watched(up, [1, DOWN], [2, UP], [4, UP], [5, BLOW])).toMatchObject({ handled: null, impactMs: 5000 });
    // Asleep off duty on a table, then up and away: the badge is taken off, and put on again.
    expect(watched(up, [1, DOWN], [2, { ...DOWN, onDuty: 0 }])).toMatchObject({ handled: null, stage: QUIET });
  });

  test('a blow is forgotten after 6 s upright, not at 6 s', () => {
    expect(watched(up, [1, BLOW], [7, UP]).impactMs).toBe(1000);
    expect(watched(up, [1, BLOW], [7.001, UP])).toBe(up);
    expect(watched(struck(up, 1000), [7, UP]).impactMs).toBe(1000);
    expect(watched(up, [1, BLOW], [2, DOWN], [9, DOWN]).impactMs).toBe(1000);
  });

  test('the angle is the one at which it began', () => {
    const leaning = watched(up, [1, { tiltDegrees: 60 }], [2, { tiltDegrees: 80 }]);
    expect(leaning).toMatchObject({ degrees: 60, phase: 'pending' });
  });
});

describe('down', () => {
  test('begins above the angle, not at it, and lasts until below the other one', () => {
    const stageAfter = (...degrees: readonly number[]): Stage['at'] =>
      watched(NOT_SEEN, ...degrees.map((tiltDegrees, index) => [3 * index, { tiltDegrees }] as const)).stage.at;
    expect(stageAfter(45)).toBe('quiet');
    expect(stageAfter(45.001)).toBe('delay');
    expect(stageAfter(-45.001)).toBe('delay');
    expect(stageAfter(60, 35, 35)).toBe('delay');
    expect(stageAfter(60, 34.999, 34.999)).toBe('quiet');
  });

  test('one upright sample in between does not hide how long they have lain', () => {
    const state = watched(NOT_SEEN, [0, DOWN], [1, DOWN], [2, UP], [3, DOWN]);
    expect(state.lying).toMatchObject({ downSinceMs: 0, samples: 3 });
    expect(watched(NOT_SEEN, [0, DOWN], [1, UP], [3, UP], [4, DOWN]).lying?.downSinceMs).toBe(4000);
  });

  test('after a shock nothing is known of posture; what says nothing of it changes nothing', () => {
    const state = watched(NOT_SEEN, [0, DOWN], [1, DOWN]);
    expect(watched(state, [2, BLOW]).lying?.shakenMs).toBe(2000);
    expect(watched(state, [2, { temperatureCelsius: 20 }])).toBe(state);
  });
});

describe('the two stages', () => {
  const asked: Stage = { at: 'asked', sinceMs: 0, untilMs: 25_000, confirmByMs: 13_000 };

  test('who cancels and gets up is judged anew at once', () => {
    const cancelled = cancel(asked, 12_000, timing);
    expect(advance(cancelled, true, 13_000, timing)).toBe(cancelled);
    expect(advance(cancelled, false, 13_000, timing)).toBe(QUIET);
  });

  test('the same stage where nothing changes', () => {
    const stages: readonly Stage[] = [{ at: 'delay', sinceMs: 0 }, asked, { at: 'raised', sinceMs: 0 }];
    for (const stage of stages) expect(advance(stage, true, 1, timing)).toBe(stage);
    const confirmed = confirm(asked, 25_000);
    expect(confirm(asked, 24_999)).toBe(asked);
    expect(confirmed).toEqual({ at: 'asked', sinceMs: 0, untilMs: 25_000 });
    expect(confirm(confirmed, 25_000)).toBe(confirmed);
    for (const stage of stages) if (stage !== asked) expect(confirm(stage, 25_000)).toBe(stage);
    expect(advance({ at: 'quiet' }, false, 1, timing)).toEqual(QUIET);
  });
});

test('nobody is judged who has not been seen', () => {
  expect(NOT_SEEN).toMatchObject({ phase: 'unknown', duty: ON_DUTY });
  expect(watched(NOT_SEEN, [0, { temperatureCelsius: 20 }])).toBe(NOT_SEEN);
});
