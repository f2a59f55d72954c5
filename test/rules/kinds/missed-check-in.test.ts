import { describe, expect, test } from 'vitest';
import { ruleSchema } from '../../../rules/kinds/index.ts';
import { conditionsOf, device, EPOCH, rule, type Stage, stage, venueOf } from '../stage.ts';

const MIN = 60;
const HOUR = 3600;
const badges = [
  device('b1', { reports: undefined }),
  device('b2', { reports: { everySeconds: 30 } }),
  device('p1', { reports: undefined, wearer: 'W. Li' }),
  device('p2', { reports: { everySeconds: 60 }, wearer: 'W. Li' }),
];
const in_ = (timezone: string) => ({ ...venueOf(badges), timezone });
const venue = in_('Asia/Shanghai');
const CHECK = { id: 'check', kind: 'missed-check-in' };
const rolling = { ...CHECK, everyMinutes: 60, for: { devices: ['b1'] } };
const scene = (config: Record<string, unknown>, options: Partial<Parameters<typeof stage>[0]> = {}) => {
  const where = options.venue ?? venue;
  return stage({ venue: where, rules: [rule(config, where)], ...options });
};
const again = (before: Stage, config: Record<string, unknown>, startSeconds: number) =>
  scene(config, { startSeconds, snapshot: before.save(), alarms: before.open() });
const seconds = (iso: string): number => (Date.parse(iso) - EPOCH) / 1000;

