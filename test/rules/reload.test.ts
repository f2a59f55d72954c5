import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Venue } from '../../rules/rule.ts';
import { device, rule, type Stage, sampleOf, stage, venueOf, zone } from './stage.ts';

const climate = (id: string) => device(id, { profile: 'climate', role: undefined, reports: { everySeconds: 60 } });
const venue = venueOf([climate('t1'), climate('t2'), device('b1')]);

const heat = (extra: object = {}, of: Venue = venue) =>
  rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { red: 60 }, ...extra }, of);

const hot = (extra: object = {}): Stage =>
  stage({ venue, rules: [heat(extra)] })
    .at(0)
    .sample('t1', { temperatureCelsius: 70 });

/** What has been told since. */
const since = (run: Stage, from: number) => run.story().slice(from);

describe('a rule that stays as it was', () => {
  test('keeps its open alarm, of which nothing is told', () => {
    const run = hot();
    run.at(5).reload([heat()], venue);
    expect(run.story()).toEqual([[0, 'raised', 't1', 'red']]);
    run.at(9).sample('t1', { temperatureCelsius: 20 });
    expect(since(run, 1)).toEqual([
      [9, 'cleared', 't1', 'red'],
      [9, 'closed', 't1', 'red'],
    ]);
  });

  test('keeps the deadline of a running duration, to the millisecond', () => {
    const run = hot({ holdSeconds: 30 });
    run.at(20).reload([heat({ holdSeconds: 30 })], venue);
    expect(run.at(29.999).story()).toEqual([]);
    expect(run.at(30).story()).toEqual([[30, 'raised', 't1', 'red']]);
  });

  test('a deadline of the very moment is judged by the rules that set it', () => {
    const run = hot({ holdSeconds: 30 });
    run.at(29.999);
    run.at(30).reload([heat({ holdSeconds: 60 })], venue);
    expect(run.story()[0]).toEqual([30, 'raised', 't1', 'red']);
  });

  test('its words and whom else it concerns may change meanwhile', () => {
    const run = hot();
    run.at(5).reload([heat({ guidance: { zh: '灭火', en: 'Put it out' }, for: { devices: ['t1'] } })], venue);
    expect(run.story()).toHaveLength(1);
    expect(run.open()).toMatchObject([{ condition: 'active' }]);
  });

  test('a device that was silent stays so, and its time stands still', () => {
    const run = hot({ holdSeconds: 400 });
    run.at(180).reload([heat({ holdSeconds: 400 })], venue);
    run.at(1000).sample('t1', { temperatureCelsius: 70 });
    run.at(1100).sample('t1', { temperatureCelsius: 70 });
    // 180 of the 400 s had passed when it fell silent.
    expect(run.at(1219.999).story()).toEqual([]);
    expect(run.at(1220).story()).toEqual([[1220, 'raised', 't1', 'red']]);
  });
});

