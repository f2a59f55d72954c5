import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import { conditionsOf, device, rule, type Stage, sampleOf, stage, venueOf } from '../stage.ts';

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
