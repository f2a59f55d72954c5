import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { imbalancePercent } from '../../../rules/power/imbalance.ts';
import { conditionsOf, device, rule, type Stage, sampleOf, stage, venueOf } from '../stage.ts';

const board = device('board', {
  role: undefined,
  profile: 'current-clamp',
  reports: { everySeconds: 10 },
  ratedAmps: { '': 63 },
});
const venue = venueOf([board, device('b1')]);
const rules = [rule({ id: 'phases', kind: 'phase-imbalance' }, venue)];
const scene = (extra: object = {}) =>
  stage({ venue, rules: [rule({ id: 'phases', kind: 'phase-imbalance', ...extra }, venue)] });

const report = (s: Stage, a: number, b: number, c: number): Stage =>
  s
    .sample('board', { currentAmps: a }, 'a')
    .sample('board', { currentAmps: b }, 'b')
    .sample('board', { currentAmps: c }, 'c');

/** Every 10 s from `from` until before `until`. */
const hold = (s: Stage, from: number, until: number, a: number, b: number, c: number): Stage => {
  for (let at = from; at < until; at += 10) report(s.at(at), a, b, c);
  return s.at(until);
};

describe('NEMA MG 1', () => {
  test.each([
    [[462, 463, 455], 1.087],
    [[460, 467, 450], 1.961],
    [[30, 30, 0], 100],
    [[20, 20, 20], 0],
    [[60, 0, 0], 200],
  ])('%j: %d %%', (amps, expected) => {
    expect(imbalancePercent(amps, 1)).toBeCloseTo(expected, 3);
  });

  test('is between 0 and 200, and the same in whatever order the phases stand', () => {
    const amps = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(amps, amps, amps, (a, b, c) => {
        const value = imbalancePercent([a, b, c], 0);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(200.000001);
        expect(imbalancePercent([c, a, b], 0)).toBeCloseTo(value, 6);
      }),
    );
  });
});

