import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MEASURES } from '../../../rules/box/figures.ts';
import { ruleSchema, withOwnHealth } from '../../../rules/kinds/index.ts';
import { conditionsOf, rule, type Stage, stage, venueOf } from '../stage.ts';

const venue = venueOf([]);
const box = (extra: object = {}) => rule({ id: 'gateway', kind: 'gateway-health', latching: false, ...extra }, venue);
const scene = (extra: object = {}): Stage => stage({ venue, rules: [box(extra)] });
const tell = (s: Stage, measure: string, value: number | undefined, part = ''): Stage =>
  s.put({ type: 'figure', nowMs: s.nowMs, measure, part, value });
/** The same value each second, from `from` until before `until`. */
const hold = (s: Stage, from: number, until: number, measure: string, value: number | undefined, part = ''): Stage => {
  for (let at = from; at < until; at += 1) tell(s.at(at), measure, value, part);
  return s.at(until);
};

describe('gateway-health', () => {
  test('a lag is an alarm exactly after the hold, and says how late', () => {
    const s = hold(scene(), 0, 9.999, 'loopLagMilliseconds', 1200);
    expect(s.story()).toEqual([]);
    expect(s.at(10).story()).toEqual([[10, 'raised', 'loopLagMilliseconds', 'yellow']]);
    expect(s.open()[0]).toMatchObject({
      kind: 'gateway-health',
      value: 1200,
      unit: 'ms',
      limit: 1000,
      reason: { zh: '网关主循环滞后 1200 毫秒，报警会晚到' },
    });
    hold(s, 10, 30, 'loopLagMilliseconds', 4000);
    expect(s.story().at(-1)).toEqual([20, 'escalated', 'loopLagMilliseconds', 'orange']);
  });

  test('just under the limit, or with a break, it says nothing', () => {
    expect(hold(scene(), 0, 60, 'loopLagMilliseconds', 999).story()).toEqual([]);
    const broken = hold(hold(scene(), 0, 9, 'loopLagMilliseconds', 2000), 9, 10, 'loopLagMilliseconds', 0);
    expect(hold(broken, 10, 19.999, 'loopLagMilliseconds', 2000).story()).toEqual([]);
    expect(broken.at(20).story()).toHaveLength(1);
  });

  test('free room falls: its limits fall too', () => {
    const s = hold(scene(), 0, 15, 'diskFreeMegabytes', 1024);
    expect(s.story()).toEqual([[10, 'raised', 'diskFreeMegabytes', 'yellow']]);
    hold(s, 15, 30, 'diskFreeMegabytes', 200);
    hold(s, 30, 45, 'diskFreeMegabytes', 10);
    expect(
      s
        .story()
        .filter(([, type]) => type === 'escalated')
        .map(([at, , , severity]) => [at, severity]),
    ).toEqual([
      [25, 'orange'],
      [40, 'red'],
    ]);
  });

  test('clears by more than the deadband, after the off-delay', () => {
    const s = hold(scene(), 0, 12, 'diskFreeMegabytes', 1000);
    // A tenth of the mildest number is the deadband: 6.4 MB of 64.
    hold(s, 12, 100, 'diskFreeMegabytes', 1030);
    expect(s.open()).toHaveLength(1);
    hold(s, 100, 200, 'diskFreeMegabytes', 1031);
    expect(s.story().slice(-2)).toEqual([
      [160, 'cleared', 'diskFreeMegabytes', 'yellow'],
      [160, 'closed', 'diskFreeMegabytes', 'yellow'],
    ]);
  });

  test('what cannot be measured is unknown: nothing is cleared, and nothing goes on in its name', () => {
    const s = hold(scene(), 0, 12, 'diskFreeMegabytes', 1000);
    hold(s, 12, 15, 'diskFreeMegabytes', 5000);
    hold(s, 15, 500, 'diskFreeMegabytes', undefined);
    expect(s.open()[0]).toMatchObject({ condition: 'unknown', reason: { code: 'box-unmeasured' } });
    hold(s, 500, 559.999, 'diskFreeMegabytes', 5000);
    expect(s.open()).toHaveLength(1);
    expect(s.at(560).open()).toEqual([]);

    const rising = hold(scene(), 0, 5, 'diskFreeMegabytes', 1000);
    hold(rising, 5, 100, 'diskFreeMegabytes', undefined);
    expect(rising.story()).toEqual([]);
    expect(hold(rising, 100, 111, 'diskFreeMegabytes', 1000).story()).toEqual([
      [110, 'raised', 'diskFreeMegabytes', 'yellow'],
    ]);
  });

  test('parts are apart: each sink and channel has its own alarm', () => {
    const s = scene();
    for (let at = 0; at <= 20; at += 1) {
      tell(s.at(at), 'noticeAgeSeconds', 100, 'phones');
      tell(s, 'noticeAgeSeconds', 1, 'group');
      tell(s, 'sinkDownSeconds', 500, 'influxdb');
    }
    expect(
      s
        .story()
        .filter(([, type]) => type === 'raised')
        .map(([, , subject]) => subject),
    ).toEqual(['noticeAgeSeconds:phones', 'sinkDownSeconds:influxdb']);
    expect(s.open()[0]?.reason.en).toBe('a notice has waited 100 s for channel phones');
  });

  test('a restart in every phase tells the same', () => {
    const values = [1200, 1200, 1200, 0, 1200, 0, 0, 0, 0, 0];
    const play = (restartAt: number) => {
      let s = scene();
      const told: unknown[] = [];
      for (let at = 0; at < 200; at += 1) {
        tell(s.at(at), 'loopLagMilliseconds', values[Math.floor(at / 20)]);
        if (at !== restartAt) continue;
        told.push(...s.story());
        s = stage({ venue, rules: [box()], startSeconds: at, snapshot: s.save(), alarms: s.open() });
      }
      return [...told, ...s.story()];
    };
    const whole = play(-1);
    expect(whole.length).toBeGreaterThan(2);
    for (const at of [3, 15, 65, 85, 110, 190]) expect(play(at)).toEqual(whole);
  });

  test('nobody is told of what is not measured here, nor of not-a-number as if it were good', () => {
    const s = scene().at(0);
    for (const measure of ['constructor', 'toString', 'temperatureCelsius']) tell(s, measure, 1e9);
    expect(s.verdicts).toEqual([]);
    tell(s, 'loopLagMilliseconds', Number.NaN);
    expect(conditionsOf(s.verdicts).map(({ condition }) => condition.phase)).toEqual(['unknown']);
  });

  test('what the parts of the gateway report has the severity that is configured', () => {
    const own = box({ sourceSeverity: 'red', deafZoneSeverity: 'blue' });
    const said = (code: string) =>
      own.reported?.({ phase: 'active', severity: 'yellow', reason: { code, params: {} } }).severity;
    expect(['source-lost', 'zone-deaf', 'receiver-deaf', 'store-failing', 'rule-fault', 'else'].map(said)).toEqual([
      'red',
      'blue',
      'yellow',
      'orange',
      'orange',
      'yellow',
    ]);
    const normal = { phase: 'normal', severity: undefined, reason: { code: 'source-heard', params: {} } } as const;
    expect(own.reported?.(normal)).toBe(normal);
  });

  test('is on where no rule says so, under a name that is free', () => {
    const parsed = (rules: object[]) => rules.map((each) => ruleSchema.parse(each));
    expect(withOwnHealth([]).map(({ id, kind }) => [id, kind])).toEqual([['gateway', 'gateway-health']]);
    expect(withOwnHealth(parsed([{ id: 'gateway', kind: 'sos' }])).map(({ id }) => id)).toEqual([
      'gateway',
      'gateway-health',
    ]);
    const own = parsed([{ id: 'box', kind: 'gateway-health' }]);
    expect(withOwnHealth(own)).toBe(own);
  });

  test('limits run the right way', () => {
    const message = (extra: object) =>
      ruleSchema.safeParse({ id: 'g', kind: 'gateway-health', ...extra }).error?.issues[0]?.message;
    expect(message({ diskFreeMegabytes: { yellow: 1, orange: 2 } })).toBe('the limits must fall: yellow, orange, red');
    expect(message({ loopLagMilliseconds: { yellow: 2, red: 1 } })).toBe('the limits must rise: yellow, orange, red');
    expect(message({ loopLagMilliseconds: {} })).toBeUndefined();
  });
});

test('whatever comes: unknown never ends an alarm, and a measure without limits says nothing', () => {
  const value = fc.option(fc.double({ min: 0, max: 5000, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(MEASURES)), fc.array(value, { maxLength: 40 }), (measure, values) => {
      const s = scene({ holdSeconds: 0, clearSeconds: 0 });
      const off = scene({ [measure]: {} });
      values.forEach((each, at) => {
        const before = s.open().length;
        tell(s.at(at), measure, each);
        if (each === undefined) expect(s.open()).toHaveLength(before);
        tell(off.at(at), measure, each);
      });
      expect(off.story()).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
