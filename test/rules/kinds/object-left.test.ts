import { describe, expect, test } from 'vitest';
import type { RuleState } from '../../../rules/rule.ts';
import { conditionsOf, device, occurrenceOf, rule, type Stage, stage, venueOf } from '../stage.ts';

const camera = (id: string) =>
  device(id, { role: undefined, profile: 'camera', reports: { onChange: true, aliveBy: { device: 'frigate' } } });
const venue = venueOf([camera('door'), camera('hall'), device('b1')]);
const scene = (config: Record<string, unknown> = {}, options: Partial<Parameters<typeof stage>[0]> = {}) =>
  stage({ venue, rules: [rule({ id: 'left', kind: 'object-left', ...config }, venue)], ...options });
interface Seen {
  readonly id?: string;
  readonly label?: string;
  readonly change?: 'new' | 'update' | 'end';
  readonly stationary?: boolean;
  readonly zones?: string;
}
const sees = (
  s: Stage,
  { id = 'x', label = 'suitcase', change = 'update', stationary = true, zones = '' }: Seen = {},
) => s.occur('door', 'detection', { attributes: { id, label, change, stationary, zones } });
/** As Frigate does: something about every tracked object once a minute. */
const watch = (s: Stage, from: number, to: number, seen: Seen = {}) => {
  for (let at = from; at <= to; at += 60) sees(s.at(at), seen);
  return s;
};
const last = (s: Stage) => conditionsOf(s.verdicts).at(-1)?.condition;
const brief = (s: Stage) =>
  s
    .story()
    .map(([at, type]) => [at, type])
    .filter(([, type]) => type !== 'changed');