describe('a rule that is another now', () => {
  test('judges the last value at once: an alarm that it would raise as well goes on', () => {
    const run = hot();
    run.at(5).reload([heat({ above: { red: 65 } })], venue);
    expect(since(run, 1)).toEqual([
      [5, 'unknown', 't1', 'red'],
      [5, 'changed', 't1', 'red'],
    ]);
    expect(run.open()).toMatchObject([{ condition: 'active', limit: 65 }]);
  });

  test('an alarm that it would not raise is cleared by it, by the last value, and says why', () => {
    const run = hot();
    run.at(5).reload([heat({ above: { red: 80 } })], venue);
    expect(run.events.slice(1).map(({ type, alarm }) => [type, alarm.reason.code])).toEqual([
      ['unknown', 'rule-changed'],
      ['cleared', 'within-limits'],
      ['closed', 'within-limits'],
    ]);
  });

  /** Nothing that the rule reads was ever heard. */
  const wet = () => heat({ metric: 'humidityPercent' });

  test('an alarm that it knows nothing of does not vanish: a person ends it', () => {
    const run = hot();
    run.at(5).reload([wet()], venue);
    const [alarm] = run.open();
    expect(alarm).toMatchObject({ condition: 'unknown', reason: { code: 'rule-changed' } });
    if (alarm !== undefined) run.at(8).acknowledge(alarm, 'Li');
    expect(since(run, 2)).toEqual([
      [8, 'acknowledged', 't1', 'red'],
      [8, 'cleared', 't1', 'red'],
      [8, 'closed', 't1', 'red'],
    ]);
    expect(run.at(9).sample('t1', { humidityPercent: 90 }).open()).toHaveLength(1);
  });

  test('one that somebody has in hand already is closed, with the reason', () => {
    const run = hot();
    const [alarm] = run.open();
    if (alarm !== undefined) run.at(2).acknowledge(alarm, 'Li');
    run.at(5).reload([wet()], venue);
    expect(since(run, 2).map(([, type]) => type)).toEqual(['unknown', 'cleared', 'closed']);
    expect(run.events.at(-1)?.alarm.reason.code).toBe('rule-changed');
  });

  test('raised again, it is the same alarm, and clears as ever', () => {
    const run = hot();
    run.at(5).reload([wet()], venue);
    run.at(10).sample('t1', { humidityPercent: 90 });
    run.at(20).sample('t1', { humidityPercent: 20 });
    expect(since(run, 2).map(([at, type]) => [at, type])).toEqual([
      [10, 'changed'],
      [20, 'cleared'],
      [20, 'closed'],
    ]);
  });

  test('its durations begin anew, from what was last heard', () => {
    const run = hot({ holdSeconds: 30 });
    run.at(20).reload([heat({ holdSeconds: 31 })], venue);
    expect(run.at(50.999).story()).toEqual([]);
    expect(run.at(51).story()).toEqual([[51, 'raised', 't1', 'red']]);
  });

  test('a pre-alarm that it had begun is over', () => {
    const still = (minutes: number) => rule({ id: 'still', kind: 'stillness', minutes, preAlarmSeconds: 30 }, venue);
    const run = stage({ venue, rules: [still(1)] });
    for (let at = 0; at <= 50; at += 10)
      run.at(at).sample('b1', { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 });
    expect(run.preAlarms.map(({ type }) => type)).toEqual(['pre-alarm']);
    run.reload([still(10)], venue);
    expect(run.preAlarms.map(({ type }) => type)).toEqual(['pre-alarm', 'pre-alarm-ended']);
  });

  test('what it has in memory, it keeps: nobody has moved because the limit is another', () => {
    const still = (minutes: number) => rule({ id: 'still', kind: 'stillness', minutes, preAlarmSeconds: 0 }, venue);
    const run = stage({ venue, rules: [still(30)] });
    const rest = { accelerationXG: 0, accelerationYG: 0, accelerationZG: 1 };
    for (let at = 0; at < 600; at += 20) run.at(at).sample('b1', rest);
    run.at(590).reload([still(10)], venue);
    run.at(599.999);
    expect(run.story()).toEqual([]);
    expect(run.at(600).story()).toEqual([[600, 'raised', 'b1', 'orange']]);
  });
});

describe('what time has brought together outlives another setting', () => {
  test('a cable is as warm as it was: it trips when it would have', () => {
    const clamp = device('c', { profile: 'current-clamp', role: undefined, ratedAmps: { '': 32 }, reports: undefined });
    const board = venueOf([clamp]);
    const load = (clearSeconds: number) => rule({ id: 'load', kind: 'overcurrent', clearSeconds }, board);
    const redAt = (reloadAt?: number): number | undefined => {
      const run = stage({ venue: board, rules: [load(30)] });
      for (let at = 0; at <= 60; at += 1) {
        run.at(at).sample('c', { currentAmps: 50 });
        if (at === reloadAt) run.reload([load(31)], board);
      }
      return run.story().find(([, , , severity]) => severity === 'red')?.[0];
    };
    const warm = redAt();
    expect(warm).toBeGreaterThan(15);
    expect(redAt(10)).toBe(warm);
  });

  test('nobody has rested because the hours are others, and what is owed is by the new times', () => {
    const hours = (blue: number) => rule({ id: 'hours', kind: 'on-duty-too-long', hours: { blue } }, venue);
    const owed = (everyMinutes: number) =>
      rule({ id: 'owed', kind: 'missed-check-in', everyMinutes, pendingSeconds: 10 }, venue);
    const run = stage({ venue, rules: [hours(1), owed(600)] });
    run.at(0).sample('b1', { onDuty: 1 });
    for (let at = 50; at < 1800; at += 50) run.at(at).sample('b1', { batteryPercent: 90 });
    run.reload([hours(0.6), owed(10)], venue);
    for (let at = 1800; at < 2500; at += 50) run.at(at).sample('b1', { batteryPercent: 90 });
    // 0.6 h from the first word; 10 min and 10 s from the reload at 1750 s.
    expect(run.story()).toEqual([
      [2160, 'raised', 'b1', 'blue'],
      [2360, 'raised', 'b1', 'orange'],
    ]);
  });
});