describe('a check-in at intervals', () => {
  test('is asked for when due, and missed 30 s later, not a millisecond before', () => {
    const s = scene(rolling)
      .at(0)
      .sample('b1', { batteryPercent: 90 })
      .at(HOUR - 0.001);
    expect(s.preAlarms).toEqual([]);
    s.at(HOUR);
    expect(s.preAlarms).toMatchObject([{ type: 'pre-alarm', device: 'b1', untilMs: EPOCH + (HOUR + 30) * 1000 }]);
    expect(s.at(HOUR + 29.999).story()).toEqual([]);
    expect(s.at(HOUR + 30).story()).toEqual([[HOUR + 30, 'raised', 'b1', 'orange']]);
    expect(s.open()[0]?.reason).toMatchObject({
      code: 'check-in-missed',
      en: expect.stringContaining('check-in missed'),
    });
  });

  test('counts from the last one', () => {
    const s = scene(rolling)
      .at(0)
      .sample('b1', {})
      .at(50 * MIN)
      .occur('b1', 'checkin')
      .at(110 * MIN + 29.9);
    expect(s.story()).toEqual([]);
    expect(s.at(110 * MIN + 30).story()).toHaveLength(1);
  });

  test('in the pending time it still counts, by a cancel too; then it clears what was missed', () => {
    for (const sign of ['checkin', 'cancel'] as const) {
      const s = scene(rolling)
        .at(0)
        .sample('b1', {})
        .at(HOUR + 10)
        .occur('b1', sign)
        .at(2 * HOUR);
      expect(s.story()).toEqual([]);
      expect(s.at(2 * HOUR + 40).story()).toEqual([[2 * HOUR + 40, 'raised', 'b1', 'orange']]);
      s.at(2 * HOUR + 50).occur('b1', 'checkin');
      expect(s.open()).toMatchObject([{ condition: 'cleared', human: 'unacknowledged' }]);
    }
  });

  test('a cancel for another rule is no answer', () => {
    const answered = (rule_: string) => {
      const s = scene(rolling)
        .at(0)
        .sample('b1', {})
        .at(HOUR + 10);
      return s
        .occur('b1', 'cancel', { attributes: { rule: rule_ } })
        .at(HOUR + 31)
        .story();
    };
    expect(answered('fall')).toHaveLength(1);
    expect(answered('check')).toEqual([]);
  });

  test('two missed in a row are red, and each is counted', () => {
    const s = scene(rolling)
      .at(0)
      .sample('b1', {})
      .at(3 * HOUR + 31);
    expect(s.story()).toEqual([
      [HOUR + 30, 'raised', 'b1', 'orange'],
      [2 * HOUR + 30, 'escalated', 'b1', 'red'],
      [3 * HOUR + 30, 'changed', 'b1', 'red'],
    ]);
    expect(s.open()[0]?.value).toBe(3);
    s.occur('b1', 'checkin').at(4 * HOUR + 70);
    expect(s.events.at(-1)).toMatchObject({ type: 'repeated', alarm: { value: 1, severity: 'orange' } });
  });

  test('only the signs of the rule count; nothing retained, nothing late', () => {
    const with_ = (signs: readonly string[] | undefined) =>
      scene(signs === undefined ? rolling : { ...rolling, signs });
    const missed = (s: Stage) => s.at(HOUR + 31).story().length;
    expect(
      missed(
        with_(undefined)
          .at(0)
          .sample('b1', {})
          .at(50 * MIN)
          .occur('b1', 'button'),
      ),
    ).toBe(1);
    expect(
      missed(
        with_(['button'])
          .at(0)
          .sample('b1', {})
          .at(50 * MIN)
          .occur('b1', 'button'),
      ),
    ).toBe(0);
    expect(
      missed(
        with_(['transition'])
          .at(0)
          .sample('b1', {})
          .at(50 * MIN)
          .occur('b1', 'transition'),
      ),
    ).toBe(0);
    expect(
      missed(
        with_(undefined)
          .at(0)
          .sample('b1', {})
          .at(50 * MIN)
          .occur('b1', 'checkin', { retained: true }),
      ),
    ).toBe(1);
    expect(
      missed(
        with_(undefined)
          .at(0)
          .sample('b1', {})
          .at(50 * MIN)
          .occur('b1', 'checkin', { historical: true }),
      ),
    ).toBe(1);
  });

  test('twice the same, and one that comes out of order, is one', () => {
    const s = scene(rolling)
      .at(0)
      .sample('b1', {})
      .at(50 * MIN)
      .occur('b1', 'checkin')
      .occur('b1', 'checkin');
    expect(s.at(110 * MIN + 29.9).story()).toEqual([]);
    expect(s.at(110 * MIN + 30).story()).toHaveLength(1);
  });

  test.each([{ charging: 1 }, { onDuty: 0 }])('pauses with %o, and begins anew after it', (off) => {
    const s = scene(rolling)
      .at(0)
      .sample('b1', {})
      .at(HOUR + 10)
      .sample('b1', off);
    expect(s.preAlarms.map(({ type }) => type)).toEqual(['pre-alarm', 'pre-alarm-ended']);
    s.at(9 * HOUR)
      .occur('b1', 'checkin')
      .at(10 * HOUR)
      .sample('b1', { charging: 0, onDuty: 1 });
    expect(s.at(11 * HOUR + 29.9).story()).toEqual([]);
    expect(s.at(11 * HOUR + 30).story()).toHaveLength(1);
  });

  test('charging and off duty are kept apart: the end of one is not that of the other', () => {
    const s = scene(rolling).at(0).sample('b1', { charging: 1 }).sample('b1', { onDuty: 1 });
    expect(s.at(3 * HOUR).story()).toEqual([]);
    s.sample('b1', { charging: 0 });
    expect(s.at(4 * HOUR + 30).story()).toHaveLength(1);
  });

  test('a silent badge excuses nobody: unknown at once, missed when it is due, and never cleared by being heard', () => {
    const config = { ...rolling, for: { devices: ['b2'] } };
    const s = scene(config).at(0).sample('b2', {}).at(100);
    expect(conditionsOf(s.verdicts).at(-1)?.condition).toMatchObject({ phase: 'unknown', reason: { code: 'no-data' } });
    s.at(HOUR + 30);
    expect(s.story()).toEqual([[HOUR + 30, 'raised', 'b2', 'orange']]);
    s.at(HOUR + 60).sample('b2', {});
    expect(s.open()).toMatchObject([{ condition: 'active' }]);
  });

  test('heard again in time it is waited for as before', () => {
    const s = scene({ ...rolling, for: { devices: ['b2'] } })
      .at(0)
      .sample('b2', {})
      .at(1000)
      .sample('b2', {});
    expect(conditionsOf(s.verdicts).at(-1)?.condition.reason.code).toBe('check-in-awaited');
    s.occur('b2', 'checkin').at(1000 + HOUR + 29.9);
    expect(s.story()).toEqual([]);
    expect(s.at(1000 + HOUR + 30).story()).toHaveLength(1);
  });

  test('a cancel that answers no reminder is none', () => {
    expect(
      scene(rolling)
        .at(0)
        .sample('b1', {})
        .at(50 * MIN)
        .occur('b1', 'cancel')
        .at(HOUR + 30)
        .story(),
    ).toHaveLength(1);
  });

  test('says by when, by the clock of the venue', () => {
    const s = scene(rolling).at(0).sample('b1', {});
    const text = () => conditionsOf(s.verdicts).at(-1)?.condition.reason.params.at;
    expect(text()).toBe('21:00');
    s.at(HOUR);
    expect(text()).toBe('21:00');
    s.at(HOUR + 30);
    expect(text()).toBe('22:00');
  });

  test('what says nothing new is told no second time', () => {
    const s = scene({ ...rolling, for: { devices: ['b2'] } })
      .at(0)
      .sample('b2', {})
      .at(HOUR + 31);
    const told = conditionsOf(s.verdicts).length;
    s.at(HOUR + 40)
      .sample('b2', { charging: 0 })
      .at(HOUR + 50)
      .sample('b2', { charging: 0 });
    expect(conditionsOf(s.verdicts)).toHaveLength(told);
  });

  test('silent, heard and silent again is unknown twice', () => {
    const s = scene({ ...rolling, for: { devices: ['b2'] } })
      .at(0)
      .sample('b2', {})
      .at(200)
      .sample('b2', {})
      .at(400);
    expect(conditionsOf(s.verdicts).filter(({ condition }) => condition.phase === 'unknown')).toHaveLength(2);
  });

  test('only wearers owe one; where the rule does not latch it ends with the check-in', () => {
    const things = venueOf([device('t1', { role: undefined, reports: undefined })]);
    const thing = scene({ ...rolling, for: { devices: ['t1'] } }, { venue: things })
      .at(0)
      .sample('t1', {});
    expect(thing.at(2 * HOUR).verdicts).toEqual([]);
    const s = scene({ ...rolling, latching: false })
      .at(0)
      .sample('b1', {})
      .at(HOUR + 31)
      .occur('b1', 'checkin');
    expect(s.open()).toEqual([]);
  });

  test('nobody who has never been heard owes one', () => {
    expect(
      scene({ ...rolling, for: { devices: ['b2'] } })
        .at(5 * HOUR)
        .story(),
    ).toEqual([]);
  });
});