describe('object left', () => {
  test('standing for five minutes, not a millisecond less', () => {
    const s = watch(sees(scene().at(10), { change: 'new', stationary: false }), 30, 300);
    expect(s.at(329.999).story()).toEqual([]);
    expect(s.at(330).story()).toEqual([[330, 'raised', 'door', 'yellow']]);
    expect(s.open()[0]).toMatchObject({ value: 5, unit: 'min', limit: 5, reason: { code: 'object-left' } });
    expect(s.open()[0]?.reason.en).toBe('1 object(s) (suitcase) left for 5 min');
  });

  test('clears half a minute after the camera has lost it', () => {
    const s = sees(watch(scene(), 0, 600).at(630), { change: 'end' }).at(659.999);
    expect(s.open()).toHaveLength(1);
    s.at(660);
    expect(brief(s)).toEqual([
      [300, 'raised'],
      [660, 'cleared'],
      [660, 'closed'],
    ]);
  });

  test('what moves, persons, and other zones of the camera are none', () => {
    expect(watch(scene(), 0, 900, { stationary: false }).story()).toEqual([]);
    expect(watch(scene(), 0, 900, { label: 'person' }).story()).toEqual([]);
    const exit = { cameraZones: ['exit'] };
    expect(watch(scene(exit), 0, 900, { zones: 'bar,lawn' }).story()).toEqual([]);
    expect(watch(scene(exit), 0, 900, { zones: 'bar,exit' }).story()).toHaveLength(1);
  });

  test('a message that names no object, and a second end of one, say nothing', () => {
    const s = scene();
    for (let at = 0; at <= 360; at += 60) {
      for (const attributes of [
        { id: null, label: 'suitcase' },
        { id: 'x', label: null },
      ]) {
        const seen = { change: 'update', stationary: true, zones: null, ...attributes };
        s.at(at).occur('door', 'detection', { attributes: seen });
      }
    }
    expect(conditionsOf(s.verdicts).map(({ condition }) => condition.reason.code)).toEqual(['nothing-left']);
    const twice = sees(watch(scene(), 0, 600).at(630), { change: 'end' });
    expect(sees(twice.at(650), { change: 'end' }).at(660).open()).toEqual([]);
    expect(sees(scene().at(0), { id: 'nobody', change: 'end' }).verdicts).toEqual([]);
  });

  test('what the camera told before the alarm, and comes after it, clears nothing', () => {
    const s = watch(scene(), 0, 240).at(300.5);
    const late = { timeMs: s.nowMs - 1000, nowMs: s.nowMs - 1000, timeFrom: 'device' } as const;
    s.occur('door', 'detection', {
      ...late,
      attributes: { id: 'x', label: 'suitcase', change: 'update', stationary: true, zones: '' },
    });
    expect(brief(s)).toEqual([[300, 'raised']]);
  });

  test('moved a little in between it begins anew', () => {
    const s = sees(watch(scene(), 0, 240).at(250), { stationary: false });
    expect(brief(watch(s, 260, 620))).toEqual([[560, 'raised']]);
  });

  test('hidden by somebody who walks by and found under another name it is the same', () => {
    const s = sees(watch(scene(), 0, 240).at(250), { change: 'end' }).at(275);
    expect(brief(watch(s, 275, 400, { id: 'y', change: 'new' }))).toEqual([[300, 'raised']]);
    const later = sees(watch(scene(), 0, 240).at(250), { change: 'end' }).at(281);
    expect(brief(watch(later, 281, 640, { id: 'y', change: 'new' }))).toEqual([[581, 'raised']]);
  });

  test('several objects are one alarm, that ends with the last of them', () => {
    const s = scene();
    for (let at = 0; at <= 480; at += 60) {
      sees(s.at(at));
      if (at >= 60) sees(s, { id: 'y', label: 'backpack' });
    }
    expect(s.open()[0]?.reason.en).toContain('2 object(s) (suitcase, backpack)');
    sees(s.at(500), { change: 'end' }).at(540);
    expect(s.open()[0]?.reason.en).toContain('1 object(s) (backpack)');
    sees(s, { id: 'y', label: 'backpack', change: 'end' }).at(571);
    expect(s.open()).toEqual([]);
  });

  test('no longer mentioned, and not said to be gone: unknown, until somebody has looked', () => {
    const s = watch(scene(), 0, 360).at(539.999);
    expect(last(s)?.phase).toBe('active');
    s.at(540);
    expect(s.open()).toMatchObject(
      [{ condition: 'unknown', reason: { code: 'no-data' } }].map(({ condition }) => ({ condition })),
    );
    expect(last(s)?.reason.code).toBe('object-uncertain');
    s.at(9000);
    const [alarm] = s.open();
    if (alarm === undefined) throw new Error('no alarm');
    s.acknowledge(alarm, 'li');
    expect(s.open()).toEqual([]);
  });

  test('an acknowledgement of what is seen ends nothing', () => {
    const s = watch(scene(), 0, 360);
    const [alarm] = s.open();
    if (alarm === undefined) throw new Error('no alarm');
    expect(watch(s.acknowledge(alarm, 'li'), 420, 600).open()).toMatchObject([
      { condition: 'active', human: 'acknowledged' },
    ]);
  });

  test('on its way to five minutes and no longer mentioned it is none', () => {
    expect(
      watch(scene({ minutes: 10 }), 0, 120)
        .at(5000)
        .story(),
    ).toEqual([]);
  });

  test('the camera’s program offline: unknown, nothing clears, and time does not count', () => {
    const s = watch(scene(), 0, 360).at(380).occur('frigate', 'offline').at(2000);
    expect(s.open()).toMatchObject([{ condition: 'unknown' }]);
    s.occur('frigate', 'online').at(2300);
    expect(s.open()).toMatchObject([{ condition: 'unknown' }]);
    sees(s.at(2310));
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
    const pending = watch(scene(), 0, 240).at(250).occur('frigate', 'offline').at(270).occur('frigate', 'online');
    expect(brief(watch(pending, 280, 640))).toEqual([[580, 'raised']]);
  });

  test('a camera that mentions nothing sees nothing, once it has had the time to', () => {
    const s = scene().at(0).occur('door', 'online').at(179.999);
    expect(s.verdicts).toEqual([]);
    expect(last(s.at(180))).toMatchObject({ phase: 'normal', reason: { code: 'nothing-left' } });
  });

  test('retained and historical messages, and repetitions, count for nothing', () => {
    const s = scene().at(0);
    const attributes = { id: 'x', label: 'suitcase', change: 'update', stationary: true, zones: '' };
    for (let at = 0; at <= 600; at += 60) {
      s.at(at).occur('door', 'detection', { attributes, retained: true });
      s.occur('door', 'detection', { attributes, historical: true });
    }
    expect(s.story()).toEqual([]);
    expect(brief(watch(watch(scene(), 0, 0), 0, 330))).toEqual([[300, 'raised']]);
  });

  test('no more than 64 objects at a time, and it says so', () => {
    const s = scene();
    for (let at = 0; at <= 300; at += 60) for (let id = 0; id < 70; id += 1) sees(s.at(at), { id: `o${id}` });
    expect(s.open()[0]?.reason.en).toMatch(/64 object\(s\).*more not tracked/);
  });

  test.each([100, 400, 640])('a restart at second %i loses nothing', (until) => {
    const play = (s: Stage, from: number, to: number) => {
      for (let at = 0; at <= 600; at += 60) if (at >= from && at < to) sees(s.at(at));
      if (from <= 630 && to > 630) sees(s.at(630), { change: 'end' });
      return s.at(to);
    };
    const first = play(scene(), 0, until);
    const second = play(scene({}, { startSeconds: until, snapshot: first.save(), alarms: first.open() }), until, 700);
    expect([...brief(first), ...brief(second)]).toEqual([
      [300, 'raised'],
      [660, 'cleared'],
      [660, 'closed'],
    ]);
  });

  test('of several it says how long the one that stood first has stood', () => {
    const s = scene();
    for (let at = 0; at <= 420; at += 60) {
      if (at >= 120) sees(s.at(at), { id: 'late', label: 'backpack' });
      sees(s.at(at));
    }
    expect(s.open()[0]).toMatchObject({ value: 7 });
    sees(s, { change: 'end' }).at(450);
    expect(s.open()[0]).toMatchObject({ value: 5.5, reason: { en: '1 object(s) (backpack) left for 6 min' } });
  });

  test('objects that are no longer mentioned make room for others', () => {
    const s = scene();
    for (let id = 0; id < 64; id += 1) sees(s.at(0), { id: `o${id}` });
    for (let at = 180; at <= 480; at += 60) sees(s.at(at), { id: 'x' });
    expect(s.open()[0]?.reason.en).toBe('1 object(s) (suitcase) left for 5 min');
  });

  test('one that is hidden for longer than others are mentioned is still the same where the rule waits for it', () => {
    const s = sees(watch(scene({ clearSeconds: 300 }), 0, 60).at(70), { change: 'end' }).at(260);
    sees(s, { id: 'other', label: 'backpack', stationary: false });
    expect(brief(watch(s, 300, 420, { id: 'y', change: 'new' }))).toEqual([[300, 'raised']]);
  });

  describe('step by step', () => {
    const left = rule({ id: 'left', kind: 'object-left' }, venue);
    const subject = { id: 'door', device: camera('door'), channel: '' };
    const attributes = { id: 'x', label: 'suitcase', change: 'update', stationary: true, zones: '' };
    const seenAt = (state: RuleState, nowMs: number) =>
      left.step(state, occurrenceOf('door', 'detection', nowMs, { attributes }), subject).state;
    const alarmed = [60, 120, 180, 240, 300].reduce((state, at) => seenAt(state, at * 1000), seenAt(left.start(), 0));
    const silence = {
      type: 'silence',
      nowMs: 310_000,
      device: 'door',
      lastSeenMs: 300_000,
      sinceMs: 0,
      said: true,
    } as const;
    const unseen = left.step(alarmed, silence, subject);

    test('a camera that is silent with an alarm says how grave it is, one without says nothing of that', () => {
      expect(alarmed.phase).toBe('active');
      expect(unseen.condition).toMatchObject({ phase: 'unknown', severity: 'yellow' });
      expect(left.step(seenAt(left.start(), 0), silence, subject).condition).toMatchObject({
        phase: 'unknown',
        severity: undefined,
      });
      expect(left.step(unseen.state, { ...silence, nowMs: 400_000 }, subject)).not.toHaveProperty('condition');
    });

    test('an acknowledgement settles only what an alarm does not know', () => {
      const acknowledged = { type: 'acknowledged', nowMs: 320_000 } as const;
      expect(left.step(alarmed, acknowledged, subject)).toEqual({ state: alarmed });
      expect(left.step(left.start(), acknowledged, subject)).toEqual({ state: left.start() });
      expect(left.step(unseen.state, acknowledged, subject).state.phase).toBe('normal');
    });

    test('that a camera lives says nothing of an alarm', () => {
      const alive = { type: 'alive', nowMs: 320_000, device: 'door' } as const;
      expect(left.step(alarmed, alive, subject)).toEqual({ state: alarmed });
      expect(left.step(unseen.state, alive, subject)).toEqual({ state: unseen.state });
      const calm = left.step(left.start(), { type: 'wake', nowMs: 1000 }, subject).state;
      expect(calm.phase).toBe('normal');
      expect(left.step(calm, alive, subject)).toEqual({ state: calm });
      expect(left.step(left.start(), alive, subject)).toEqual({ state: left.start(), wakeAtMs: 500_000 });
    });
  });
});
