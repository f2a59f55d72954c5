import { describe, expect, test } from 'vitest';
import { buzzId } from '../../../rules/wearer/prealarm.ts';
import { device, EPOCH, rule, type Stage, stage, venueOf } from '../stage.ts';

const at = (degrees: number, g = 1) => ({
  accelerationXG: g * Math.sin((degrees * Math.PI) / 180),
  accelerationYG: 0,
  accelerationZG: g * Math.cos((degrees * Math.PI) / 180),
});
const UP = at(0);
const DOWN = at(90);
const BLOW = at(60, 2.4);

const venue = venueOf([
  device('b1', { reports: undefined }),
  device('b2', { role: 'rigger', reports: { everySeconds: 2 } }),
]);
const rules = (config: Record<string, unknown> = {}) => [rule({ id: 'down', kind: 'man-down', ...config }, venue)];
const scene = (config: Record<string, unknown> = {}): Stage => stage({ venue, rules: rules(config) });

/** Lies still from a moment on, a sample each second for some seconds: enough to be seen to be still. */
const lies = (s: Stage, fromSeconds: number, untilSeconds = fromSeconds + 4, id = 'b1'): Stage => {
  for (let t = fromSeconds; t <= untilSeconds; t += 1) s.at(t).sample(id, DOWN);
  return s;
};

const confirmed = (s: Stage, untilSeconds: number): Stage =>
  s.occur('b1', 'done', { attributes: { id: buzzId('down', 'b1', EPOCH + untilSeconds * 1000) } });

