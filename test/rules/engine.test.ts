import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commonShape } from '../../rules/common.ts';
import type { Input, Rule, RuleState, Step } from '../../rules/rule.ts';
import { active, made } from './judge/made.ts';
import { conditionsOf, device, EPOCH, rule, sampleOf, stage, venueOf } from './stage.ts';

const venue = venueOf([
  device('b1'),
  device('b2'),
  device('cam', { profile: 'camera', role: undefined, reports: { onChange: true, aliveBy: { device: 'frigate' } } }),
]);

const ruleOf = (step: (state: RuleState, input: Input) => Step, extra: Partial<Rule> = {}): Rule =>
  made('made', step, extra);

describe('faults', () => {
  const boom = ruleOf((state, input) => {
    if (input.type === 'sample' && input.metrics.temperatureCelsius === 666) throw new Error('boom');
    return { state };
  });

  test('a throw stops only that subject of that rule, says so, and the rest goes on', () => {
    const others = rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 } }, venue);
    const s = stage({ venue, rules: [boom, others] });
    s.at(1).sample('b1', { temperatureCelsius: 666 }).sample('b2', { temperatureCelsius: 70 });
    expect(s.verdicts.filter((verdict) => verdict.type === 'fault')).toMatchObject([
      { subject: 'b1', rule: { id: 'made' } },
    ]);
    expect(conditionsOf(s.verdicts).find((verdict) => verdict.rule.id === 'made')?.condition).toMatchObject({
      phase: 'unknown',
      reason: { code: 'rule-fault' },
    });
    expect(s.story()).toEqual([
      [1, 'raised', 'b1', 'red'],
      [1, 'raised', 'b2', 'red'],
    ]);
  });

  test('a rule that asks to be woken at the same moment for ever is stopped, not the gateway', () => {
    const spinning = ruleOf((state, input) => ({ state: { ...state }, wakeAtMs: input.nowMs }));
    const s = stage({ venue, rules: [spinning] })
      .at(1)
      .sample('b1', {})
      .at(2);
    expect(s.verdicts.map((verdict) => verdict.type)).toEqual(['fault', 'condition']);
  });
});

describe('rules that misuse the queue', () => {
  test('a rule that asks to be woken ever earlier is stopped, not the gateway', () => {
    let steps = 0;
    const backwards = ruleOf((state, input) => {
      steps += 1;
      if (steps > 1000) throw new Error('woken for ever');
      return { state: { ...state }, wakeAtMs: input.nowMs - 1 };
    });
    const s = stage({ venue, rules: [backwards] })
      .at(1)
      .sample('b1', {})
      .at(2);
    expect(s.verdicts.map((verdict) => verdict.type)).toEqual(['fault', 'condition']);
    expect(steps).toBeLessThan(100);
  });

  test('a rule that asks to be woken at NaN is stopped, and the deadlines of others still come', () => {
    const never = ruleOf((state) => ({ state: { ...state }, wakeAtMs: Number.NaN }));
    const lone = venueOf([device('b1', { reports: undefined })]);
    const s = stage({ venue: lone, rules: [never, rule({ id: 'still', kind: 'stillness' }, lone)] });
    s.at(0).sample('b1', { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 }).at(3000);
    expect(s.verdicts[0]?.type).toBe('fault');
    expect(s.story()).toEqual([[1800, 'raised', 'b1', 'orange']]);
  });
});

describe('deadlines', () => {
  test('fire in order of time, before a sample that comes after them, with their own time', () => {
    const seen: number[] = [];
    const waking = ruleOf((state, input) => {
      if (input.type === 'wake') {
        seen.push(input.nowMs - EPOCH);
        return { state };
      }
      return input.type === 'sample'
        ? { state: { ...state }, wakeAtMs: input.nowMs + (input.device === 'b1' ? 500 : 300) }
        : { state };
    });
    const s = stage({ venue, rules: [waking] })
      .at(1)
      .sample('b1', {})
      .sample('b2', {});
    // The timer is late: the next input comes first.
    s.put(sampleOf('cam', EPOCH + 5000, {}));
    expect(seen).toEqual([1300, 1500]);
  });

  test('a deadline put off fires once, at its new time', () => {
    const seen: number[] = [];
    const waking = ruleOf((state, input) => {
      if (input.type === 'wake') seen.push((input.nowMs - EPOCH) / 1000);
      return input.type === 'sample' ? { state: { ...state }, wakeAtMs: input.nowMs + 10_000 } : { state };
    });
    const s = stage({ venue, rules: [waking] });
    for (let t = 0; t <= 50; t += 5) s.at(t).sample('b1', {});
    s.at(100);
    expect(seen).toEqual([60]);
  });
});

