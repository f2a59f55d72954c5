import { describe, expect, test } from 'vitest';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { conditionsOf, device, rule, type Stage, sampleOf, stage, venueOf } from '../stage.ts';

const venue = venueOf([
  device('t1', { role: undefined, profile: 'climate', reports: undefined }),
  device('t2', { role: undefined, profile: 'climate', reports: { everySeconds: 60 } }),
]);
const STRAIN = { id: 'strain', kind: 'heat-index', for: { devices: ['t1'] } };
const scene = (config: Record<string, unknown> = {}, options: Partial<Parameters<typeof stage>[0]> = {}) =>
  stage({ venue, rules: [rule({ ...STRAIN, ...config }, venue)], ...options });
const air = (temperatureCelsius: number, humidityPercent: number): Metrics => ({ temperatureCelsius, humidityPercent });
/** 35 °C: at 60 % a heat index of 45.0 °C, at 40 % of 37.2, at 39 % of 36.9, at 41 % of 37.5. */
const DANGER = air(35, 60);
const CAUTION = air(35, 40);
const MILD = air(24, 50);
const last = (s: Stage) => conditionsOf(s.verdicts).at(-1)?.condition;
const brief = (s: Stage) => s.story().map(([at, type, , severity]) => [at, type, severity]);

describe('heat index', () => {
  test('at a level for five minutes, not a millisecond less', () => {
    const s = scene().at(0).sample('t1', CAUTION).at(299.999);
    expect(s.story()).toEqual([]);
    s.at(300);
    expect(s.open()).toMatchObject([
      { severity: 'yellow', value: 37.2, unit: '°C', limit: 32.2, reason: { code: 'heat' } },
    ]);
    s.at(400).sample('t1', DANGER).at(700);
    expect(brief(s).at(-1)).toEqual([700, 'escalated', 'orange']);
  });

  test('temperature and humidity may come one by one', () => {
    const s = scene().at(0).sample('t1', { temperatureCelsius: 35 }).at(60);
    expect(s.verdicts).toEqual([]);
    s.sample('t1', { humidityPercent: 60 }).at(360);
    expect(brief(s)).toEqual([[360, 'raised', 'orange']]);
  });

  test('one of them stale makes it unknown, clears nothing and stops the time', () => {
    const s = scene({ staleSeconds: 600 }).at(0).sample('t1', DANGER).at(300);
    for (let at = 360; at < 600; at += 60) s.at(at).sample('t1', { temperatureCelsius: 24 });
    s.at(599.999);
    expect(last(s)).toMatchObject({ phase: 'active' });
    s.at(600);
    expect(last(s)).toMatchObject({
      phase: 'unknown',
      reason: { code: 'heat-stale', params: { what: 'humidity', seconds: 600 } },
    });
    for (let at = 660; at < 3000; at += 60) s.at(at).sample('t1', { temperatureCelsius: 20 });
    expect(s.open()).toMatchObject([{ condition: 'unknown' }]);
    s.at(3000).sample('t1', { humidityPercent: 40 });
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
    s.at(3500).sample('t1', MILD).at(3600);
    expect(s.open()).toEqual([]);
  });

  test('on its way to a level when it becomes stale it begins anew', () => {
    const s = scene({ staleSeconds: 200 })
      .at(0)
      .sample('t1', DANGER)
      .at(250)
      .sample('t1', DANGER)
      .at(400)
      .sample('t1', DANGER);
    expect(s.at(549.999).story()).toEqual([]);
    expect(s.at(550).story()).toHaveLength(1);
  });

  test('clears by the deadband, after ten minutes', () => {
    const s = scene({ celsius: { yellow: 37.4 } })
      .at(0)
      .sample('t1', air(35, 41))
      .at(300)
      .sample('t1', air(35, 39))
      .at(800);
    s.sample('t1', air(35, 39)).at(1500).sample('t1', air(35, 39));
    expect(s.open()).toMatchObject([{ reason: { code: 'heat-easing' } }]);
    s.at(1600).sample('t1', MILD).at(2199.999);
    expect(s.open()).toHaveLength(1);
    expect(s.at(2200).open()).toEqual([]);
  });

  test('just under a level is nothing', () => {
    expect(
      scene({ celsius: { yellow: 37.4 } })
        .at(0)
        .sample('t1', CAUTION)
        .at(800)
        .story(),
    ).toEqual([]);
  });

  test('a silent device: unknown, and what it said before no longer counts', () => {
    const s = scene({ for: { devices: ['t2'] } })
      .at(0)
      .sample('t2', DANGER);
    for (let at = 60; at <= 360; at += 60) s.at(at).sample('t2', DANGER);
    s.at(1000);
    expect(s.open()).toMatchObject([{ condition: 'unknown', reason: { code: 'no-data' } }]);
    expect(last(s)).toMatchObject({ phase: 'unknown', severity: 'orange' });
    s.sample('t2', { temperatureCelsius: 10 }).at(1060).sample('t2', { temperatureCelsius: 10 });
    expect(s.open()).toMatchObject([{ condition: 'unknown' }]);
    s.at(1120).sample('t2', air(10, 60));
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
  });

  test('duplicates and what comes late change nothing', () => {
    const s = scene().at(0).sample('t1', DANGER).sample('t1', DANGER);
    s.put({ ...sampleOf('t1', s.nowMs - 600_000, MILD), historical: true });
    expect(s.at(299.999).story()).toEqual([]);
    expect(s.at(300).story()).toHaveLength(1);
  });

  test.each([100, 400, 1100])('a restart at second %i loses nothing', (until) => {
    const moments: readonly (readonly [number, Metrics])[] = [
      [0, DANGER],
      [600, MILD],
      [1000, MILD],
    ];
    const play = (s: Stage, from: number, to: number) => {
      for (const [at, metrics] of moments) if (at >= from && at < to) s.at(at).sample('t1', metrics);
      return s.at(to);
    };
    const first = play(scene(), 0, until);
    const second = play(scene({}, { startSeconds: until, snapshot: first.save(), alarms: first.open() }), until, 1300);
    expect([...brief(first), ...brief(second)].filter(([, type]) => type !== 'changed')).toEqual([
      [300, 'raised', 'orange'],
      [1200, 'cleared', 'orange'],
      [1200, 'closed', 'orange'],
    ]);
  });
});

