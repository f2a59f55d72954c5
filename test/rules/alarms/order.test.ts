import { describe, expect, test } from 'vitest';
import { evidenceOf } from '../../../rules/alarms/evidence.ts';
import { device, EPOCH, rule, type Stage, type StageOptions, stage, venueOf, zone } from '../stage.ts';

const HOUR = 3600;
const venue = venueOf(
  ['t1', 't2', 't3'].map((id) => device(id, { zone: 'hall', reports: undefined })),
  [zone('hall')],
);
const heat = { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { yellow: 30, red: 60 } };
const power = { id: 'power', kind: 'threshold', metric: 'voltageVolts', below: { orange: 200 } };
const scene = (extra: Record<string, unknown> = {}, options: Partial<StageOptions> = {}): Stage =>
  stage({ venue, rules: [rule({ ...heat, ...extra }, venue), rule(power, venue)], ...options });
const hot = (s: Stage, ...ids: readonly string[]): Stage =>
  ids.reduce((each, id) => each.sample(id, { temperatureCelsius: 35 }), s);
const dark = (s: Stage, ...ids: readonly string[]): Stage =>
  ids.reduce((each, id) => each.sample(id, { voltageVolts: 100 }), s);
const alarmOf = (s: Stage, ruleId: string, subject: string) => {
  const alarm = s.open().find((each) => each.rule === ruleId && each.subject === subject);
  if (alarm === undefined) throw new Error(`no open alarm of ${ruleId} for ${subject}`);
  return alarm;
};
const shelve = (s: Stage, subject: string, untilSeconds: number) =>
  s.act({ type: 'shelve', alarm: alarmOf(s, 'heat', subject).id, by: 'li', untilMs: EPOCH + untilSeconds * 1000 });
const remove = (s: Stage, extra: { readonly subject?: string; readonly untilMs?: number } = {}) =>
  s.act({ type: 'remove-from-service', rule: 'power', by: 'li', why: 'repair', ...extra });
const told = (s: Stage, from: number): string[] =>
  s.events.slice(from).map(({ type, alarm }) => `${type} ${alarm.rule} ${alarm.subject}`);

describe('what is due at one moment', () => {
  test('comes in an order of its own, whatever was asked for first: back in service, then alarms by their ids', () => {
    const s = dark(hot(scene().at(0), 't2', 't1'), 't3');
    for (const id of ['t2', 't1']) shelve(s, id, 600);
    remove(s, { untilMs: EPOCH + 600_000 });
    const before = s.events.length;
    s.at(600);
    expect(told(s, before)).toEqual(['returned power t3', 'unshelved heat t1', 'unshelved heat t2']);
  });

  test('also what is back in service itself, by rule and subject', () => {
    const s = dark(scene().at(0), 't2', 't1');
    for (const subject of ['t2', 't1']) remove(s, { subject, untilMs: EPOCH + 600_000 });
    s.at(600);
    expect(s.service.filter(({ type }) => type === 'service-returned').map(({ entry }) => entry.subject)).toEqual([
      't1',
      't2',
    ]);
  });

  test('alarms of one rule are told by their ids', () => {
    const s = dark(scene().at(0), 't3', 't1', 't2');
    remove(s);
    const before = s.events.length;
    s.act({ type: 'return-to-service', rule: 'power', by: 'wang' });
    expect(told(s, before)).toEqual(['returned power t1', 'returned power t2', 'returned power t3']);
  });
});

describe('out of service', () => {
  test('twice, as a rule and as a subject: the return of one leaves the other', () => {
    const s = dark(scene().at(0), 't1', 't2');
    remove(s);
    remove(s, { subject: 't1' });
    const before = s.events.length;
    s.act({ type: 'return-to-service', rule: 'power', by: 'wang' });
    expect(told(s, before)).toEqual(['returned power t2']);
    expect(alarmOf(s, 'power', 't1').human).toBe('out-of-service');
  });

  test('for longer than a shift: reminded meanwhile, back at its time; said again, it is out since the first time', () => {
    const s = scene().at(0);
    remove(s, { untilMs: EPOCH + 10 * HOUR * 1000 });
    s.at(9 * HOUR);
    expect(s.service.map(({ type }) => type)).toEqual(['service-removed', 'service-reminded']);
    remove(s, { untilMs: EPOCH + 10 * HOUR * 1000 });
    expect(s.outOfService()).toMatchObject([{ sinceMs: EPOCH }]);
    s.at(10 * HOUR);
    expect(s.outOfService()).toEqual([]);
    const last = s.service.at(-1);
    expect(last).toMatchObject({ type: 'service-returned', atMs: EPOCH + 10 * HOUR * 1000 });
    expect(last).not.toHaveProperty('by');
    remove(s);
    s.act({ type: 'return-to-service', rule: 'power', by: 'wang' });
    expect(s.service.at(-1)).toMatchObject({ type: 'service-returned', by: 'wang' });
  });

  test('what has cleared on the shelf waits for a person, not for the rule to come back', () => {
    const options = { rules: [rule({ ...heat, latching: true }, venue)] };
    const s = hot(scene({}, options).at(0), 't1');
    shelve(s, 't1', 600);
    s.at(1).sample('t1', { temperatureCelsius: 20 });
    expect(alarmOf(s, 'heat', 't1')).toMatchObject({ condition: 'cleared', human: 'shelved' });
    const entry = { rule: 'heat', by: 'li', why: 'repair', sinceMs: EPOCH, remindAtMs: EPOCH + 8 * HOUR * 1000 };
    const after = scene(
      {},
      { ...options, startSeconds: 2, snapshot: s.save(), alarms: s.open(), outOfService: [entry] },
    );
    expect(alarmOf(after.at(600), 'heat', 't1')).toMatchObject({ condition: 'cleared', human: 'unacknowledged' });
  });
});

