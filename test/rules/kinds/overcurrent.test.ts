import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import {
  CURVES,
  type CurveSetting,
  fullAtMs,
  type Integral,
  nextIntegral,
  operatingMs,
  sumAt,
} from '../../../rules/power/inverse-time.ts';
import { reasonText } from '../../../rules/texts/reasons.ts';
import { conditionsOf, device, rule, sampleOf, stage, venueOf } from '../stage.ts';

const clamp = device('c1', { role: undefined, profile: 'current-clamp', reports: undefined, ratedAmps: { '': 32 } });
const venue = venueOf([
  clamp,
  device('c2', {
    role: undefined,
    profile: 'current-clamp',
    reports: { everySeconds: 2 },
    ratedAmps: { a: 10, b: 20 },
  }),
  device('c3', { role: undefined, profile: 'plug', reports: undefined }),
]);
const config = { id: 'load', kind: 'overcurrent' };
const scene = (extra: Record<string, unknown> = {}) => stage({ venue, rules: [rule({ ...config, ...extra }, venue)] });
const times = (multiple: number) => ({ currentAmps: 32 * multiple });

/** `[seconds, type, severity]`, without the changes of the value alone. */
const brief = (s: ReturnType<typeof scene>) =>
  s
    .story()
    .filter(([, type]) => type !== 'changed')
    .map(([at, type, , severity]) => [at, type, severity]);

const setting = (curve: CurveSetting['curve'], timeMultiplier = 1): CurveSetting => ({
  curve,
  timeMultiplier,
  definiteMs: 10_000,
  reset: 'time',
  resetMs: 60_000,
});

describe('inverse-time curves of IEC 60255-151', () => {
  // Operating seconds at 1.5, 2, 5 and 10 times the setting, time multiplier 1.
  test.each([
    ['NI', [17.19, 10.03, 4.28, 2.97]],
    ['VI', [27, 13.5, 3.375, 1.5]],
    ['EI', [64, 26.67, 3.333, 0.808]],
    ['LTI', [240, 120, 30, 13.33]],
  ] as const)('%s', (curve, expected) => {
    expected.forEach((seconds, index) => {
      const multiple = [1.5, 2, 5, 10][index] ?? 0;
      expect(operatingMs(setting(curve), multiple) / 1000).toBeCloseTo(seconds, seconds > 5 ? 1.9 : 2.9);
      expect(operatingMs(setting(curve, 0.5), multiple) / 1000).toBeCloseTo(seconds / 2, 1.9);
    });
    expect(operatingMs(setting(curve), 1)).toBe(Infinity);
    expect(operatingMs(setting(curve), 0.5)).toBe(Infinity);
  });

  test('the integral is the sum of the shares of each current, whatever its order', () => {
    const multiples = fc.double({ min: 1.01, max: 30, noNaN: true });
    const steps = fc.array(fc.tuple(multiples, fc.integer({ min: 1, max: 2_000 })), { maxLength: 30 });
    fc.assert(
      fc.property(fc.constantFrom(...CURVES), steps, (curve, currents) => {
        let integral: Integral | null = null;
        let nowMs = 0;
        let exact = 0;
        for (const [multiple, forMs] of currents) {
          integral = nextIntegral(setting(curve), integral, multiple, nowMs);
          nowMs += forMs;
          exact += forMs / operatingMs(setting(curve), multiple);
        }
        if (integral === null) return;
        expect(sumAt(setting(curve), integral, nowMs)).toBeCloseTo(Math.min(1, exact), 3);
      }),
    );
  });

  test('more samples of the same current change nothing, not even by rounding', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CURVES),
        fc.double({ min: 1.0001, max: 100, noNaN: true }),
        fc.array(fc.integer({ min: 0, max: 1_000_000 })),
        (curve, multiple, more) => {
          const first = nextIntegral(setting(curve), null, multiple, 1_000);
          if (first === null) throw new Error('nothing on the way');
          const fullMs = fullAtMs(setting(curve), first) ?? Infinity;
          for (const atMs of more.sort((a, b) => a - b)) {
            expect(nextIntegral(setting(curve), first, multiple, 1_000 + atMs)).toBe(first);
          }
          expect(sumAt(setting(curve), first, fullMs)).toBe(1);
          expect(sumAt(setting(curve), first, fullMs - 2)).toBeLessThan(1);
        },
      ),
    );
  });

  test('decays in a straight line below the setting, stays at it, and is gone after the reset time', () => {
    const half = nextIntegral(setting('VI'), { sum: 0.5, multiple: 2, atMs: 0 }, 0.7, 0);
    expect(half).toEqual({ sum: 0.5, multiple: 0, atMs: 0 });
    if (half === null) throw new Error('gone too early');
    expect(sumAt(setting('VI'), half, 15_000)).toBeCloseTo(0.25, 9);
    expect(nextIntegral(setting('VI'), half, 0.6, 15_000)).toBe(half);
    expect(nextIntegral(setting('VI'), half, 0.6, 30_000)).toBeNull();
    expect(sumAt(setting('VI'), { sum: 0.5, multiple: 1, atMs: 0 }, 1e9)).toBe(0.5);
    expect(sumAt({ ...setting('VI'), resetMs: 0 }, half, 0)).toBe(0);
  });
});