test('limits rise', () => {
  const ok = (celsius: unknown) => ruleSchema.safeParse({ id: 'h', kind: 'heat-index', celsius }).success;
  expect([ok({ yellow: 30, red: 40 }), ok({ yellow: 30, red: 30 }), ok({})]).toEqual([true, false, false]);
});

describe('what is said of the heat', () => {
  const codes = (s: Stage) => conditionsOf(s.verdicts).map(({ condition }) => condition.reason.code);

  test('the air that it is reckoned from, on its way and reached', () => {
    const s = scene().at(0).sample('t1', DANGER);
    expect(last(s)).toMatchObject({ phase: 'pending', reason: { code: 'heat-rising', params: { seconds: 300 } } });
    s.at(300);
    expect(s.open()[0]?.reason.en).toBe('heat index 45.1 °C (35 °C at 60 %), above the limit of 39.4');
    expect(codes(s)).toEqual(['heat-rising', 'heat']);
  });

  test('the same air again is the same alarm; half a degree more is told', () => {
    const s = scene().at(0).sample('t1', air(35, 60)).at(300);
    s.sample('t1', air(35, 60.5)).sample('t1', air(35, 60));
    expect(codes(s)).toHaveLength(2);
    s.sample('t1', air(35, 63));
    expect(codes(s)).toEqual(['heat-rising', 'heat', 'heat']);
  });

  test('which of both is stale: the older, of equally old ones the temperature', () => {
    const s = scene({ staleSeconds: 600 }).at(0).sample('t1', DANGER).at(600);
    expect(last(s)).toMatchObject({ phase: 'unknown', reason: { params: { what: 'temperature', seconds: 600 } } });
    const humid = scene({ staleSeconds: 600 }).at(0).sample('t1', DANGER).at(1).sample('t1', { humidityPercent: 60 });
    expect(last(humid.at(600))?.reason.params).toEqual({ what: 'temperature', seconds: 600 });
  });

  test('nothing is known of air that is stale when its other half comes', () => {
    const s = scene({ staleSeconds: 600 }).at(0).sample('t1', { temperatureCelsius: 35 });
    s.at(600).sample('t1', { humidityPercent: 60 });
    expect(s.verdicts).toEqual([]);
    s.sample('t1', { temperatureCelsius: 35 });
    expect(last(s)?.phase).toBe('pending');
  });
});