describe('a check-in by a time of the day', () => {
  const daily = { ...CHECK, at: ['09:00', '21:00'], for: { devices: ['b1'] } };
  // EPOCH is 20:00 in Shanghai.
  test('by the clock of the venue', () => {
    const s = scene(daily)
      .at(0)
      .sample('b1', {})
      .at(HOUR + 29.999);
    expect(s.story()).toEqual([]);
    expect(s.at(HOUR + 30).story()).toHaveLength(1);
    expect(s.open()[0]?.reason.zh).toContain('09:00');
    s.occur('b1', 'checkin').at(13 * HOUR + 30);
    expect(s.events.at(-1)).toMatchObject({ type: 'repeated', alarm: { severity: 'orange' } });
  });

  test('one within the window counts, an earlier one does not', () => {
    const at = (minutes: number) =>
      scene(daily)
        .at(0)
        .sample('b1', {})
        .at(minutes * MIN)
        .occur('b1', 'checkin');
    expect(
      at(30)
        .at(HOUR + 31)
        .story(),
    ).toEqual([]);
    const early = scene({ ...daily, windowMinutes: 20 })
      .at(0)
      .sample('b1', {})
      .at(30 * MIN)
      .occur('b1', 'checkin');
    expect(early.at(HOUR + 31).story()).toHaveLength(1);
    const inside = scene({ ...daily, windowMinutes: 20 })
      .at(0)
      .sample('b1', {})
      .at(40 * MIN)
      .occur('b1', 'checkin');
    expect(inside.at(HOUR + 31).story()).toEqual([]);
  });

  test.each([
    ['begins', '2026-03-28T10:00:00Z', '2026-03-29T07:00:30Z', '2026-03-30T07:00:30Z'],
    ['ends', '2026-10-24T10:00:00Z', '2026-10-25T08:00:30Z', '2026-10-26T08:00:30Z'],
  ])('when summer time %s', (_, start, first, second) => {
    const berlin = in_('Europe/Berlin');
    const config = { ...daily, at: ['09:00'] };
    const s = stage({ venue: berlin, rules: [rule(config, berlin)], startSeconds: seconds(start) });
    s.at(seconds(start))
      .sample('b1', {})
      .at(seconds(second) + 1);
    expect(s.story().map(([at, type]) => [at, type])).toEqual([
      [seconds(first), 'raised'],
      [seconds(second), 'escalated'],
    ]);
  });

  test('a time that summer time leaves out is due all the same, one that comes twice once', () => {
    const berlin = in_('Europe/Berlin');
    const config = { ...daily, at: ['02:30'] };
    const play = (start: string, until: string) =>
      stage({ venue: berlin, rules: [rule(config, berlin)], startSeconds: seconds(start) })
        .at(seconds(start))
        .sample('b1', {})
        .at(seconds(until))
        .story()
        .map(([at]) => at);
    expect(play('2026-03-28T10:00:00Z', '2026-03-29T12:00:00Z')).toEqual([seconds('2026-03-29T01:30:30Z')]);
    expect(play('2026-10-24T10:00:00Z', '2026-10-25T12:00:00Z')).toEqual([seconds('2026-10-25T00:30:30Z')]);
  });
});

