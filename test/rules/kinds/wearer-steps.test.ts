import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import type { OccurrenceKind } from '../../../ingest/model/sample.ts';
import type { RuleState } from '../../../rules/rule.ts';
import { conditionsOf, device, EPOCH, occurrenceOf, rule, sampleOf, stage, venueOf } from '../stage.ts';

const at = (degrees: number): Metrics => ({
  accelerationXG: Math.sin((degrees * Math.PI) / 180),
  accelerationYG: 0,
  accelerationZG: Math.cos((degrees * Math.PI) / 180),
});
const UP = at(0);
const DOWN = at(90);
const HOT: Metrics = { temperatureCelsius: 30 };

const badge = device('b1', { reports: undefined });
const stand = device('s1', { role: undefined, profile: 'stand', reports: undefined });
const venue = venueOf([badge, stand]);

/** A rule of one kind, step by step. */
const reducer = (config: Record<string, unknown>) => {
  const judged = rule({ id: 'r', ...config }, venue);
  const subject = { id: 'b1', device: badge, channel: '' };
  const nowMs = (seconds: number): number => EPOCH + seconds * 1000;
  return {
    start: judged.start(),
    wake: (state: RuleState, seconds: number) => judged.step(state, { type: 'wake', nowMs: nowMs(seconds) }, subject),
    occur: (state: RuleState, seconds: number, kind: OccurrenceKind) =>
      judged.step(state, occurrenceOf('b1', kind, nowMs(seconds)), subject),
    shown: (...samples: readonly (readonly [seconds: number, metrics: Metrics])[]) => ({
      after: (state: RuleState) =>
        samples.reduce(
          (before, [seconds, metrics]) => judged.step(before, sampleOf('b1', nowMs(seconds), metrics), subject).state,
          state,
        ),
    }),
  };
};

describe('tilt', () => {
  const { start, shown, occur, wake } = reducer({ kind: 'tilt' });
  const up = shown([0, UP]).after(start);

  test('is one object for all of whom nothing is known but that they stand', () => {
    expect(up.phase).toBe('normal');
    expect(shown([1, UP], [2, HOT]).after(up)).toBe(up);
    expect(shown([5, DOWN], [6, UP], [8, UP], [9, UP]).after(start)).toBe(up);
    expect(shown([0, HOT]).after(start)).toBe(start);
    expect(occur(up, 1, 'cancel').state).toBe(up);
  });

  test('is the same object where a sample says nothing new', () => {
    const off = shown([1, { onDuty: 0 }]).after(up);
    expect(off).not.toBe(up);
    expect(shown([2, DOWN]).after(off)).toBe(off);
    const leaning = shown([1, { tiltDegrees: 60 }]).after(up);
    expect(shown([2, { tiltDegrees: 70 }], [3, HOT]).after(leaning)).toBe(leaning);
    expect(occur(leaning, 3, 'checkin').state).toBe(leaning);
    expect(wake(leaning, 3).state).toBe(leaning);
  });

  test('keeps what it learns of duty and of the badge, each by itself', () => {
    const charging = shown([1, { charging: 1 }]).after(up);
    expect(shown([2, { charging: 0 }]).after(charging)).toMatchObject({ duty: { charging: false } });
    expect(shown([2, { ...UP, charging: 0 }]).after(charging)).toEqual(up);
    expect(shown([1, DOWN], [2, UP], [4, UP]).after(up)).toMatchObject({ handled: { uprights: 2 } });
    expect(shown([1, DOWN], [2, UP], [4, UP], [5, { onDuty: 0 }]).after(up)).toMatchObject({ handled: null });
    expect(shown([1, DOWN], [2, { ...DOWN, speedMetersPerSecond: 1 }]).after(up)).toMatchObject({
      handled: { poses: 1 },
    });
  });

  const scene = (config: Record<string, unknown> = {}) =>
    stage({ venue, rules: [rule({ id: 'r', kind: 'tilt', ...config }, venue)] });

  test('begins above the angle, not at it; ends below the other one, not at it', () => {
    const story = (degrees: number) => scene().at(0).sample('b1', { tiltDegrees: degrees }).at(60).story();
    expect([45, -45].flatMap(story)).toEqual([]);
    expect([story(45.001), story(-46)].map(({ length }) => length)).toEqual([1, 1]);
    const s = scene({ latching: false })
      .at(0)
      .sample('b1', { tiltDegrees: 50 })
      .at(20)
      .sample('b1', { tiltDegrees: 35 });
    expect(s.story()).toHaveLength(1);
    expect(
      s
        .sample('b1', { tiltDegrees: 34.999 })
        .story()
        .map(([, type]) => type),
    ).toEqual(['raised', 'cleared', 'closed']);
  });

  test('says the angle at which it began', () => {
    const s = scene().at(0).sample('b1', { tiltDegrees: 60 }).at(5).sample('b1', { tiltDegrees: 80 }).at(20);
    expect(conditionsOf(s.verdicts).map(({ condition: { phase, value } }) => [phase, value])).toEqual([
      ['pending', 60],
      ['pending', 60],
      ['active', 60],
    ]);
  });

  test('is judged again by time alone after a cancel', () => {
    const s = scene({ confirmSeconds: 0 }).at(0).sample('b1', DOWN).at(12).occur('b1', 'cancel').at(321.999);
    expect(s.preAlarms.map(({ type }) => type)).toEqual(['pre-alarm', 'pre-alarm-ended']);
    expect(s.at(322).preAlarms.map(({ type }) => type)).toEqual(['pre-alarm', 'pre-alarm-ended', 'pre-alarm']);
  });

  test('a badge that was turned in a hand and then lies level and dead still was taken off; a stand was overturned', () => {
    const play = (id: string) => {
      const s = scene(id === 's1' ? { for: { devices: ['s1'] } } : {});
      const back = { accelerationXG: 0, accelerationYG: -0.9, accelerationZG: -0.3 };
      [UP, DOWN, back, at(80)].forEach((pose, index) => void s.at(index * 2).sample(id, pose));
      for (let t = 8; t < 60; t += 1.3) s.at(t).sample(id, { accelerationXG: 0, accelerationYG: 1, accelerationZG: 0 });
      return s.at(60).story();
    };
    expect(play('b1')).toEqual([]);
    expect(play('s1')).toEqual([[12, 'raised', 's1', 'orange']]);
  });
});