describe('silence', () => {
  test('after three expected intervals the subject is unknown; an open alarm is not cleared by it', () => {
    const s = stage({
      venue,
      rules: [ruleOf((state, input) => (input.type === 'sample' ? active(state) : { state }))],
    });
    s.at(0).sample('b1', {}).at(89.9);
    expect(s.story()).toHaveLength(1);
    s.at(90);
    expect(s.open()).toMatchObject([{ condition: 'unknown', reason: { code: 'no-data' } }]);
    s.at(10_000);
    expect(s.open()).toHaveLength(1);
  });

  test('the silent rule says so, and takes it back when the device reports', () => {
    const rules = [rule({ id: 'quiet', kind: 'silent' }, venue)];
    const s = stage({ venue, rules }).at(10).sample('b1', { batteryPercent: 50 }).at(99);
    expect(s.story()).toEqual([[90, 'raised', 'b2', 'yellow']]);
    expect(s.open()[0]?.reason.code).toBe('never-heard');
    s.at(100);
    expect(s.story().at(-1)).toEqual([100, 'raised', 'b1', 'yellow']);
    s.at(150).sample('b1', { batteryPercent: 50 });
    expect(
      s
        .story()
        .slice(-2)
        .map(([, type]) => type),
    ).toEqual(['cleared', 'closed']);
  });

  test('a pre-alarm that silence stopped goes on with what it had left', () => {
    const lone = venueOf([device('b1', { reports: { everySeconds: 10 } })]);
    const s = stage({ venue: lone, rules: [rule({ id: 'still', kind: 'stillness', minutes: 5 }, lone)] });
    const upright = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
    for (let t = 0; t <= 200; t += 10) s.at(t).sample('b1', upright);
    s.at(600).sample('b1', upright);
    expect(
      s.preAlarms.map(({ type, atMs, untilMs }) => [type, (atMs - EPOCH) / 1000, (untilMs - EPOCH) / 1000]),
    ).toEqual([
      ['pre-alarm', 180, 300],
      ['pre-alarm-ended', 230, 300],
      ['pre-alarm', 600, 670],
    ]);
  });

  test('a silence that began between two milliseconds loses no deadline', () => {
    const lone = venueOf([device('b1', { reports: { everySeconds: 10.0005 } })]);
    const heat = { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 }, holdSeconds: 100 };
    const s = stage({ venue: lone, rules: [rule(heat, lone)] })
      .at(0)
      .sample('b1', { temperatureCelsius: 70 });
    for (let t = 60; t <= 300; t += 10) s.at(t).sample('b1', { batteryPercent: 70 });
    expect(s.story().map(([, type]) => type)).toEqual(['raised']);
  });

  test('a value on any channel is a sign of life', () => {
    const rules = [rule({ id: 'quiet', kind: 'silent' }, venue)];
    const s = stage({ venue, rules }).at(100);
    s.at(150).sample('b1', { currentAmps: 2 }, 'ct1');
    expect(s.open().map(({ subject }) => subject)).toEqual(['b2']);
  });

  test('a device that reports on change lives by its bridge', () => {
    const rules = [rule({ id: 'quiet', kind: 'silent', for: { devices: ['cam'] } }, venue)];
    const s = stage({ venue, rules }).at(10).sample('cam', { occupancyPersons: 2 }).at(5000);
    expect(s.story()).toEqual([]);
    s.occur('frigate', 'offline');
    expect(s.story()).toEqual([[5000, 'raised', 'cam', 'orange']]);
    s.at(5100).occur('frigate', 'online');
    expect(s.open()).toEqual([]);
  });
});

describe('strangers', () => {
  const calls = venueOf([]);
  const sos = [rule({ id: 'sos', kind: 'sos' }, calls)];

  test('the one known longest without an open call is forgotten first; an open call never is', () => {
    const s = stage({ venue: calls, rules: sos }).at(1).occur('caller', 'sos', { id: '1' });
    for (let each = 0; each < 1500; each += 1) s.occur(`stranger-${each}`, 'cancel');
    const known = new Set(s.save().devices.map(({ id }) => id));
    expect(known.size).toBe(1000);
    expect([known.has('caller'), known.has('stranger-0'), known.has('stranger-1499')]).toEqual([true, false, true]);
    s.occur('caller', 'sos', { id: '1' }).occur('caller', 'sos', { id: '2' });
    expect(s.story().map(([, type]) => type)).toEqual(['raised', 'repeated']);
  });
});

