import { describe, expect, test } from 'vitest';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { conditionsOf, device, rule, type Stage, sampleOf, stage, venueOf } from '../stage.ts';

const venue = venueOf([
  device('t1', { role: undefined, profile: 'climate', reports: undefined }),
  device('t2', { role: undefined, profile: 'climate', reports: { everySeconds: 60 } }),
]);
const FIRE = { id: 'fire', kind: 'rate-of-change', for: { devices: ['t1'] } };
const scene = (config: Record<string, unknown> = {}, options: Partial<Parameters<typeof stage>[0]> = {}) =>
  stage({ venue, rules: [rule({ ...FIRE, ...config }, venue)], ...options });
/** Samples each minute: of `celsius` by minute. */
const minutes = (s: Stage, from: number, to: number, celsius: (minute: number) => number, id = 't1') => {
  for (let minute = from; minute <= to; minute += 1) {
    s.at(minute * 60).sample(id, { temperatureCelsius: celsius(minute) });
  }
  return s;
};
const flat = () => 20;
const rising = (perMinute: number, from: number) => (minute: number) => 20 + perMinute * Math.max(0, minute - from);
const brief = (s: Stage) => s.story().map(([at, type, , severity]) => [at / 60, type, severity]);

describe('rate of change', () => {
  test('a fire of 10 K/min is told by a sensor of 60 s within the times of EN 54-5 class A1', () => {
    const s = minutes(scene(), 0, 14, rising(10, 10));
    expect(brief(s)).toEqual([
      [13, 'raised', 'orange'],
      [14, 'escalated', 'red'],
    ]);
    expect(s.open()[0]).toMatchObject({ unit: '°C/min', limit: 10, reason: { code: 'rising-fast' } });
  });

  test('at the limit it is raised, just under it is not', () => {
    expect(brief(minutes(scene(), 0, 30, rising(5, 10)))).toEqual([[14, 'raised', 'orange']]);
    expect(brief(minutes(scene(), 0, 60, rising(4.99, 10)))).toEqual([]);
  });

  test('weather, a heater and a door are no fire', () => {
    expect(brief(minutes(scene(), 0, 120, (m) => 20 + 8 * Math.sin(m / 20)))).toEqual([]);
  });

  test('one bad reading raises nothing and, in a fire, hides nothing', () => {
    expect(brief(minutes(scene(), 0, 30, (m) => (m === 12 ? 150 : 20)))).toEqual([]);
    const s = minutes(scene(), 0, 15, (m) => (m === 13 ? -40 : rising(12, 10)(m)));
    expect(s.open()[0]?.severity).toBe('red');
  });

  test('a reading that does not come by the clock counts by its own time', () => {
    const s = scene();
    for (const at of [0, 7, 61, 130, 133, 190, 270, 275, 340, 390, 455]) {
      s.at(at).sample('t1', { temperatureCelsius: 20 + (at / 60) * 11 });
    }
    expect(s.open()[0]).toMatchObject({ severity: 'red', value: 11 });
  });

  test('clears after the rate has been back by the deadband for as long as it takes', () => {
    const s = minutes(scene(), 0, 15, rising(6, 10));
    const at = (minute: number) => Math.min(6, Math.max(0, minute - 10)) * 6 + 20;
    minutes(s, 16, 22, at);
    // The median falls under 4.5 with the reading of minute 18.
    expect(brief(s.at(23 * 60 - 0.001)).filter(([, type]) => type !== 'changed')).toEqual([[14, 'raised', 'orange']]);
    minutes(s, 23, 30, at);
    expect(brief(s).slice(-2)).toEqual([
      [23, 'cleared', 'orange'],
      [23, 'closed', 'orange'],
    ]);
  });

  test('with a hold a further reading must agree', () => {
    expect(brief(minutes(scene({ holdSeconds: 90 }), 0, 20, rising(6, 10)))).toEqual([[16, 'raised', 'orange']]);
  });

  test('falling, of any metric', () => {
    const s = scene({ metric: 'batteryVolts', direction: 'falling', perMinute: { yellow: 0.1 } });
    for (let at = 0; at <= 300; at += 60) s.at(at).sample('t1', { batteryVolts: 4 - (at / 60) * 0.2 });
    expect(s.open()).toMatchObject([{ severity: 'yellow', value: 0.2, reason: { code: 'falling-fast' } }]);
  });

  test('duplicates and a late reading change nothing', () => {
    const twice = scene();
    for (let minute = 0; minute <= 13; minute += 1) {
      const celsius = { temperatureCelsius: rising(10, 10)(minute) };
      twice
        .at(minute * 60)
        .sample('t1', celsius)
        .sample('t1', celsius);
      twice.put(sampleOf('t1', twice.nowMs - 20_000, { temperatureCelsius: 500 }));
    }
    expect(brief(twice)).toEqual([[13, 'raised', 'orange']]);
  });

  test('historical readings are no evidence', () => {
    const s = scene().at(3600);
    for (let minute = 0; minute <= 10; minute += 1) {
      s.put({
        ...sampleOf('t1', s.nowMs - 600_000 + minute * 60_000, { temperatureCelsius: minute * 20 }),
        historical: true,
      });
    }
    expect(s.verdicts).toEqual([]);
  });

  test('silence makes it unknown, clears nothing, and is no part of the window', () => {
    const only = { for: { devices: ['t2'] } };
    const s = minutes(scene(only), 0, 13, rising(10, 10), 't2').at(20 * 60);
    expect(s.open()).toMatchObject([{ condition: 'unknown', severity: 'orange' }]);
    // 10 minutes later it is 80 degrees hotter; that alone is no rate.
    minutes(s, 30, 33, () => 130, 't2');
    expect(s.open()).toMatchObject([{ condition: 'unknown' }]);
    minutes(s, 34, 38, () => 130, 't2');
    expect(s.open()).toHaveLength(1);
    expect(s.at(39 * 60).open()).toEqual([]);
    const quiet = minutes(scene(only), 0, 8, flat, 't2').at(15 * 60);
    expect(minutes(quiet, 15, 30, () => 80, 't2').story()).toEqual([]);
  });

  test('a clock set back begins the window anew', () => {
    const s = minutes(scene(), 60, 70, flat);
    for (let minute = 0; minute <= 3; minute += 1) {
      s.put(sampleOf('t1', s.nowMs - 3_600_000 + minute * 60_000, { temperatureCelsius: 20 + minute * 20 }));
    }
    expect(s.story()).toEqual([]);
    expect(conditionsOf(s.verdicts).at(-1)?.condition.phase).toBe('unknown');
  });

  test.each([8, 12, 13, 14])('a restart after minute %i loses nothing of the window', (minute) => {
    const earlier = minutes(scene(), 0, minute, rising(10, 10));
    const s = scene({}, { startSeconds: minute * 60 + 20, snapshot: earlier.save(), alarms: earlier.open() });
    minutes(s, minute + 1, 16, rising(10, 10));
    expect([...brief(earlier), ...brief(s)].filter(([, type]) => type !== 'changed')).toEqual([
      [13, 'raised', 'orange'],
      [14, 'escalated', 'red'],
    ]);
  });
});