describe('stillness', () => {
  const config = { kind: 'stillness', minutes: 30, preAlarmSeconds: 120 };
  const { start, shown, wake } = reducer(config);
  const still = shown([0, UP]).after(start);
  const MIN = 60;
  const scene = (extra: Record<string, unknown> = {}) =>
    stage({ venue, rules: [rule({ id: 'r', ...config, ...extra }, venue)] });

  test('is the same object where nothing is new', () => {
    expect(shown([0, HOT]).after(start)).toBe(start);
    expect(shown([1, UP], [2, HOT]).after(still)).toBe(still);
    expect(wake(still, 1).state).toBe(still);
    const asked = wake(still, 28 * MIN).state;
    expect(asked.phase).toBe('pending');
    expect(shown([28 * MIN + 1, UP]).after(asked)).toBe(asked);
    expect(wake(asked, 28 * MIN + 2).state).toBe(asked);
    const counting = shown([28 * MIN + 1, { ...UP, movementCount: 7 }]).after(asked);
    expect(counting).toMatchObject({ pose: { movementCount: 7 }, phase: 'pending' });
    expect(shown([1, { movementCount: 7 }]).after(still)).toMatchObject({ pose: { movementCount: 7, z: 1 } });
  });

  test('a wake says nothing of a badge that was not heard, or that is charging', () => {
    expect(wake(start, 1e9).state).toBe(start);
    const charging = shown([1, { charging: 1 }]).after(still);
    expect(wake(charging, 1e9).state).toBe(charging);
  });

  test('ends with its reason: charging, a cancel of somebody, movement', () => {
    const ended = (end: (s: ReturnType<typeof scene>) => void) => {
      const s = scene({ latching: false })
        .at(0)
        .sample('b1', UP)
        .at(31 * MIN);
      end(s);
      return conditionsOf(s.verdicts).at(-1)?.condition;
    };
    expect(ended((s) => s.sample('b1', { charging: 1 }))).toMatchObject({
      phase: 'normal',
      reason: { code: 'paused' },
    });
    expect(ended((s) => s.occur('b1', 'button'))).toMatchObject({ phase: 'normal', reason: { code: 'moving' } });
    expect(ended((s) => s.occur('b1', 'cancel', { attributes: { by: 'wang' } }))).toMatchObject({
      phase: 'normal',
      reason: { code: 'cancelled', params: { by: 'wang' } },
    });
  });

  test('who began to move is not held still by a sample that says nothing of movement', () => {
    const s = scene()
      .at(0)
      .sample('b1', UP)
      .at(28 * MIN + 1)
      .sample('b1', DOWN)
      .at(28 * MIN + 2)
      .sample('b1', HOT);
    s.at(28 * MIN + 3);
    expect(s.preAlarms.map(({ type, atMs }) => [type, (atMs - EPOCH) / 1000])).toEqual([
      ['pre-alarm', 28 * MIN],
      ['pre-alarm-ended', 28 * MIN + 3],
    ]);
  });

  test('a speed alone is movement', () => {
    const s = scene()
      .at(0)
      .sample('b1', UP)
      .at(20 * MIN)
      .sample('b1', { speedMetersPerSecond: 9 });
    expect(s.at(50 * MIN - 0.001).story()).toEqual([]);
    expect(s.at(50 * MIN).story()).toHaveLength(1);
  });

  test('what is movement, by role', () => {
    const moved = (extra: Record<string, unknown>) =>
      scene(extra)
        .at(0)
        .sample('b1', UP)
        .at(20 * MIN)
        .sample('b1', at(20))
        .at(31 * MIN)
        .story().length;
    expect(moved({ accelerationG: 0.2, roles: { guard: { accelerationG: 0.5 } } })).toBe(1);
    expect(moved({ accelerationG: 0.2 })).toBe(0);
  });
});

test('man-down: all its times by role', () => {
  const scene = (roles: Record<string, unknown>) =>
    stage({ venue, rules: [rule({ id: 'r', kind: 'man-down', preAlarmSeconds: 0, roles: { guard: roles } }, venue)] });
  const hit = scene({ impactStillSeconds: 2 })
    .at(0)
    .sample('b1', { ...DOWN, accelerationXG: 3 });
  for (let t = 1; t < 4; t += 1) hit.at(t).sample('b1', DOWN);
  expect(hit.at(20).story()).toEqual([[3, 'raised', 'b1', 'red']]);
  const crawls = scene({ downSeconds: 8 });
  for (let t = 0; t < 12; t += 1) crawls.at(t).sample('b1', at(t % 2 === 0 ? 60 : 120));
  expect(crawls.story()).toEqual([[8, 'raised', 'b1', 'red']]);
});