describe('overcurrent', () => {
  test('twice the rating: orange after the hold, red exactly when the curve has run out', () => {
    const s = scene().at(0).sample('c1', times(2)).at(60);
    expect(brief(s)).toEqual([
      [5, 'raised', 'orange'],
      [13.5, 'escalated', 'red'],
    ]);
    expect(s.events[0]?.alarm).toMatchObject({ value: 64, unit: 'A', limit: 32 });
    expect(s.events[0]?.alarm.reason).toMatchObject({
      code: 'overload',
      zh: '电流 64 A，为额定 32 A 的 200 %，过载，约 9 秒后跳闸（VI）',
      en: '64 A, 200 % of the rated 32 A, overloaded: trips in about 9 s (VI)',
    });
    expect(s.events[1]?.alarm.reason.code).toBe('overload-trip');
  });

  test('the crossing does not depend on how often the same current is reported', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 26_999 }), { maxLength: 20 }), (more) => {
        const s = scene().at(0).sample('c1', times(1.5));
        for (const atMs of more.sort((a, b) => a - b)) s.at(atMs / 1000).sample('c1', times(1.5));
        expect(brief(s.at(60))).toEqual([
          [5, 'raised', 'orange'],
          [27, 'escalated', 'red'],
        ]);
      }),
      { numRuns: 30 },
    );
  });

  test('changing currents add up their shares', () => {
    // 9 s at 1.5 x are a third of 27 s; the rest runs at 5 x: two thirds of 3.375 s.
    const s = scene().at(0).sample('c1', times(1.5)).at(9).sample('c1', times(5)).at(60);
    expect(brief(s).at(-1)).toEqual([11.25, 'escalated', 'red']);
  });

  test('an inrush of six times, shorter than the curve allows, stays silent with reports every 2 s', () => {
    const s = scene();
    for (let second = 0; second <= 60; second += 2) s.at(second).sample('c1', times(second === 20 ? 6 : 0.5));
    expect(s.at(120).story()).toEqual([]);
  });

  test('an inrush above the instantaneous multiple in one sample is not red, a second sample is', () => {
    const slow = { curve: 'LTI' };
    const once = scene(slow).at(0).sample('c1', times(9)).at(2).sample('c1', times(0.5)).at(100);
    expect(once.story()).toEqual([]);
    // Nor when time passes and another level is due: LTI at 9 x takes 15 s.
    const held = scene(slow).at(0).sample('c1', times(9)).at(20);
    expect(brief(held)).toEqual([
      [5, 'raised', 'orange'],
      [15, 'escalated', 'red'],
    ]);
    const twice = scene(slow).at(0).sample('c1', times(9)).at(2).sample('c1', times(9));
    expect(brief(twice)).toEqual([[2, 'raised', 'red']]);
    expect(twice.open()[0]?.reason.code).toBe('overload-instantaneous');
    const tooSoon = scene(slow).at(0).sample('c1', times(9)).at(0.1).sample('c1', times(9));
    expect(tooSoon.story()).toEqual([]);
  });

  test('80 % for three hours is yellow, not a second earlier; a pause starts it again', () => {
    const s = scene().at(0).sample('c1', times(0.8)).at(10_799.999);
    expect(s.story()).toEqual([]);
    expect(brief(s.at(10_800))).toEqual([[10_800, 'raised', 'yellow']]);
    expect(s.open()[0]?.reason.zh).toBe('电流 25.6 A，为额定 32 A 的 80 %，已持续超过 3 小时');
    const paused = scene().at(0).sample('c1', times(0.9)).at(5000).sample('c1', times(0.7)).at(5002);
    expect(paused.sample('c1', times(0.9)).at(15_801).story()).toEqual([]);
    expect(brief(paused.at(20_000))).toEqual([[15_802, 'raised', 'yellow']]);
  });

  test('clears under the deadband after the off-delay; back above within it and it stays', () => {
    const s = scene().at(0).sample('c1', times(1.2)).at(10).sample('c1', times(0.96)).at(100);
    expect(brief(s)).toEqual([[5, 'raised', 'orange']]);
    s.sample('c1', times(0.5)).at(129).sample('c1', times(0.97)).at(200).sample('c1', times(0.5)).at(300);
    expect(brief(s).slice(1)).toEqual([
      [230, 'cleared', 'orange'],
      [230, 'closed', 'orange'],
    ]);
  });

  test('after orange ends at a load that is merely continuous, the alarm is over and yellow comes in its time', () => {
    const s = scene().at(0).sample('c1', times(1.1)).at(10).sample('c1', times(0.9)).at(50).sample('c1', times(0.91));
    expect(brief(s)).toEqual([
      [5, 'raised', 'orange'],
      [40, 'cleared', 'orange'],
      [40, 'closed', 'orange'],
    ]);
    expect(conditionsOf(s.verdicts).at(-1)?.condition).toMatchObject({ phase: 'pending', severity: 'yellow' });
    expect(brief(s.at(11_000)).at(-1)).toEqual([10_800, 'raised', 'yellow']);
  });

  test('red stays until the current is back, then ends; what has heated up trips sooner', () => {
    const s = scene().at(0).sample('c1', times(2)).at(20).sample('c1', times(0.5)).at(100);
    expect(brief(s).slice(2)).toEqual([
      [50, 'cleared', 'red'],
      [50, 'closed', 'red'],
    ]);
    // Half of the integral is left 30 s after a trip: half of 13.5 s to the next.
    const again = scene({ clearSeconds: 0 }).at(0).sample('c1', times(2)).at(13.5).sample('c1', times(0.5));
    again.at(43.5).sample('c1', times(2)).at(100);
    expect(brief(again).at(-1)).toEqual([50.25, 'escalated', 'red']);
  });

  test('red before the orange hold is over, and kept for the off-delay', () => {
    const s = scene().at(0).sample('c1', times(7)).at(3).sample('c1', times(0.2)).at(60);
    expect(brief(s)).toEqual([
      [2.25, 'raised', 'red'],
      [33, 'cleared', 'red'],
      [33, 'closed', 'red'],
    ]);
  });

  test('a current that flows back counts by its size', () => {
    expect(brief(scene().at(0).sample('c1', times(-2)).at(6))).toEqual([[5, 'raised', 'orange']]);
  });

  test('ratings by channel; a sum over phases has none; without a rating no subject', () => {
    const load = rule(config, venue);
    const [c1, c2, c3] = ['c1', 'c2', 'c3'].map((id) => venue.devices.get(id) ?? clamp);
    if (c1 === undefined || c2 === undefined || c3 === undefined) throw new Error('no devices');
    expect(load.subjects(c1, '')).toEqual(['c1']);
    expect(load.subjects(c1, 'a')).toEqual(['c1/a']);
    expect(load.subjects(c1, 'total')).toEqual([]);
    expect(load.subjects(c2, 'b')).toEqual(['c2/b']);
    expect(load.subjects(c2, '')).toEqual([]);
    expect(load.subjects(c2, '__proto__')).toEqual([]);
    expect(load.subjects(c3, '')).toEqual([]);
    expect(rule({ ...config, ratedAmps: 16, for: { profiles: ['plug'] } }, venue).subjects(c3, '')).toEqual(['c3']);
    const s = scene().at(0).sample('c2', { currentAmps: 15 }, 'a').sample('c2', { currentAmps: 15 }, 'b').at(5.5);
    expect(s.story()).toEqual([[5, 'raised', 'c2/a', 'orange']]);
  });

  test('silence: unknown, the integral stops; a first sample that agrees takes it up again', () => {
    const s = scene().at(0).sample('c2', { currentAmps: 12 }, 'a').at(1).sample('c2', { currentAmps: 12 }, 'a').at(100);
    expect(brief(s)).toEqual([
      [5, 'raised', 'orange'],
      [7, 'unknown', 'orange'],
    ]);
    for (let second = 100; second <= 162; second += 2) s.at(second).sample('c2', { currentAmps: 12 }, 'a');
    // VI at 1.2 x takes 67.5 s, of which 7 s had been seen.
    expect(brief(s).at(-1)).toEqual([160.5, 'escalated', 'red']);
  });

  test('a trip that fell into down time counts only if the first sample still agrees', () => {
    const before = scene().at(0).sample('c1', times(2)).at(3);
    const rules = [rule(config, venue)];
    const well = stage({ venue, rules, startSeconds: 100, snapshot: before.save() }).at(101).sample('c1', times(0.5));
    expect(well.at(200).story()).toEqual([]);
    const ill = stage({ venue, rules, startSeconds: 100, snapshot: before.save() }).at(101).sample('c1', times(2));
    expect(brief(ill)).toEqual([[101, 'raised', 'red']]);
  });

  test('saved and restored at any moment, the same story', () => {
    const currents = fc.array(fc.tuple(fc.integer({ min: 1, max: 8_000 }), fc.integer({ min: 0, max: 90 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(currents, (steps) => {
        const load = rule(config, venue);
        const subject = { id: 'c1', device: clamp, channel: '' };
        let plain = load.start();
        let saved = load.start();
        let nowMs = 0;
        for (const [gapMs, tenths] of steps) {
          nowMs += gapMs;
          const input = sampleOf('c1', nowMs, times(tenths / 10));
          const a = load.step(plain, input, subject);
          const b = load.step(JSON.parse(JSON.stringify(saved)), input, subject);
          expect({ ...b, wakeAtMs: undefined }).toEqual({ ...a, wakeAtMs: undefined });
          plain = a.state;
          saved = b.state;
        }
        expect(JSON.parse(JSON.stringify(plain))).toEqual(plain);
      }),
    );
  });

  test('a sample of the moment in which a level is left says the same before and after a restart', () => {
    const first = scene().at(0).sample('c1', times(1.3)).at(40).sample('c1', times(0.94)).at(69.999);
    const second = stage({ venue, rules: [rule(config, venue)], startSeconds: 69.999, snapshot: first.save() });
    const said = (s: ReturnType<typeof scene>) => {
      const before = s.verdicts.length;
      s.at(70).sample('c1', times(0.94)).sample('c1', times(0.94));
      return conditionsOf(s.verdicts.slice(before)).map(({ condition }) => condition.phase);
    };
    expect([said(first), said(second)]).toEqual([['normal'], ['normal']]);
  });

  test('quiet: the same state object; nothing and not-a-number say nothing', () => {
    const load = rule(config, venue);
    const subject = { id: 'c1', device: clamp, channel: '' };
    const { state, condition } = load.step(load.start(), sampleOf('c1', 1, times(0.5)), subject);
    expect(condition?.phase).toBe('normal');
    for (const metrics of [times(0.6), {}, { currentAmps: Number.NaN }]) {
      expect(load.step(state, sampleOf('c1', 2, metrics), subject)).toEqual({ state });
    }
    expect(load.step(load.start(), sampleOf('c1', 1, {}), subject).state.phase).toBe('unknown');
  });

  test('a current a hair above the rating trips after days, or never', () => {
    const s = scene({ curve: 'LTI' }).at(0).sample('c1', { currentAmps: 32.01 }).at(1_000_000);
    // 120 / (32.01 / 32 - 1) = 384,000 s.
    expect(brief(s)).toEqual([
      [5, 'raised', 'orange'],
      [expect.closeTo(384_000, 0), 'escalated', 'red'],
    ]);
    // (1 + 2^-52) ^ 0.02 is 1 in floating point: no time is long enough.
    const least = nextIntegral(setting('NI'), null, 1 + Number.EPSILON, 0);
    if (least === null) throw new Error('nothing on the way');
    expect(fullAtMs(setting('NI'), least)).toBeUndefined();
    expect(sumAt(setting('NI'), least, 1e15)).toBe(0);
  });

  test('refuses settings that contradict each other', () => {
    const issues = (extra: Record<string, unknown>): string[] => {
      const result = ruleSchema.safeParse({ ...config, ...extra });
      return result.success ? [] : result.error.issues.map(({ message }) => message);
    };
    expect(issues({ ratedAmps: 16 })).toEqual(['a rating for all devices needs `for`: which devices have it']);
    expect(issues({ continuousFraction: 1 })).toEqual(['continuousFraction must be below pickupMultiple']);
    expect(issues({ instantaneousMultiple: 1 })).toEqual(['instantaneousMultiple must be above pickupMultiple']);
    expect(issues({ curve: 'SI' })).toHaveLength(1);
  });

  test('texts: time to trip in minutes and seconds, in both languages', () => {
    const params = { amps: 35, ratedAmps: 32, percent: 109, secondsToTrip: 144, curve: 'VI' };
    expect(reasonText({ code: 'overload', params })).toEqual({
      zh: '电流 35 A，为额定 32 A 的 109 %，过载，约 2 分钟后跳闸（VI）',
      en: '35 A, 109 % of the rated 32 A, overloaded: trips in about 2 min (VI)',
    });
  });
});