test('limits are to be given where none are known', () => {
  const ok = (config: Record<string, unknown>) =>
    ruleSchema.safeParse({ id: 'r', kind: 'rate-of-change', ...config }).success;
  expect(ok({})).toBe(true);
  expect(ok({ direction: 'falling' })).toBe(false);
  expect(ok({ metric: 'humidityPercent' })).toBe(false);
  expect(ok({ metric: 'humidityPercent', perMinute: { yellow: 5 } })).toBe(true);
  expect(ok({ perMinute: { yellow: 5, orange: 5 } })).toBe(false);
});

test('says what is on its way, and what eases', () => {
  const s = minutes(scene({ holdSeconds: 90 }), 0, 16, rising(6, 10));
  const codes = () => conditionsOf(s.verdicts).map(({ condition }) => condition.reason.code);
  expect(codes()).toEqual(['rate-normal', 'rising-fast-soon', 'rising-fast']);
  minutes(s, 17, 19, () => 56);
  expect(codes().at(-1)).toBe('rising-fast-easing');
});

test('a reading that is no number is none', () => {
  const s = minutes(scene(), 0, 13, rising(10, 10));
  const told = s.verdicts.length;
  s.sample('t1', { temperatureCelsius: Number.NaN }).sample('t1', { temperatureCelsius: Number.POSITIVE_INFINITY });
  s.at(13 * 60 + 1).sample('t1', { temperatureCelsius: Number.NaN });
  expect(s.verdicts).toHaveLength(told);
  expect(JSON.stringify(s.save().subjects)).not.toContain('null,null');
  expect(minutes(s, 14, 14, rising(10, 10)).open()).toMatchObject([{ severity: 'red', value: 10 }]);
});