describe('people counted', () => {
  const gate = device('g', { profile: 'people-counter', role: undefined, zone: 'pit', reports: { everySeconds: 60 } });
  const pit = (areaM2: number) => venueOf([gate], [zone('pit', { areaM2 })]);
  const crowd = (of: Venue, extra: object = {}) =>
    rule({ id: 'crowd', kind: 'crowd-density', holdSeconds: 0, ...extra }, of);

  test('are still there when a limit is another: judged at once by the new one', () => {
    const small = pit(100);
    const run = stage({ venue: small, rules: [crowd(small)] });
    run.at(1).sample('g', { entriesTotal: 250, exitsTotal: 0 });
    expect(run.story()).toEqual([]);
    run.at(5).reload([crowd(small, { limits: { standing: { yellow: 2, orange: 4, red: 4.7 } } })], small);
    expect(run.at(6).story()).toEqual([[5, 'raised', 'pit', 'yellow']]);
  });

  test('are kept where a counter of the zone is gone', () => {
    const other = device('h', { ...gate, id: 'h' });
    const two = venueOf([gate, other], [zone('pit', { areaM2: 100 })]);
    const run = stage({ venue: two, rules: [crowd(two)] });
    run.at(1).sample('g', { entriesTotal: 250, exitsTotal: 0 }).sample('h', { entriesTotal: 10, exitsTotal: 0 });
    const left = venueOf([other], [zone('pit', { areaM2: 100 })]);
    run.at(5).reload([crowd(left)], left);
    run.at(6).sample('h', { entriesTotal: 60, exitsTotal: 0 });
    expect(run.story()).toEqual([[6, 'raised', 'pit', 'yellow']]);
  });
});

describe('what is gone', () => {
  test('the alarm of a rule that was taken out stays until a person has seen it', () => {
    const run = hot();
    run.at(5).reload([], venue);
    const [alarm] = run.open();
    expect(alarm).toMatchObject({
      condition: 'unknown',
      human: 'unacknowledged',
      reason: { code: 'no-longer-judged' },
    });
    expect(alarm?.reason.zh).toContain('heat');
    if (alarm !== undefined) run.at(6).acknowledge(alarm, 'Li');
    expect(run.open()).toEqual([]);
  });

  test('so does that of a device that was taken out, or that the rule does not concern any more', () => {
    const without = venueOf([climate('t2'), device('b1')]);
    expect(
      hot()
        .at(5)
        .reload([heat({}, without)], without)
        .open(),
    ).toMatchObject([{ condition: 'unknown' }]);
    const narrow = hot()
      .at(5)
      .reload([heat({ for: { devices: ['t2'] } })], venue);
    expect(narrow.open()).toMatchObject([{ condition: 'unknown', reason: { code: 'no-longer-judged' } }]);
  });

  test('a call for help goes on when its badge is taken out: it is one of a stranger now', () => {
    const sos = () => rule({ id: 'sos', kind: 'sos' }, venue);
    const run = stage({ venue, rules: [sos()] })
      .at(1)
      .occur('b1', 'sos');
    run.at(5).reload([sos()], venueOf([climate('t1')]));
    expect(run.open()).toMatchObject([{ condition: 'active', subject: 'b1' }]);
    expect(run.story()).toHaveLength(1);
  });

  test('nobody waits for a device that is gone', () => {
    const silent = (of: Venue) => rule({ id: 'quiet', kind: 'silent' }, of);
    const run = stage({ venue, rules: [silent(venue)] })
      .at(0)
      .sample('t1', { temperatureCelsius: 20 });
    const rest = venueOf([climate('t2')]);
    run.at(10).reload([silent(rest)], rest);
    expect(run.at(1000).story()).toEqual([[180, 'raised', 't2', 'yellow']]);
  });
});