describe('man-down', () => {
  test('down and still for 10 s the wearer is asked; unanswered and unconfirmed it is red 3 s later', () => {
    const s = lies(scene().at(0).sample('b1', UP), 5).at(14.999);
    expect(s.preAlarms).toEqual([]);
    s.at(15);
    expect(s.preAlarms).toMatchObject([{ type: 'pre-alarm', kind: 'man-down', untilMs: EPOCH + 25_000 }]);
    expect(s.at(17.999).story()).toEqual([]);
    expect(s.at(30).story()).toEqual([[18, 'raised', 'b1', 'red']]);
    expect(s.open()[0]?.reason.code).toBe('fallen-still');
  });

  test('a confirmed buzz gives the whole countdown, to the millisecond', () => {
    const s = confirmed(lies(scene(), 5).at(16), 25).at(24.999);
    expect(s.story()).toEqual([]);
    expect(s.at(30).story()).toEqual([[25, 'raised', 'b1', 'red']]);
  });

  test('after an impact 5 s are enough, whatever the badge shows of it: a blow, a free fall, its own word', () => {
    for (const shown of [
      (s: Stage) => s.sample('b1', BLOW),
      (s: Stage) => s.sample('b1', at(0, 0.3)),
      (s: Stage) => s.occur('b1', 'fall'),
    ]) {
      const s = lies(shown(scene({ preAlarmSeconds: 0 }).at(3)), 4).at(30);
      expect(s.story()).toEqual([[9, 'raised', 'b1', 'red']]);
      expect(s.open()[0]?.reason.code).toBe('fallen-impact');
    }
  });

  test('a blow long before has nothing to do with it', () => {
    const s = scene({ preAlarmSeconds: 0 }).at(0).sample('b1', BLOW).at(5).sample('b1', UP).at(8).sample('b1', UP);
    expect(lies(s, 10).at(60).story()).toEqual([[20, 'raised', 'b1', 'red']]);
  });

  test('who moves on the ground is asked after 30 s, and one who bends over for less never', () => {
    const crawl = (untilSeconds: number): Stage => {
      const s = scene({ preAlarmSeconds: 0 }).at(0).sample('b1', UP);
      for (let t = 5; t < untilSeconds; t += 1) s.at(t).sample('b1', at(t % 2 === 0 ? 70 : 95));
      return s;
    };
    expect(crawl(34).at(34).sample('b1', UP).at(90).story()).toEqual([]);
    const down = crawl(50).at(60);
    expect(down.story()).toEqual([[35, 'raised', 'b1', 'red']]);
    expect(down.open()[0]?.reason.code).toBe('fallen-down');
  });

  test('one sample shows no stillness: a badge that swung, and was not heard again', () => {
    expect(scene().at(0).sample('b1', DOWN).at(300).story()).toEqual([]);
  });

  test('exactly 45° is not down, and down to 35° is still down', () => {
    const held = (degrees: number): Stage => {
      const s = scene({ preAlarmSeconds: 0 }).at(0).sample('b1', UP);
      for (let t = 1; t < 20; t += 1) s.at(t).sample('b1', at(degrees));
      return s.at(40);
    };
    expect(held(44.9).story()).toEqual([]);
    expect(held(45.1).story()).toHaveLength(1);
    const s = lies(scene({ preAlarmSeconds: 0 }), 0);
    expect(s.at(5).sample('b1', at(36)).at(20).sample('b1', at(36)).at(21).sample('b1', at(36)).at(40).story()).toEqual(
      [[21, 'raised', 'b1', 'red']],
    );
  });

  test('one upright sample of two seconds changes nothing, three seconds of it do', () => {
    const s = lies(scene({ preAlarmSeconds: 0 }), 0, 6)
      .at(7)
      .sample('b1', UP)
      .at(8.5)
      .sample('b1', DOWN);
    expect(s.at(9).story()).toEqual([]);
    lies(s, 10, 12);
    expect(s.at(30).story()).toEqual([[18.5, 'raised', 'b1', 'red']]);
    const up = lies(scene({ preAlarmSeconds: 0 }), 0, 6)
      .at(7)
      .sample('b1', UP)
      .at(9)
      .sample('b1', UP)
      .at(60);
    expect(up.story()).toEqual([]);
  });

  test('getting up for four seconds ends the pre-alarm', () => {
    const s = confirmed(lies(scene(), 0).at(11), 20).at(14).sample('b1', UP).at(18.1);
    expect(s.preAlarms.map(({ type, atMs }) => [type, (atMs - EPOCH) / 1000])).toEqual([
      ['pre-alarm', 10],
      ['pre-alarm-ended', 18],
    ]);
    expect(s.at(60).story()).toEqual([]);
  });

  test('a cancel holds for 300 s while the wearer stays down, then they are asked again', () => {
    const s = lies(scene(), 0).at(12).occur('b1', 'cancel');
    lies(s, 13, 17);
    expect(s.at(311).story()).toEqual([]);
    lies(s, 312, 316);
    expect(s.at(400).story()).toEqual([[315, 'raised', 'b1', 'red']]);
  });

  test('the console cancels for the wearer, by rule and in a name; not for another rule', () => {
    const s = lies(scene(), 0)
      .at(12)
      .occur('b1', 'cancel', { attributes: { rule: 'other', by: 'wang' } })
      .at(12.5);
    expect(s.preAlarms).toHaveLength(1);
    s.occur('b1', 'cancel', { attributes: { rule: 'down', by: 'wang' } }).at(60);
    expect(s.story()).toEqual([]);
    const said = s.verdicts.at(-1);
    expect(said?.type === 'condition' && said.condition.reason).toMatchObject({
      code: 'cancelled',
      params: { by: 'wang' },
    });
  });

  test('a replayed cancel cancels nothing', () => {
    const s = lies(scene(), 0).at(12).occur('b1', 'cancel', { retained: true }).at(60);
    expect(s.story()).toEqual([[13, 'raised', 'b1', 'red']]);
  });

  test('clears when upright for 10 s, and waits for a person', () => {
    const s = lies(scene(), 0).at(20).sample('b1', UP).at(25).sample('b1', DOWN).at(40).sample('b1', UP).at(49.9);
    expect(s.open()[0]?.condition).toBe('active');
    expect(s.at(50).open()).toMatchObject([{ condition: 'cleared', human: 'unacknowledged' }]);
  });

  test.each([
    ['charging', { charging: 1 }],
    ['off duty', { onDuty: 0 }],
    ['in a vehicle', { speedMetersPerSecond: 8 }],
  ])('nobody is judged while %s', (_, pause) => {
    const s = scene();
    for (let t = 0; t < 60; t += 1) s.at(t).sample('b1', { ...DOWN, ...pause });
    expect(s.story()).toEqual([]);
    expect(s.preAlarms).toEqual([]);
  });

  test('a badge that was turned in a hand and then lies level and dead still was taken off', () => {
    const s = scene();
    const poses = [UP, { ...at(90) }, { accelerationXG: 0, accelerationYG: -0.9, accelerationZG: -0.3 }, at(80)];
    poses.forEach((pose, index) => void s.at(index * 2).sample('b1', pose));
    const flat = { accelerationXG: 0, accelerationYG: 1, accelerationZG: 0 };
    for (let t = 8; t < 120; t += 1.3) s.at(t).sample('b1', flat);
    expect(s.story()).toEqual([]);
    expect(s.preAlarms).toEqual([]);
  });

  test('time per role', () => {
    const s = lies(scene({ preAlarmSeconds: 0, roles: { guard: { stillSeconds: 6 } } }), 0).at(30);
    expect(s.story()).toEqual([[6, 'raised', 'b1', 'red']]);
  });

  test('silence is not stillness: the time stops, and goes on when the badge is heard again', () => {
    const s = lies(scene({ preAlarmSeconds: 0 }), 0, 4, 'b2').at(100);
    // Silent from 10 on, by three times its interval; 10 s of lying have been seen by then.
    expect(s.story()).toEqual([
      [10, 'raised', 'b2', 'red'],
      [10, 'unknown', 'b2', 'red'],
    ]);
    const gap = lies(scene({ preAlarmSeconds: 0, stillSeconds: 20 }), 0, 4, 'b2').at(100);
    expect(gap.story()).toEqual([]);
    lies(gap, 100, 108, 'b2');
    expect(gap.at(109).story()).toEqual([]);
    lies(gap, 109, 110, 'b2');
    expect(gap.story()).toEqual([[110, 'raised', 'b2', 'red']]);
  });

  test('repetitions and stamps from before change nothing', () => {
    const s = scene();
    for (let t = 0; t < 5; t += 1) s.at(t).sample('b1', DOWN).sample('b1', DOWN);
    expect(s.at(60).story()).toEqual([[13, 'raised', 'b1', 'red']]);
  });

  test('what is sent later satisfies no duration and clears nothing', () => {
    const s = scene();
    const late = {
      type: 'sample',
      device: 'b1',
      seat: -1,
      channel: '',
      timeFrom: 'device',
      sequence: undefined,
    } as const;
    for (let t = 0; t < 60; t += 1) {
      const timeMs = EPOCH + t * 1000;
      s.at(100).put({ ...late, timeMs, arrivedMs: s.nowMs, nowMs: timeMs, historical: true, metrics: DOWN });
    }
    expect(s.at(200).story()).toEqual([]);
    lies(s, 200).at(230);
    s.put({ ...late, timeMs: EPOCH, arrivedMs: s.nowMs, nowMs: EPOCH, historical: true, metrics: UP });
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
  });

  test('saved and restored at any moment, the same story', () => {
    const play = (s: Stage, fromSeconds: number): Stage => {
      for (let t = fromSeconds; t < 30; t += 0.5) {
        s.at(t);
        if (t >= 3 && t % 1 === 0) s.sample('b1', DOWN);
        if (t === 14) confirmed(s, 23);
      }
      return s.at(60);
    };
    const whole = play(scene(), 0).story();
    expect(whole).toEqual([[23, 'raised', 'b1', 'red']]);
    for (let cut = 0.5; cut < 30; cut += 0.5) {
      const first = scene();
      for (let t = 0; t < cut; t += 0.5) {
        first.at(t);
        if (t >= 3 && t % 1 === 0) first.sample('b1', DOWN);
        if (t === 14) confirmed(first, 23);
      }
      const second = stage({
        venue,
        rules: rules(),
        startSeconds: cut - 0.5,
        snapshot: first.save(),
        alarms: first.open(),
      });
      expect([...first.story(), ...play(second, cut).story()], `cut at ${cut}`).toEqual(whole);
    }
  });
});