describe('save and restore', () => {
  const rules = [rule({ id: 'still', kind: 'stillness' }, venue)];
  const Z = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
  const alive = venueOf([device('b1', { reports: undefined })]);

  test('the stillness of minute 29 alarms at minute 30, and the reason names the time down', () => {
    const before = stage({ venue: alive, rules })
      .at(0)
      .sample('b1', Z)
      .at(29 * 60);
    const after = stage({ venue: alive, rules, startSeconds: 29 * 60 + 30, snapshot: before.save() });
    after
      .at(29 * 60 + 40)
      .sample('b1', Z)
      .at(30 * 60 + 1);
    expect(after.story()).toEqual([[1800, 'raised', 'b1', 'orange']]);
    expect(after.open()[0]?.reason.en).toContain('includes 30 s not observed');
  });

  test('a deadline that passed while down: raised by a first sample that agrees', () => {
    const before = stage({ venue: alive, rules })
      .at(0)
      .sample('b1', Z)
      .at(29 * 60);
    const after = stage({ venue: alive, rules, startSeconds: 31 * 60, snapshot: before.save() }).at(31 * 60 + 3);
    expect(after.story()).toEqual([]);
    after.sample('b1', Z);
    expect(after.story()).toEqual([[31 * 60 + 3, 'raised', 'b1', 'orange']]);
  });

  test('…or after the grace time when no sample comes', () => {
    const before = stage({ venue: alive, rules })
      .at(0)
      .sample('b1', Z)
      .at(29 * 60);
    const after = stage({ venue: alive, rules, startSeconds: 31 * 60, snapshot: before.save() }).at(32 * 60);
    expect(after.story()).toEqual([[31 * 60 + 10, 'raised', 'b1', 'orange']]);
  });

  test('…and not when a first sample shows movement', () => {
    const before = stage({ venue: alive, rules })
      .at(0)
      .sample('b1', Z)
      .at(29 * 60);
    const after = stage({ venue: alive, rules, startSeconds: 31 * 60, snapshot: before.save() });
    after
      .at(31 * 60 + 3)
      .sample('b1', { ...Z, accelerationYG: 1 })
      .at(40 * 60);
    expect(after.story()).toEqual([]);
  });

  test('…and then its time starts anew: no pre-alarm, after a movement or a check-in', () => {
    const before = stage({ venue: alive, rules })
      .at(0)
      .sample('b1', Z)
      .at(27 * 60);
    const moved = stage({ venue: alive, rules, startSeconds: 31 * 60, snapshot: before.save() });
    moved.at(31 * 60 + 3).sample('b1', { ...Z, accelerationYG: 1 });
    const called = stage({ venue: alive, rules, startSeconds: 31 * 60, snapshot: before.save() });
    called
      .at(31 * 60 + 3)
      .occur('b1', 'checkin')
      .at(31 * 60 + 4)
      .sample('b1', Z);
    expect([...moved.preAlarms, ...called.preAlarms]).toEqual([]);
  });

  test('a device that was never heard is missed on time, however often the gateway restarts', () => {
    const lone = venueOf([device('b1')]);
    const quiet = [rule({ id: 'quiet', kind: 'silent' }, lone)];
    let s = stage({ venue: lone, rules: quiet });
    for (let t = 20; t <= 80; t += 20) {
      s = stage({ venue: lone, rules: quiet, startSeconds: t, snapshot: s.at(t).save() });
    }
    expect(s.at(200).story()).toEqual([[90, 'raised', 'b1', 'yellow']]);
  });

  test('down time never clears: an off-delay goes on where it stood', () => {
    const heat = { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 }, clearSeconds: 60 };
    const hot = [rule(heat, alive)];
    const before = stage({ venue: alive, rules: hot })
      .at(0)
      .sample('b1', { temperatureCelsius: 70 })
      .at(10)
      .sample('b1', { temperatureCelsius: 20 })
      .at(20);
    for (const down of [30, 280]) {
      const restored = { startSeconds: 20 + down, snapshot: before.save(), alarms: before.open() };
      const after = stage({ venue: alive, rules: hot, ...restored }).at(69 + down);
      expect(after.story()).toEqual([]);
      expect(after.at(71 + down).story()[0]).toEqual([70 + down, 'cleared', 'b1', 'red']);
    }
  });

  test('cutting a run anywhere gives the same story', () => {
    const whole = venueOf([device('b1')]);
    const all = [
      rule({ id: 'still', kind: 'stillness', minutes: 5 }, whole),
      rule({ id: 'tilt', kind: 'tilt' }, whole),
      rule({ id: 'quiet', kind: 'silent' }, whole),
      rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 }, holdSeconds: 20 }, whole),
    ];
    const script = (t: number) => ({
      accelerationXG: t > 100 && t < 200 ? 1 : 0,
      accelerationYG: 0,
      accelerationZG: t > 100 && t < 200 ? 0 : 1,
      temperatureCelsius: t > 300 && t < 400 ? 65 : 20,
    });
    const play = (s: ReturnType<typeof stage>, from: number, to: number) => {
      for (let t = from; t < to; t += 10) if (t < 600 || t > 900) s.at(t).sample('b1', script(t));
      return s;
    };
    const straight = play(stage({ venue: whole, rules: all }), 0, 1500)
      .at(1600)
      .story();
    expect(straight.length).toBeGreaterThan(8);
    for (let cut = 10; cut < 1500; cut += 70) {
      const first = play(stage({ venue: whole, rules: all }), 0, cut).at(cut);
      const second = stage({
        venue: whole,
        rules: all,
        startSeconds: cut,
        snapshot: first.save(),
        alarms: first.open(),
      });
      play(second, cut, 1500).at(1600);
      expect([cut, ...first.story(), ...second.story()]).toEqual([cut, ...straight]);
    }
  });
});

test('every rule kind has an id, a kind and a description in its schema', () => {
  expect(z.toJSONSchema(z.strictObject(commonShape), { io: 'input' }).required).toEqual(['id']);
});