describe('phase-imbalance', () => {
  // (40, 20, 20): mean 26.67, distance 13.33, 50 %.
  test('yellow exactly after the hold, for the whole device; not one millisecond before', () => {
    const s = hold(scene(), 0, 59.999, 40, 20, 20);
    expect(s.story()).toEqual([]);
    expect(s.at(60).story()).toEqual([[60, 'raised', 'board', 'yellow']]);
    expect(s.open()[0]).toMatchObject({
      value: 50,
      unit: '%',
      limit: 30,
      reason: { code: 'phases-unequal', zh: '三相不平衡 50 %（40 / 20 / 20 A），超过 30 %' },
    });
  });

  test('just under the limit, and a break in the hold, say nothing', () => {
    // (26, 17, 17): mean 20, 30 % exactly counts; 25.9 does not.
    expect(hold(scene(), 0, 100, 26, 17, 17).story()).toHaveLength(1);
    expect(hold(scene(), 0, 100, 25.9, 17, 17).story()).toEqual([]);
    const broken = hold(hold(hold(scene(), 0, 50, 40, 20, 20), 50, 60, 20, 20, 20), 60, 119, 40, 20, 20);
    expect(broken.story()).toEqual([]);
  });

  test('a lost phase is orange', () => {
    expect(hold(scene(), 0, 70, 30, 30, 0).story()).toEqual([[60, 'raised', 'board', 'orange']]);
  });

  test('clears under the deadband after the off-delay only', () => {
    const s = hold(scene(), 0, 70, 40, 20, 20);
    hold(s, 70, 200, 26, 18, 18);
    expect(s.story()).toHaveLength(2);
    expect(s.events.at(-1)?.alarm.reason.code).toBe('phases-easing');
    hold(s, 200, 300, 20, 20, 20);
    expect(s.story().slice(3)).toEqual([
      [260, 'cleared', 'board', 'yellow'],
      [260, 'closed', 'board', 'yellow'],
    ]);
  });

  test('with nearly no load nothing is said', () => {
    expect(hold(scene(), 0, 100, 9, 0, 0).story()).toEqual([]);
    expect(hold(scene({ leastAmps: 3 }), 0, 100, 9, 0, 0).story()).toEqual([[60, 'raised', 'board', 'orange']]);
  });

  test('before all three have reported nothing is judged', () => {
    const s = scene();
    for (let at = 0; at < 300; at += 10) s.at(at).sample('board', { currentAmps: 50 }, 'a');
    expect(conditionsOf(s.verdicts)).toEqual([]);
  });

  test('a phase that stops while others go on: unknown, nothing cleared, its time does not count', () => {
    const s = hold(scene(), 0, 70, 40, 20, 20);
    for (let at = 70; at < 200; at += 10) {
      s.at(at).sample('board', { currentAmps: 40 }, 'a').sample('board', { currentAmps: 20 }, 'b');
    }
    // c was heard at 60 s last; more than three of its intervals later the next report says so.
    expect(s.story().slice(1)).toEqual([[100, 'unknown', 'board', 'yellow']]);
    expect(s.open()[0]?.reason.en).toBe('no data of phase c: the imbalance is unknown');
    hold(s, 200, 300, 20, 20, 20);
    expect(
      s
        .story()
        .slice(2)
        .map(([, type]) => type),
    ).toEqual(['changed', 'cleared', 'closed']);

    const rising = hold(scene({ holdSeconds: 90 }), 0, 30, 40, 20, 20);
    for (let at = 30; at < 200; at += 10) {
      rising.at(at).sample('board', { currentAmps: 40 }, 'a').sample('board', { currentAmps: 20 }, 'b');
    }
    // Unknown from 60 s, when c had been away for too long, to 200 s.
    expect(hold(rising, 200, 300, 40, 20, 20).story()).toEqual([[230, 'raised', 'board', 'yellow']]);
  });

  test('the whole device silent: unknown; what was on its way goes on where it stood', () => {
    const s = hold(scene({ holdSeconds: 90 }), 0, 40, 40, 20, 20).at(500);
    expect(s.story()).toEqual([]);
    // Silent from 60 s on.
    expect(hold(s, 500, 600, 40, 20, 20).story()).toEqual([[530, 'raised', 'board', 'yellow']]);
  });

  test('saved and restored at any moment: the same story', () => {
    const whole = hold(hold(scene(), 0, 100, 40, 20, 20), 100, 250, 20, 20, 20).story();
    for (const at of [5, 35, 65, 105, 155]) {
      const first = scene();
      const second = (): Stage =>
        stage({ venue, rules, startSeconds: at, snapshot: first.save(), alarms: first.open() });
      let s: Stage = first;
      for (let now = 0; now < 250; now += 10) {
        if (s === first && now > at) {
          first.at(at);
          s = second();
        }
        if (now < 100) report(s.at(now), 40, 20, 20);
        else report(s.at(now), 20, 20, 20);
      }
      expect([...first.story(), ...s.at(250).story()]).toEqual(whole);
    }
  });

  test('repeated, historical and senseless samples change nothing', () => {
    const s = hold(scene(), 0, 30, 40, 20, 20);
    for (let times = 0; times < 5; times += 1) report(s, 40, 20, 20);
    s.put({ ...sampleOf('board', s.nowMs, { currentAmps: 40 }, 'c'), historical: true });
    s.sample('board', { currentAmps: Number.NaN }, 'c').sample('board', {}, 'c');
    expect(hold(s, 30, 60, 40, 20, 20).story()).toEqual([[60, 'raised', 'board', 'yellow']]);
  });

  test('concerns boards only: what has a rating, or is named', () => {
    const [phases] = rules;
    const badge = venue.devices.get('b1');
    if (phases === undefined || badge === undefined) throw new Error('no rule');
    expect(phases.subjects(badge, '')).toEqual([]);
    expect(phases.subjects(board, 'a')).toEqual(['board']);
    expect(phases.subjects(board, 'n')).toEqual([]);
    expect(phases.subjects(board, 'total')).toEqual([]);
    const named = rule({ id: 'p', kind: 'phase-imbalance', for: { devices: ['b1'] } }, venue);
    expect(named.subjects(badge, 'b')).toEqual(['b1']);
  });

  test('together with overcurrent, each has its own subjects', () => {
    const both = stage({ venue, rules: [...rules, rule({ id: 'load', kind: 'overcurrent' }, venue)] });
    hold(both, 0, 70, 70, 20, 20);
    expect(both.story().filter(([, type]) => type !== 'changed')).toEqual([
      [5, 'raised', 'board/a', 'orange'],
      [60, 'raised', 'board', 'orange'],
    ]);
  });

  test('refuses limits in the wrong order', () => {
    const { error } = ruleSchema.safeParse({ id: 'p', kind: 'phase-imbalance', yellow: 70 });
    expect(error?.issues[0]?.message).toBe('yellow must be below orange');
  });
});
