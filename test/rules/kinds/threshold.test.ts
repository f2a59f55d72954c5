import { describe, expect, test } from 'vitest';
import { METRIC_NAMES } from '../../../ingest/model/metrics.ts';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { reasonText } from '../../../rules/texts/reasons.ts';
import { conditionsOf, device, rule, sampleOf, stage, venueOf } from '../stage.ts';

const venue = venueOf([
  device('t1', { role: undefined, profile: 'climate', reports: undefined }),
  device('t2', { role: undefined, profile: 'climate', reports: { everySeconds: 60 } }),
]);
const HEAT = {
  id: 'heat',
  kind: 'threshold',
  metric: 'temperatureCelsius',
  above: { yellow: 35, orange: 40, red: 60 },
};
const scene = (config: Record<string, unknown> = {}) => stage({ venue, rules: [rule({ ...HEAT, ...config }, venue)] });
const celsius = (temperatureCelsius: number) => ({ temperatureCelsius });

const issues = (config: Record<string, unknown>): string[] => {
  const result = ruleSchema.safeParse({ ...HEAT, ...config });
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('threshold', () => {
  test('without delays it speaks at once: raised, escalated, down, over', () => {
    const s = scene().at(1).sample('t1', celsius(20)).at(2).sample('t1', celsius(41));
    s.at(3).sample('t1', celsius(60)).at(4).sample('t1', celsius(36)).at(5).sample('t1', celsius(34));
    expect(s.story()).toEqual([
      [2, 'raised', 't1', 'orange'],
      [3, 'escalated', 't1', 'red'],
      [4, 'changed', 't1', 'yellow'],
      [5, 'cleared', 't1', 'yellow'],
      [5, 'closed', 't1', 'yellow'],
    ]);
  });

  test('the hold counts from the first sample at the limit; one value holds until the next', () => {
    const s = scene({ holdSeconds: 30, clearSeconds: 20 }).at(0).sample('t1', celsius(45)).at(29.999);
    expect(s.story()).toEqual([]);
    s.at(31).sample('t1', celsius(20)).at(100);
    expect(s.story().map(([at, type]) => [at, type])).toEqual([
      [30, 'raised'],
      [31, 'changed'],
      [51, 'cleared'],
      [51, 'closed'],
    ]);
  });

  test('below and above in one rule, judged apart', () => {
    const s = scene({ below: { yellow: 5, orange: 0 } })
      .at(1)
      .sample('t1', celsius(-1))
      .at(2)
      .sample('t1', celsius(70));
    s.at(3).sample('t1', celsius(5));
    expect(s.story().map(([at, type, , severity]) => [at, type, severity])).toEqual([
      [1, 'raised', 'orange'],
      [2, 'escalated', 'red'],
      [3, 'changed', 'yellow'],
    ]);
    expect(s.open()[0]?.reason.zh).toBe('温度 5 °C，低于限值 5');
  });

  test('from above to below with a hold: over, and only then the other', () => {
    const s = scene({ below: { red: 0 }, holdSeconds: 10 })
      .at(0)
      .sample('t1', celsius(45));
    s.at(20).sample('t1', celsius(-3)).at(25).sample('t1', celsius(-4)).at(60);
    expect(s.story().map(([at, type, , severity]) => [at, type, severity])).toEqual([
      [10, 'raised', 'orange'],
      [20, 'cleared', 'orange'],
      [20, 'closed', 'orange'],
      [30, 'raised', 'red'],
    ]);
    expect(s.open()[0]?.value).toBe(-4);
  });

  test('of two sides at once the graver one is told', () => {
    const s = scene({ below: { red: 0 }, clearSeconds: 20 })
      .at(1)
      .sample('t1', celsius(45))
      .at(2)
      .sample('t1', celsius(-1));
    expect(s.open()[0]).toMatchObject({ severity: 'red', reason: { code: 'below-limit' } });
    s.at(3).sample('t1', celsius(30)).at(22);
    expect(s.open()[0]).toMatchObject({ severity: 'red', reason: { code: 'below-limit-easing' } });
    expect(s.at(23).open()).toEqual([]);
  });

  test('says pending with the severity to come', () => {
    const s = scene({ holdSeconds: 30 }).at(1).sample('t1', celsius(61.234));
    const last = conditionsOf(s.verdicts).at(-1)?.condition;
    expect(last).toMatchObject({ phase: 'pending', severity: 'red', value: 61.2, unit: '°C', limit: 60 });
    expect(last && reasonText(last.reason)).toEqual({
      zh: '温度 61.2 °C，已达限值 60，持续 30 秒 将报警',
      en: 'temperature 61.2 °C, at the limit of 60: alarm if it lasts 30 s',
    });
  });

  test('an active value is told again only when it moved by a sensible step', () => {
    const s = scene().at(1).sample('t1', celsius(41));
    for (let second = 2; second <= 20; second += 1) s.at(second).sample('t1', celsius(41 + second / 20));
    expect(s.events).toHaveLength(1);
    s.at(21).sample('t1', celsius(42.3));
    expect(s.events.at(-1)).toMatchObject({ type: 'changed', alarm: { value: 42.3, limit: 40 } });
  });

  test('a level that stands though the value is back says so', () => {
    const s = scene({ deadband: 5 }).at(1).sample('t1', celsius(41)).at(2).sample('t1', celsius(35.5));
    expect(s.open()[0]).toMatchObject({
      severity: 'orange',
      reason: { en: 'temperature 35.5 °C, coming back within the limit of 40' },
    });
  });

  test('silence makes it unknown, never clears, and the hold goes on with the next sample', () => {
    const s = scene({ for: { devices: ['t2'] }, holdSeconds: 300 })
      .at(0)
      .sample('t2', celsius(45))
      .at(1000);
    expect(s.story()).toEqual([]);
    expect(conditionsOf(s.verdicts).at(-1)?.condition.phase).toBe('unknown');
    s.sample('t2', celsius(45)).at(1060).sample('t2', celsius(45)).at(1119.999).sample('t2', celsius(45));
    expect(s.story()).toEqual([]);
    s.at(1121);
    expect(s.story()).toEqual([[1120, 'raised', 't2', 'orange']]);
  });

  test('quiet: the same state object for every subject, nothing said', () => {
    const heat = rule(HEAT, venue);
    const t1 = device('t1');
    const subject = { id: 't1', device: t1, channel: '' };
    const first = heat.step(heat.start(), sampleOf('t1', 1, celsius(20)), subject);
    expect(first.condition?.phase).toBe('normal');
    expect(heat.step(first.state, sampleOf('t1', 2, celsius(21)), subject)).toEqual({ state: first.state });
    expect(heat.step(heat.start(), sampleOf('t1', 1, celsius(22)), subject).state).toBe(first.state);
    for (const metrics of [{}, celsius(Number.NaN), { humidityPercent: 99 }]) {
      expect(heat.step(first.state, sampleOf('t1', 3, metrics), subject).state).toBe(first.state);
    }
    const restored = JSON.parse(JSON.stringify(first.state));
    expect(heat.step(restored, sampleOf('t1', 4, celsius(20)), subject).state).toBe(first.state);
  });

  test('refuses limits that make no sense, and says what would', () => {
    expect(issues({ above: undefined })).toEqual(['above: give limits under above, below or both']);
    expect(issues({ above: {} })).toEqual(['above: give at least one of blue, yellow, orange, red']);
    expect(issues({ above: { yellow: 40, red: 40 } })).toEqual([
      'above: the limits must rise: blue, yellow, orange, red',
    ]);
    expect(issues({ below: { yellow: 0, red: 5 } })).toEqual([
      'below: the limits must fall: blue, yellow, orange, red',
    ]);
    expect(issues({ below: { yellow: 36 } })).toEqual([
      'below: every limit of below must be under every limit of above',
    ]);
    expect(issues({ metric: 'temperature' })).toHaveLength(1);
    expect(issues({ below: { yellow: 5 } })).toEqual([]);
  });

  test('every metric has a sentence in both languages', () => {
    for (const metric of METRIC_NAMES) {
      const { zh, en } = reasonText({ code: 'above-limit', params: { metric, value: 1, limit: 1 } });
      expect(zh).toMatch(/ 1.*，超过限值 1$/);
      expect(en).toMatch(/ 1.*, above the limit of 1$/);
    }
  });
});