test('of several causes the one with the first id suppresses, whichever came first', () => {
  const suppressedBy = [{ rule: 'power', scope: 'venue' }];
  for (const causes of [
    ['t3', 't1'],
    ['t1', 't3'],
  ]) {
    const s = hot(dark(scene({ suppressedBy }).at(0), ...causes).at(1), 't2');
    expect(alarmOf(s, 'heat', 't2')).toMatchObject({
      human: 'suppressed',
      suppressedBy: alarmOf(s, 'power', 't1').id,
    });
  }
});

test('the longest shelf is allowed, one of a millisecond more is not', () => {
  const s = hot(scene({ shelveMaxMinutes: 5 }).at(0), 't1');
  expect(shelve(s, 't1', 300.001)).toEqual({ ok: false, reason: 'shelf-too-long' });
  expect(shelve(s, 't1', 300)).toMatchObject({ ok: true });
});

test('a comment is there where one was given', () => {
  const s = hot(scene().at(0), 't1', 't2');
  s.act({ type: 'acknowledge', alarm: alarmOf(s, 'heat', 't1').id, by: 'li' });
  expect(alarmOf(s, 'heat', 't1')).not.toHaveProperty('comment');
  s.act({ type: 'acknowledge', alarm: alarmOf(s, 'heat', 't2').id, by: 'li', comment: 'on my way' });
  expect(alarmOf(s, 'heat', 't2').comment).toMatchObject({ by: 'li', text: 'on my way' });
});

test('of a rule and subject one alarm is open, also where two are put back', () => {
  const first = hot(scene().at(0), 't1').open();
  const second = hot(scene().at(5), 't1').open();
  const s = scene({}, { startSeconds: 10, alarms: [...first, ...second] });
  expect(s.open()).toEqual(second);
  expect(s.act({ type: 'comment', alarm: first[0]?.id ?? '', by: 'li', comment: 'x' })).toEqual({
    ok: false,
    reason: 'not-open',
  });
});

describe('evidence', () => {
  const heating = rule(heat, venue);
  const briefOf = (window: unknown) =>
    evidenceOf(heating, { before: { phase: 'normal' }, after: { phase: 'normal', ...{ window } } })?.after;

  test('keeps the end of a long list, and says how much it leaves out', () => {
    expect(briefOf([1, 2, 3, 4, 5, 6, 7, 8])).toEqual({ phase: 'normal', window: [1, 2, 3, 4, 5, 6, 7, 8] });
    expect(briefOf([0, 1, 2, 3, 4, 5, 6, 7, 8])).toEqual({
      phase: 'normal',
      window: ['… 1 more', 1, 2, 3, 4, 5, 6, 7, 8],
    });
  });

  test('is cut where it is deep; nothing and null stay what they are', () => {
    const deep = (depth: number): unknown => (depth === 0 ? 'end' : { in: deep(depth - 1) });
    expect(JSON.stringify(briefOf(deep(7)))).toContain('end');
    expect(JSON.stringify(briefOf(deep(8)))).toContain('…');
    expect(JSON.stringify(briefOf(deep(8)))).not.toContain('end');
    expect(briefOf({ none: null, absent: undefined })).toEqual({ phase: 'normal', window: { none: null } });
  });

  test('has an input where one came in', () => {
    const state = { phase: 'normal' } as const;
    expect(evidenceOf(heating, undefined)).toBeUndefined();
    expect(evidenceOf(heating, { before: state, after: state })).not.toHaveProperty('input');
    const input = { type: 'wake', nowMs: 5 } as const;
    expect(evidenceOf(heating, { before: state, after: state, input })).toMatchObject({ input });
  });
});
