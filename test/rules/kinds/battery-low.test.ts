import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import type { RuleState } from '../../../rules/rule.ts';
import { conditionsOf, device, occurrenceOf, rule, type Stage, sampleOf, stage, venueOf } from '../stage.ts';

const venue = venueOf([device('b1', { reports: undefined }), device('b2', { reports: { everySeconds: 30 } })]);
const LOW = { id: 'battery', kind: 'battery-low', for: { devices: ['b1'] } };
const scene = (config: Record<string, unknown> = {}, options: Partial<Parameters<typeof stage>[0]> = {}) =>
  stage({ venue, rules: [rule({ ...LOW, ...config }, venue)], ...options });
const percent = (batteryPercent: number): Metrics => ({ batteryPercent });
const volts = (batteryVolts: number): Metrics => ({ batteryVolts });
const brief = (s: Stage) => s.story().map(([at, type, , severity]) => [at, type, severity]);

describe('battery low', () => {
  test('at 10 % for five minutes blue, at 5 % yellow, not a millisecond before', () => {
    const s = scene().at(0).sample('b1', percent(10)).at(299.999);
    expect(s.story()).toEqual([]);
    s.at(300);
    expect(s.open()).toMatchObject([
      { severity: 'blue', value: 10, unit: '%', limit: 10, reason: { code: 'battery-low' } },
    ]);
    s.at(400).sample('b1', percent(5)).at(700);
    expect(brief(s)).toEqual([
      [300, 'raised', 'blue'],
      [400, 'changed', 'blue'],
      [700, 'escalated', 'yellow'],
    ]);
  });

  test('just above is nothing, and a sag that recovers is none either', () => {
    expect(scene().at(0).sample('b1', percent(10.1)).at(1000).story()).toEqual([]);
    expect(scene().at(0).sample('b1', percent(3)).at(200).sample('b1', percent(60)).at(1000).story()).toEqual([]);
  });

  test('a cell that recovers by resting does not flap; a changed one clears after a minute', () => {
    const s = scene().at(0).sample('b1', percent(9)).at(400).sample('b1', percent(14.9)).at(2000);
    expect(s.open()).toMatchObject([{ reason: { code: 'battery-recovering' } }]);
    s.sample('b1', percent(100)).at(2059.999);
    expect(s.open()).toHaveLength(1);
    expect(s.at(2060).open()).toEqual([]);
  });

  test('volts by the chemistry and the number of cells, instead of a gauge that guesses', () => {
    const cell = { chemistry: 'lithium-primary' };
    expect(
      scene(cell)
        .at(0)
        .sample('b1', { ...volts(2.51), ...percent(4) })
        .at(301)
        .story(),
    ).toEqual([]);
    const s = scene(cell).at(0).sample('b1', volts(2.5)).at(100).sample('b1', percent(90)).at(300);
    expect(s.open()).toMatchObject([{ severity: 'blue', value: 2.5, unit: 'V', limit: 2.5 }]);
    expect(scene({ chemistry: 'alkaline', cells: 3 }).at(0).sample('b1', volts(3.3)).at(300).story()).toHaveLength(1);
    expect(scene({ chemistry: 'alkaline', cells: 3 }).at(0).sample('b1', volts(3.31)).at(300).story()).toEqual([]);
  });

  test('volts of its own; without either, volts say nothing', () => {
    expect(
      scene({ volts: { yellow: 48 } })
        .at(0)
        .sample('b1', volts(48))
        .at(300)
        .open(),
    ).toMatchObject([{ severity: 'yellow' }]);
    expect(scene().at(0).sample('b1', volts(0.1)).at(300).verdicts).toEqual([]);
  });

  test('the device’s own warning, where it says nothing better', () => {
    const s = scene().at(0).sample('b1', { batteryLow: 1 }).at(300);
    expect(s.open()).toMatchObject([{ severity: 'blue', reason: { code: 'battery-says-low' } }]);
    expect(s.open()[0]).not.toHaveProperty('limit');
    expect(s.sample('b1', { batteryLow: 0 }).at(360).open()).toEqual([]);
    expect(scene().at(0).sample('b1', percent(80)).sample('b1', { batteryLow: 1 }).at(300).story()).toEqual([]);
  });

  test('charging it is not judged; after that the time begins anew', () => {
    const s = scene().at(0).sample('b1', percent(8)).at(300).sample('b1', { charging: 1 });
    expect(s.open()).toEqual([]);
    s.at(400).sample('b1', percent(8)).at(1000).sample('b1', { charging: 0 }).at(1100).sample('b1', percent(8));
    expect(s.at(1399.999).open()).toEqual([]);
    expect(s.at(1400).open()).toHaveLength(1);
  });

  test('silence stops the time and clears nothing', () => {
    const s = scene({ for: { devices: ['b2'] } })
      .at(0)
      .sample('b2', percent(8))
      .at(2000);
    expect(s.story()).toEqual([]);
    expect(conditionsOf(s.verdicts).at(-1)?.condition.phase).toBe('unknown');
    // 90 s were seen before the silence.
    for (let at = 2000; at < 2210; at += 30) s.at(at).sample('b2', percent(8));
    expect(s.at(2209.999).story()).toEqual([]);
    expect(s.at(2210).story()).toHaveLength(1);
    expect(s.at(9000).open()).toMatchObject([{ condition: 'unknown' }]);
  });

  test('duplicates, and what comes late, change nothing; a full battery costs no new state', () => {
    const s = scene().at(0).sample('b1', percent(80));
    const before = s.save().subjects;
    s.at(60).sample('b1', percent(79)).sample('b1', percent(79));
    s.put({ ...sampleOf('b1', s.nowMs - 500_000, percent(2)), historical: true }).at(1000);
    expect(s.save().subjects).toEqual(before);
  });

  test.each([100, 300, 650])('a restart at second %i loses nothing', (until) => {
    const moments = [
      [0, 8],
      [600, 90],
    ] as const;
    const play = (s: Stage, from: number, to: number) => {
      for (const [at, value] of moments) if (at >= from && at < to) s.at(at).sample('b1', percent(value));
      return s.at(to);
    };
    const first = play(scene(), 0, until);
    const second = play(scene({}, { startSeconds: until, snapshot: first.save(), alarms: first.open() }), until, 700);
    expect([...brief(first), ...brief(second)].filter(([, type]) => type !== 'changed')).toEqual([
      [300, 'raised', 'blue'],
      [660, 'cleared', 'blue'],
      [660, 'closed', 'blue'],
    ]);
  });
});