describe('a person with two badges', () => {
  const config = { ...CHECK, everyMinutes: 60, for: { devices: ['p1', 'p2'] } };
  test('owes one check-in, by either', () => {
    const s = scene(config)
      .at(0)
      .sample('p1', {})
      .sample('p2', {})
      .at(50 * MIN)
      .occur('p2', 'checkin');
    expect(s.at(HOUR + 31).story()).toEqual([]);
    expect(s.at(110 * MIN + 30).story()).toEqual([[110 * MIN + 30, 'raised', 'p1', 'orange']]);
  });

  test('one of them in its charger excuses nobody, both do', () => {
    const s = scene(config).at(0).sample('p1', { charging: 0 }).sample('p2', { charging: 1 });
    expect(s.at(HOUR + 31).story()).toHaveLength(1);
    const both = scene(config).at(0).sample('p1', { charging: 1 }).sample('p2', { charging: 1 });
    expect(both.at(HOUR + 31).story()).toEqual([]);
  });

  test('both silent, or the one silent and the other never heard: unknown', () => {
    const unknown = (s: Stage) => conditionsOf(s.verdicts).filter(({ condition }) => condition.phase === 'unknown');
    const live = {
      ...venueOf([device('p1', { wearer: 'W. Li' }), device('p2', { wearer: 'W. Li' })]),
      timezone: 'UTC',
    };
    const both = scene(config, { venue: live }).at(0).sample('p1', {}).sample('p2', {}).at(1000);
    expect(unknown(both)).toHaveLength(1);
    const one = scene(config, { venue: live }).at(0).sample('p1', {}).at(1000);
    expect(unknown(one)).toHaveLength(1);
    expect(unknown(scene(config, { venue: live }).at(1000))).toEqual([]);
  });

  test('feed one subject; a single badge feeds its own', () => {
    const check = rule(config, venue);
    expect(badges.map((badge) => check.shared(badge))).toEqual([false, false, true, true]);
    const all = rule({ ...CHECK, everyMinutes: 60 }, venue);
    expect(badges.map((badge) => all.shared(badge))).toEqual([false, false, true, true]);
  });

  test('one of them silent leaves all as it was', () => {
    const s = scene(config).at(0).sample('p1', {}).sample('p2', {}).at(1000);
    expect(conditionsOf(s.verdicts).filter(({ condition }) => condition.phase === 'unknown')).toEqual([]);
  });
});

describe('a restart', () => {
  const upTo = (until: number) => scene(rolling).at(0).sample('b1', {}).at(until);
  test('while waiting keeps the moment that it is due', () => {
    const s = again(upTo(30 * MIN), rolling, 40 * MIN);
    expect(s.at(HOUR + 29.9).story()).toEqual([]);
    expect(s.at(HOUR + 30).story()).toHaveLength(1);
  });

  test('while pending keeps the moment that it is missed', () => {
    expect(
      again(upTo(HOUR + 10), rolling, HOUR + 15)
        .at(HOUR + 30)
        .story(),
    ).toHaveLength(1);
  });

  test('of which both moments pass while down: missed once, with what was not observed', () => {
    const s = again(upTo(30 * MIN), rolling, 5 * HOUR).at(5 * HOUR + 10);
    expect(s.story()).toEqual([[5 * HOUR + 10, 'raised', 'b1', 'orange']]);
    expect(s.open()[0]?.reason.en).toContain('not observed');
    expect(s.at(6 * HOUR + 9).story()).toHaveLength(1);
    expect(
      s
        .at(6 * HOUR + 11)
        .story()
        .at(-1)?.[1],
    ).toBe('escalated');
  });

  test('with an alarm: raised no second time, and counted on', () => {
    const s = again(upTo(HOUR + 31), rolling, HOUR + 40).at(2 * HOUR + 31);
    expect(s.story()).toEqual([[2 * HOUR + 30, 'escalated', 'b1', 'red']]);
  });
});

test('a wake before its time, or while nothing is owed, is the same state', () => {
  const check = rule(rolling, venue);
  const subject = { id: 'b1', device: device('b1'), channel: '' };
  const wake = { type: 'wake', nowMs: 3_599_999 } as const;
  const nothing = check.start();
  expect(check.step(nothing, wake, subject)).toEqual({ state: nothing });
  const { state } = check.step(nothing, { type: 'alive', nowMs: 0, device: 'b1' }, subject);
  expect(check.step(state, wake, subject)).toEqual({ state });
  expect(check.step(state, { ...wake, nowMs: 3_600_000 }, subject).state.phase).toBe('pending');
});

test('refuses what makes no sense', () => {
  const issues = (config: Record<string, unknown>) => ruleSchema.safeParse({ ...CHECK, ...config }).success;
  expect(issues({})).toBe(false);
  expect(issues({ at: ['09:00'], everyMinutes: 60 })).toBe(false);
  expect(issues({ at: ['9:00'] })).toBe(false);
  expect(issues({ at: ['24:00'] })).toBe(false);
  expect(issues({ everyMinutes: 1, pendingSeconds: 60 })).toBe(false);
  expect(issues({ at: ['09:00'] })).toBe(true);
});