describe('what is new', () => {
  test('a device is judged from its first word, and missed from now on', () => {
    const silent = (of: Venue) => rule({ id: 'quiet', kind: 'silent' }, of);
    const run = stage({ venue, rules: [silent(venue), heat()] });
    const more = venueOf([climate('t0'), climate('t1'), climate('t2'), device('b1'), climate('t3')]);
    for (let at = 0; at <= 600; at += 30) for (const id of ['t1', 't2', 'b1']) run.at(at).sample(id, {});
    run.at(610).reload([silent(more), heat({}, more)], more);
    run.at(611).sample('t3', { temperatureCelsius: 70 });
    expect(run.story()).toEqual([[611, 'raised', 't3', 'red']]);
    const missed = run.at(790).events.find(({ alarm }) => alarm.subject === 't0');
    expect([(missed?.atMs ?? 0) - run.nowMs, missed?.alarm.value]).toEqual([0, 180]);
  });

  test('a rule judges what was last heard, and knows who is silent', () => {
    const run = stage({ venue, rules: [] }).at(0).sample('t1', { temperatureCelsius: 70 });
    run.at(170).sample('t2', { temperatureCelsius: 70 });
    run.at(200).reload([heat(), rule({ id: 'quiet', kind: 'silent', for: { profiles: ['climate'] } }, venue)], venue);
    expect(run.story()).toEqual([
      [200, 'raised', 't1', 'yellow'],
      [200, 'raised', 't2', 'red'],
    ]);
  });

  test('a limit of silence that is shorter now has passed now, not some time ago', () => {
    const silent = (factor: number) => rule({ id: 'quiet', kind: 'silent', factor, for: { devices: ['t1'] } }, venue);
    const run = stage({ venue, rules: [silent(100)] })
      .at(0)
      .sample('t1', { temperatureCelsius: 20 });
    run.at(500).reload([silent(2)], venue);
    expect(run.at(501).story()).toEqual([[500, 'raised', 't1', 'yellow']]);
  });
});

test('saved and restored with other rules, the same happens as by a reload', () => {
  const run = hot();
  const again = stage({
    venue,
    rules: [heat({ above: { red: 65 } })],
    startSeconds: 6,
    snapshot: run.at(5).save(),
    alarms: run.open(),
  });
  expect(again.open()).toMatchObject([{ condition: 'unknown', reason: { code: 'rule-changed' } }]);
  again.at(8).sample('t1', { temperatureCelsius: 66 });
  expect(again.story()).toEqual([
    [6, 'unknown', 't1', 'red'],
    [8, 'changed', 't1', 'red'],
  ]);
  again.at(9).sample('t1', { temperatureCelsius: 64 });
  expect(again.open()).toEqual([]);
});

test('reloaded at any moment with what it has already, the story is the same', () => {
  // No two deadlines of one moment: those fire in the order in which they were set.
  const odd = venueOf(
    [climate('t1'), climate('t2'), device('b1')].map((each, index) => ({
      ...each,
      reports: { everySeconds: 30.001 + index * 7.003 },
    })),
  );
  const rules = () => [
    heat({ holdSeconds: 20, clearSeconds: 7, deadband: 2 }, odd),
    rule({ id: 'quiet', kind: 'silent' }, odd),
    rule({ id: 'still', kind: 'stillness', minutes: 2, preAlarmSeconds: 15 }, odd),
    rule({ id: 'tilt', kind: 'tilt' }, odd),
    rule({ id: 'sos', kind: 'sos' }, odd),
  ];
  const moment = fc.record({
    after: fc.nat({ max: 90 }),
    of: fc.constantFrom('t1', 't2', 'b1'),
    celsius: fc.constantFrom(20, 59, 61, 90),
    tilt: fc.constantFrom(0, 1),
    calls: fc.boolean(),
    reloads: fc.boolean(),
  });
  const play = (moments: readonly (typeof moment extends fc.Arbitrary<infer M> ? M : never)[], reloads: boolean) => {
    const run = stage({ venue: odd, rules: rules() });
    let at = 0;
    for (const each of moments) {
      at += each.after;
      run.at(at);
      if (reloads && each.reloads) run.reload(rules(), odd);
      const metrics = {
        temperatureCelsius: each.celsius,
        accelerationXG: each.tilt,
        accelerationYG: 0,
        accelerationZG: 1 - each.tilt,
      };
      if (each.calls) run.occur(each.of, 'sos', { id: `${at}` });
      else run.put(sampleOf(each.of, run.nowMs, metrics));
    }
    return run.at(at + 600);
  };
  fc.assert(
    fc.property(fc.array(moment, { maxLength: 40 }), (moments) => {
      const plain = play(moments, false);
      const reloaded = play(moments, true);
      expect(reloaded.events).toEqual(plain.events);
      expect(reloaded.preAlarms).toEqual(plain.preAlarms);
    }),
    { numRuns: 100 },
  );
});