describe('what is said of a battery', () => {
  const codes = (s: Stage) => conditionsOf(s.verdicts).map(({ condition }) => condition.reason.code);

  test('on its way, low, and again when it has changed by a percent or a tenth of a volt', () => {
    const s = scene().at(0).sample('b1', percent(9));
    expect(codes(s)).toEqual(['battery-falling']);
    s.at(300).sample('b1', percent(8.01));
    expect(codes(s)).toEqual(['battery-falling', 'battery-low']);
    s.sample('b1', percent(8));
    expect(s.open()[0]).toMatchObject({ value: 8, reason: { en: 'battery low: 8 % (limit 10)' } });
    expect(codes(s)).toHaveLength(3);
    const cell = scene({ volts: { blue: 3 } })
      .at(0)
      .sample('b1', volts(2.75))
      .at(300)
      .sample('b1', volts(2.7));
    expect(codes(cell)).toHaveLength(2);
    cell.sample('b1', volts(2.5));
    expect(cell.open()[0]?.reason.en).toBe('battery low: 2.5 V (limit 3)');
  });

  test('the device’s own warning has no figures', () => {
    const s = scene().at(0).sample('b1', { batteryLow: 1 }).at(300);
    expect(conditionsOf(s.verdicts).map(({ condition: { phase, reason } }) => [phase, reason])).toEqual([
      ['pending', { code: 'battery-says-low', params: {} }],
      ['active', { code: 'battery-says-low', params: {} }],
    ]);
    s.sample('b1', { batteryLow: 0 }).at(400);
    expect(conditionsOf(s.verdicts).at(-1)?.condition.reason).toEqual({ code: 'battery-fine', params: {} });
  });

  test('yellow by the volts of the chemistry, cell by cell', () => {
    const s = scene({ chemistry: 'alkaline', cells: 2 }).at(0).sample('b1', volts(2)).at(300);
    expect(s.open()).toMatchObject([{ severity: 'yellow', limit: 2 }]);
    expect(scene({ chemistry: 'alkaline', cells: 2 }).at(0).sample('b1', volts(2.01)).at(300).open()).toMatchObject([
      { severity: 'blue', limit: 2.2 },
    ]);
  });

  test('a silent device keeps the severity of what is not known any more', () => {
    const s = scene({ for: { devices: ['b2'] } });
    for (let at = 0; at <= 300; at += 30) s.at(at).sample('b2', percent(8));
    expect(s.at(600).open()).toMatchObject([{ condition: 'unknown', severity: 'blue' }]);
  });

  test('a charger that is left with a low battery', () => {
    const s = scene().at(0).sample('b1', { charging: 1 }).at(60);
    s.sample('b1', { charging: 0, ...percent(8) })
      .at(100)
      .sample('b1', percent(8));
    expect(s.at(359.999).story()).toEqual([]);
    expect(s.at(360).story()).toHaveLength(1);
  });

  test('limits of one level are one: equal ones are refused', () => {
    const ok = (config: Record<string, unknown>) => ruleSchema.safeParse({ ...LOW, ...config }).success;
    expect(ok({ percent: { blue: 10, yellow: 10 } })).toBe(false);
    expect(ok({ percent: { blue: 10, yellow: 9.9 } })).toBe(true);
    expect(ok({ percent: {} })).toBe(false);
  });
});

