import { describe, expect, test } from 'vitest';
import { device, rule, type Stage, stage, venueOf, zone } from '../stage.ts';

const venue = venueOf([device('b1', { zone: 'hall' })], [zone('hall')]);
const heatOf = (s: Stage) => s.open().find((alarm) => alarm.rule === 'heat');

describe('a rule that names other causes than before', () => {
  const rulesWith = (suppressedBy: readonly object[]) => [
    rule({ id: 'power', kind: 'threshold', metric: 'voltageVolts', below: { orange: 180 } }, venue),
    rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 35 }, suppressedBy }, venue),
  ];
  const byPower = rulesWith([{ rule: 'power', scope: 'zone' }]);
  const suppressed = (): Stage =>
    stage({ venue, rules: byPower })
      .at(0)
      .sample('b1', { voltageVolts: 100 })
      .at(1)
      .sample('b1', { temperatureCelsius: 40 })
      .at(10);

  test('after a reload: what it no longer suppresses is told, and can be acknowledged', () => {
    const s = suppressed();
    expect(heatOf(s)?.human).toBe('suppressed');
    s.reload(rulesWith([]), venue);
    expect(s.story().at(-1)).toEqual([10, 'unsuppressed', 'b1', 'orange']);
    const alarm = heatOf(s);
    expect(s.act({ type: 'acknowledge', alarm: alarm?.id ?? '', by: 'li' }).ok).toBe(true);
  });

  test('after a restart: likewise', () => {
    const before = suppressed();
    const s = stage({
      venue,
      rules: rulesWith([]),
      startSeconds: 12,
      snapshot: before.save(),
      alarms: before.open(),
    });
    expect(heatOf(s)?.human).toBe('unacknowledged');
  });

  test('after a reload: one that is its cause from now on suppresses it', () => {
    const s = stage({ venue, rules: rulesWith([]) })
      .at(0)
      .sample('b1', { voltageVolts: 100, temperatureCelsius: 40 });
    s.at(10).reload(byPower, venue);
    expect(heatOf(s)?.human).toBe('suppressed');
  });
});

describe('a rule of another kind under the id of one that is gone', () => {
  const battery = (extra: object = {}) =>
    rule({ id: 'x', kind: 'threshold', metric: 'batteryPercent', below: { orange: 20 }, ...extra }, venue);
  const low = (): Stage =>
    stage({ venue, rules: [battery()] })
      .at(0)
      .sample('b1', { batteryPercent: 5 });

  test('raises alarms of its own: a press is no part of a battery’s alarm, and not out of service with it', () => {
    const s = low();
    s.act({ type: 'remove-from-service', rule: 'x', by: 'li', why: 'new cells are on their way' });
    s.reload([], venue)
      .at(5)
      .reload([rule({ id: 'x', kind: 'sos' }, venue)], venue)
      .at(10)
      .occur('b1', 'sos');
    expect(s.open()).toMatchObject([{ rule: 'x', kind: 'sos', severity: 'red', human: 'unacknowledged' }]);
    expect(s.story().slice(-2)).toEqual([
      [10, 'closed', 'b1', 'orange'],
      [10, 'raised', 'b1', 'red'],
    ]);
    const [alarm] = s.open();
    expect(s.act({ type: 'shelve', alarm: alarm?.id ?? '', by: 'li', untilMs: s.nowMs + 1000 })).toMatchObject({
      ok: false,
      reason: 'call-for-help',
    });
  });

  test('never says that the former alarm is over: that is unknown until somebody has it in hand', () => {
    const s = low();
    const heat = rule({ id: 'x', kind: 'rate-of-change', metric: 'batteryPercent', perMinute: { red: 50 } }, venue);
    s.reload([], venue).reload([heat], venue);
    for (let at = 1; at < 600; at += 30) s.at(at).sample('b1', { batteryPercent: 90 });
    expect(s.open()).toMatchObject([{ kind: 'threshold', condition: 'unknown', reason: { code: 'no-longer-judged' } }]);
    for (const alarm of s.open()) s.acknowledge(alarm, 'li');
    expect(s.open()).toEqual([]);
  });
});

test('two names that are one in an id are two alarms, of which each can be acknowledged', () => {
  const clamps = venueOf([device('db'), device('db-a')]);
  const rules = [rule({ id: 'amps', kind: 'threshold', metric: 'currentAmps', above: { orange: 50 } }, clamps)];
  const s = stage({ venue: clamps, rules })
    .at(0)
    .sample('db', { currentAmps: 60 }, 'a')
    .sample('db-a', { currentAmps: 61 });
  expect(
    s
      .open()
      .map(({ subject }) => subject)
      .toSorted(),
  ).toEqual(['db-a', 'db/a']);
  expect(new Set(s.open().map(({ id }) => id)).size).toBe(2);
  for (const alarm of s.open()) {
    const raisedMs = Number.parseInt(alarm.id.split('.').at(-1) ?? '', 36);
    expect(new Date(raisedMs).toISOString()).toBe(alarm.raisedAt);
    s.acknowledge(alarm, 'li');
  }
  expect(s.open().map(({ human }) => human)).toEqual(['acknowledged', 'acknowledged']);
});

describe('acknowledged', () => {
  const rules = [
    rule({ id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { orange: 35 }, latching: true }, venue),
  ];
  const hot = (): Stage => stage({ venue, rules }).at(0).sample('b1', { temperatureCelsius: 40 });
  const idOf = (s: Stage): string => heatOf(s)?.id ?? '';

  test('what a second one says to it is kept', () => {
    const s = hot();
    s.act({ type: 'acknowledge', alarm: idOf(s), by: 'li' });
    s.act({ type: 'acknowledge', alarm: idOf(s), by: 'wang', comment: 'I am there' });
    expect(heatOf(s)).toMatchObject({ acknowledgedBy: 'li', comment: { by: 'wang', text: 'I am there' } });
    expect(s.story().map(([, type]) => type)).toEqual(['raised', 'acknowledged', 'commented']);
    s.act({ type: 'acknowledge', alarm: idOf(s), by: 'wang', comment: ' ' });
    expect(s.story()).toHaveLength(3);
  });

  test('and on the shelf: once it has cleared and come back it waits to be acknowledged anew', () => {
    const s = hot();
    s.act({ type: 'acknowledge', alarm: idOf(s), by: 'li' });
    s.act({ type: 'shelve', alarm: idOf(s), by: 'li', untilMs: s.nowMs + 100_000 });
    for (const [at, temperatureCelsius] of [
      [10, 20],
      [20, 40],
      [30, 20],
    ] as const)
      s.at(at).sample('b1', { temperatureCelsius });
    s.at(101);
    expect(s.open()).toMatchObject([{ condition: 'cleared', human: 'unacknowledged' }]);
  });
});