describe('step by step', () => {
  const low = rule({ ...LOW, chemistry: 'lithium-primary' }, venue);
  const b1 = device('b1');
  const subject = { id: 'b1', device: b1, channel: '' };
  const on = (state: RuleState, nowMs: number, metrics: Metrics) =>
    low.step(state, sampleOf('b1', nowMs, metrics), subject);

  test('the same value again, and what is no value, are the same state', () => {
    const falling = on(low.start(), 0, volts(2.4)).state;
    const again = on(falling, 1000, volts(2.4));
    expect(again).toEqual({ state: falling, wakeAtMs: 300_000 });
    expect(again.state).toBe(falling);
    expect(on(falling, 1000, volts(2.3)).state).not.toBe(falling);
    expect(low.step(falling, occurrenceOf('b1', 'button', 400_000), subject)).toEqual({ state: falling });
    const full = on(low.start(), 0, volts(3)).state;
    expect(on(full, 1000, volts(2.9)).state).toBe(full);
  });

  test('limits to be drawn, of the devices that it concerns', () => {
    const { limitsOf } = low;
    const blue = { severity: 'blue', direction: 'below' };
    expect(limitsOf?.(b1, '', 'batteryPercent')).toMatchObject([{ ...blue, limit: 10 }, { limit: 5 }]);
    expect(limitsOf?.(b1, '', 'batteryVolts')).toMatchObject([{ ...blue, limit: 2.5 }, { limit: 2.2 }]);
    expect(limitsOf?.(b1, '', 'temperatureCelsius')).toEqual([]);
    expect(limitsOf?.(b1, 'a', 'batteryPercent')).toEqual([]);
    expect(limitsOf?.(device('b2'), '', 'batteryPercent')).toEqual([]);
  });
});
