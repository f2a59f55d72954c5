import { describe, expect, test } from 'vitest';
import type { ActionResult } from '../../../rules/alarms/action.ts';
import type { AlarmEvent } from '../../../rules/alarms/alarm.ts';
import { device, EPOCH, rule, type Stage, type StageOptions, stage, venueOf, zone } from '../stage.ts';

const MINUTE = 60;
const venue = venueOf(
  [
    device('t1', { zone: 'hall' }),
    device('t2', { zone: 'hall' }),
    device('t3', { zone: 'yard' }),
    device('b1', { zone: 'hall' }),
  ],
  [zone('hall'), zone('yard')],
);
const heat = { id: 'heat', kind: 'threshold', metric: 'temperatureCelsius', above: { yellow: 30, red: 60 } };
const power = {
  id: 'power',
  kind: 'threshold',
  metric: 'voltageVolts',
  below: { orange: 200 },
  for: { devices: ['t1', 't3'] },
};
const scene = (extra: Record<string, unknown> = {}, options: Partial<StageOptions> = {}): Stage =>
  stage({
    venue,
    rules: [rule({ ...heat, ...extra }, venue), rule(power, venue), rule({ id: 'help', kind: 'sos' }, venue)],
    ...options,
  });
const hot = (s: Stage, seconds: number, celsius: number, id = 't1'): Stage =>
  s.at(seconds).sample(id, { temperatureCelsius: celsius });
const volts = (s: Stage, seconds: number, value: number, id = 't1'): Stage =>
  s.at(seconds).sample(id, { voltageVolts: value });
const alarmOf = (s: Stage, ruleId: string, subject = 't1') => {
  const alarm = s.open().find((each) => each.rule === ruleId && each.subject === subject);
  if (alarm === undefined) throw new Error(`no open alarm of ${ruleId}`);
  return alarm;
};
const of = (s: Stage, ruleId: string): string[] =>
  s.events
    .filter(({ alarm }) => alarm.rule === ruleId)
    .map(({ type, atMs, alarm }) => `${(atMs - EPOCH) / 1000} ${type} ${alarm.condition}/${alarm.human}`);
const shelve = (s: Stage, minutes?: number): ActionResult =>
  s.act({
    type: 'shelve',
    alarm: alarmOf(s, 'heat').id,
    by: 'li',
    ...(minutes === undefined ? {} : { untilMs: s.nowMs + minutes * MINUTE * 1000 }),
  });
/** Values keep coming, so that nothing falls silent. */
const keep = (s: Stage, from: number, to: number, celsius: number): Stage => {
  for (let at = from; at <= to; at += 30) hot(s, at, celsius);
  return s;
};

describe('shelving', () => {
  test('holds until its time, to the millisecond, then it is told again', () => {
    const s = hot(scene(), 0, 35);
    expect(shelve(s, 10)).toMatchObject({ ok: true, already: false, alarm: { human: 'shelved' } });
    expect(alarmOf(s, 'heat').shelved).toEqual({
      by: 'li',
      at: '2026-06-01T12:00:00.000Z',
      until: '2026-06-01T12:10:00.000Z',
    });
    keep(s, 30, 599, 36).at(599.999);
    expect(alarmOf(s, 'heat').human).toBe('shelved');
    s.at(600);
    expect(of(s, 'heat').at(-1)).toBe('600 unshelved active/unacknowledged');
    expect(alarmOf(s, 'heat')).not.toHaveProperty('shelved');
  });

  test('outlives the condition: what chatters is silent as long as it was asked to be', () => {
    const s = hot(scene({ latching: false }), 0, 35);
    shelve(s, 10);
    hot(hot(hot(s, 30, 20), 60, 35), 90, 20);
    expect(of(s, 'heat').slice(1)).toEqual([
      '0 shelved active/shelved',
      '30 cleared cleared/shelved',
      '60 changed active/shelved',
      '90 cleared cleared/shelved',
    ]);
    s.at(600);
    expect(of(s, 'heat').slice(-2)).toEqual([
      '600 unshelved cleared/unacknowledged',
      '600 closed cleared/unacknowledged',
    ]);
    expect(s.open()).toEqual([]);
  });

  test('once: until it clears', () => {
    const s = hot(scene(), 0, 35);
    shelve(s);
    hot(s, 30, 20);
    expect(of(s, 'heat').slice(-2)).toEqual([
      '30 unshelved cleared/unacknowledged',
      '30 closed cleared/unacknowledged',
    ]);
    const latched = hot(scene({ latching: true }), 0, 35);
    shelve(latched);
    hot(latched, 30, 20);
    expect(of(latched, 'heat').at(-1)).toBe('30 unshelved cleared/unacknowledged');
    expect(shelve(latched)).toEqual({ ok: false, reason: 'cleared' });
  });

  test('once: no longer than the rule allows', () => {
    const s = keep(scene({ shelveMaxMinutes: 5 }), 0, 0, 35);
    shelve(s);
    keep(s, 30, 300, 36);
    expect(of(s, 'heat')).toContain('300 unshelved active/unacknowledged');
  });

  test('a rise in severity voids it; a fall does not', () => {
    const s = hot(scene(), 0, 65);
    shelve(s, 10);
    hot(s, 30, 35);
    expect(alarmOf(s, 'heat')).toMatchObject({ severity: 'yellow', human: 'shelved' });
    hot(s, 60, 66);
    expect(of(s, 'heat').at(-1)).toBe('60 escalated active/unacknowledged');
  });

  test('whoever was told before the shelf is not asked again to acknowledge what is over', () => {
    const s = hot(scene({ latching: true }), 0, 35);
    s.acknowledge(alarmOf(s, 'heat'), 'li');
    shelve(s, 10);
    keep(s, 30, 600, 20);
    expect(s.open()).toEqual([]);
  });

  test.each([
    ['longer than the rule allows', 61, 'shelf-too-long'],
    ['into the past', -1, 'in-the-past'],
    ['for no time', 0, 'in-the-past'],
  ])('not %s', (_, minutes, reason) => {
    const s = hot(scene(), 0, 35);
    expect(shelve(s, minutes)).toEqual({ ok: false, reason });
    expect(s.events).toHaveLength(1);
  });

  test('silence of its device is no end of it, nor does it clear', () => {
    const s = hot(scene(), 0, 35);
    shelve(s, 10);
    s.at(599);
    expect(alarmOf(s, 'heat')).toMatchObject({ condition: 'unknown', human: 'shelved' });
    s.at(600);
    expect(alarmOf(s, 'heat')).toMatchObject({ condition: 'unknown', human: 'unacknowledged' });
  });

  test('a shelf survives a restart with its deadline; one that passed while down ends at its own time', () => {
    const s = hot(scene(), 0, 35);
    shelve(s, 10);
    const again = scene({}, { startSeconds: 60, snapshot: s.save(), alarms: JSON.parse(JSON.stringify(s.open())) });
    again.at(599.999);
    expect(again.open()[0]?.human).toBe('shelved');
    again.at(600);
    expect(of(again, 'heat').at(-1)).toMatch(/^600 unshelved /);
    const late = scene({}, { startSeconds: 900, snapshot: s.save(), alarms: JSON.parse(JSON.stringify(s.open())) });
    late.at(900);
    expect(of(late, 'heat')[0]).toMatch(/^600 unshelved /);
  });
});

describe('a call for help', () => {
  const called = (): Stage => scene().at(1).occur('b1', 'sos');

  test.each([
    ['shelved', (s: Stage) => s.act({ type: 'shelve', alarm: alarmOf(s, 'help', 'b1').id, by: 'li' })],
    ['taken out of service', (s: Stage) => s.act({ type: 'remove-from-service', rule: 'help', by: 'li', why: 'test' })],
  ])('is never %s', (_, act) => {
    const s = called();
    expect(act(s)).toEqual({ ok: false, reason: 'call-for-help' });
    expect(alarmOf(s, 'help', 'b1').human).toBe('unacknowledged');
    expect(s.outOfService()).toEqual([]);
  });

  test('is never suppressed, whatever the configuration names as its cause', () => {
    const s = stage({
      venue,
      rules: [
        rule(power, venue),
        rule({ id: 'help', kind: 'sos', suppressedBy: [{ rule: 'power', scope: 'venue' }] }, venue),
      ],
    });
    volts(s, 0, 10).at(1).occur('b1', 'sos');
    expect(alarmOf(s, 'help', 'b1').human).toBe('unacknowledged');
  });
});

describe('suppression by design', () => {
  const caused = (scope: string): Stage => scene({ suppressedBy: [{ rule: 'power', scope }] });

  test('what follows from a cause is kept and told to nobody; when the cause ends, people are told', () => {
    const s = volts(caused('zone'), 0, 100);
    hot(s, 1, 35, 't2');
    expect(alarmOf(s, 'heat', 't2')).toMatchObject({
      human: 'suppressed',
      suppressedBy: alarmOf(s, 'power').id,
      condition: 'active',
    });
    volts(s, 2, 230);
    expect(of(s, 'heat')).toEqual(['1 raised active/suppressed', '2 unsuppressed active/unacknowledged']);
  });

  test('an alarm that was there before its cause is suppressed from then on, but not one that is acknowledged', () => {
    const s = hot(hot(caused('venue'), 0, 35, 't1'), 0, 35, 't2');
    s.acknowledge(alarmOf(s, 'heat', 't1'), 'li');
    volts(s, 1, 100, 't3');
    expect(alarmOf(s, 'heat', 't1').human).toBe('acknowledged');
    expect(alarmOf(s, 'heat', 't2').human).toBe('suppressed');
  });

  test.each([
    ['subject', ['t1']],
    ['zone', ['t1', 't2']],
    ['venue', ['t1', 't2', 't3']],
  ])('reaches as far as its scope: %s', (scope, reached) => {
    const s = volts(caused(scope), 0, 100);
    for (const id of ['t1', 't2', 't3']) hot(s, 1, 35, id);
    const held = s.open().filter(({ human }) => human === 'suppressed');
    expect(held.map(({ subject }) => subject)).toEqual(reached);
  });

  test('never hides what is graver than its cause', () => {
    const s = volts(caused('zone'), 0, 100);
    hot(s, 1, 65);
    expect(alarmOf(s, 'heat').human).toBe('unacknowledged');
    const grown = hot(volts(caused('zone'), 0, 100), 1, 35);
    hot(grown, 2, 65);
    expect(of(grown, 'heat')).toEqual(['1 raised active/suppressed', '2 escalated active/unacknowledged']);
  });

  test.each([
    ['is shelved', (s: Stage) => s.act({ type: 'shelve', alarm: alarmOf(s, 'power').id, by: 'li' })],
    ['is out of service', (s: Stage) => s.act({ type: 'remove-from-service', rule: 'power', by: 'li', why: 'x' })],
    ['is no longer certain', (s: Stage) => s.at(400)],
  ])('a cause that %s hides nothing', (_, change) => {
    const s = hot(volts(caused('subject'), 0, 100), 1, 35);
    change(s);
    expect(alarmOf(s, 'heat').human).toBe('unacknowledged');
  });

  test('an acknowledged cause goes on to suppress; a suppressed one in a chain does, too', () => {
    const s = stage({
      venue,
      rules: [
        rule(power, venue),
        rule({ ...heat, suppressedBy: [{ rule: 'power' }] }, venue),
        rule({ ...heat, id: 'warm', suppressedBy: [{ rule: 'heat' }] }, venue),
      ],
    });
    volts(s, 0, 100);
    s.acknowledge(alarmOf(s, 'power'), 'li');
    hot(s, 1, 35);
    expect(alarmOf(s, 'warm').human).toBe('suppressed');
    volts(s, 2, 230);
    expect(alarmOf(s, 'heat').human).toBe('unacknowledged');
    expect(alarmOf(s, 'warm').human).toBe('suppressed');
  });

  test('cannot be acknowledged or shelved meanwhile, and says why', () => {
    const s = hot(volts(caused('zone'), 0, 100), 1, 35);
    const alarm = alarmOf(s, 'heat').id;
    expect(s.act({ type: 'acknowledge', alarm, by: 'li' })).toEqual({ ok: false, reason: 'suppressed' });
    expect(s.act({ type: 'shelve', alarm, by: 'li' })).toEqual({ ok: false, reason: 'suppressed' });
  });
});

describe('out of service', () => {
  const away = (s: Stage, subject?: string, minutes?: number): ActionResult =>
    s.act({
      type: 'remove-from-service',
      rule: 'heat',
      by: 'wang',
      why: 'sensor is being changed',
      ...(subject === undefined ? {} : { subject }),
      ...(minutes === undefined ? {} : { untilMs: s.nowMs + minutes * MINUTE * 1000 }),
    });

  test('judged and kept, told to nobody; on return people are told of what is open', () => {
    const s = hot(scene(), 0, 35);
    expect(away(s)).toMatchObject({ ok: true, entry: { rule: 'heat', by: 'wang', sinceMs: EPOCH } });
    hot(s, 1, 36, 't2');
    expect(alarmOf(s, 'heat', 't2')).toMatchObject({
      human: 'out-of-service',
      outOfService: { by: 'wang', why: 'sensor is being changed' },
    });
    hot(s, 2, 70, 't2');
    expect(alarmOf(s, 'heat', 't2')).toMatchObject({ severity: 'red', human: 'out-of-service' });
    expect(s.act({ type: 'return-to-service', rule: 'heat', by: 'wang' })).toMatchObject({ ok: true });
    expect(of(s, 'heat')).toEqual([
      '0 raised active/unacknowledged',
      '0 out-of-service active/out-of-service',
      '1 raised active/out-of-service',
      '2 escalated active/out-of-service',
      '2 returned active/unacknowledged',
      '2 returned active/unacknowledged',
    ]);
    expect(s.service.map(({ type }) => type)).toEqual(['service-removed', 'service-returned']);
  });

  test('of one subject alone', () => {
    const s = scene();
    away(s, 't2');
    hot(hot(s, 1, 35), 1, 35, 't2');
    expect(alarmOf(s, 'heat', 't1').human).toBe('unacknowledged');
    expect(alarmOf(s, 'heat', 't2').human).toBe('out-of-service');
    away(s);
    s.act({ type: 'return-to-service', rule: 'heat', by: 'wang' });
    expect(alarmOf(s, 'heat', 't1').human).toBe('unacknowledged');
    expect(alarmOf(s, 'heat', 't2').human).toBe('out-of-service');
  });

  test('for a time: back by itself, to the millisecond', () => {
    const s = scene();
    away(s, undefined, 10);
    hot(s, 590, 35).at(599.999);
    expect(alarmOf(s, 'heat').human).toBe('out-of-service');
    s.at(600);
    expect(of(s, 'heat').at(-1)).toBe('600 returned active/unacknowledged');
    expect(s.outOfService()).toEqual([]);
  });

  test('without end: people are reminded each shift, and it stays on the list', () => {
    const s = scene();
    away(s);
    s.at(24 * 3600);
    expect(s.service.map(({ type, atMs }) => `${type} ${(atMs - EPOCH) / 3_600_000}`)).toEqual([
      'service-removed 0',
      'service-reminded 8',
      'service-reminded 16',
      'service-reminded 24',
    ]);
    expect(s.outOfService()).toHaveLength(1);
  });

  test('survives a restart', () => {
    const s = scene();
    away(s, undefined, 10);
    const outOfService = JSON.parse(JSON.stringify(s.outOfService()));
    const again = hot(scene({}, { startSeconds: 60, snapshot: s.save(), outOfService }), 60, 35);
    expect(alarmOf(again, 'heat').human).toBe('out-of-service');
    again.at(600);
    expect(again.outOfService()).toEqual([]);
  });

  test.each([
    ['without a reason', { rule: 'heat', why: ' ' }, 'no-reason'],
    ['of a rule that is not there', { rule: 'hear', why: 'x' }, 'no-such-rule'],
    ['until a time that is over', { rule: 'heat', why: 'x', untilMs: EPOCH }, 'in-the-past'],
  ])('not %s', (_, asked, reason) => {
    expect(scene().act({ type: 'remove-from-service', by: 'wang', ...asked })).toEqual({ ok: false, reason });
  });

  test('nothing to return', () => {
    expect(scene().act({ type: 'return-to-service', rule: 'heat', by: 'wang' })).toEqual({
      ok: false,
      reason: 'in-service',
    });
  });
});

describe('what was acknowledged and goes on', () => {
  test('is told again after its time, to the millisecond, and as often as it is acknowledged', () => {
    const s = hot(scene({ realarmMinutes: 5 }), 0, 35);
    s.acknowledge(alarmOf(s, 'heat'), 'li');
    expect(alarmOf(s, 'heat').realarmAt).toBe('2026-06-01T12:05:00.000Z');
    keep(s, 30, 270, 36).at(299.999);
    expect(alarmOf(s, 'heat').human).toBe('acknowledged');
    s.at(300);
    expect(of(s, 'heat').at(-1)).toBe('300 reminded active/unacknowledged');
    expect(alarmOf(s, 'heat')).not.toHaveProperty('acknowledgedBy');
    s.acknowledge(alarmOf(s, 'heat'), 'li');
    keep(s, 330, 600, 36);
    expect(of(s, 'heat')).toContain('600 reminded active/unacknowledged');
  });

  test('also where nobody knows whether it does', () => {
    const s = hot(scene({ realarmMinutes: 5 }), 0, 35);
    s.acknowledge(alarmOf(s, 'heat'), 'li');
    s.at(300);
    expect(of(s, 'heat').at(-1)).toBe('300 reminded unknown/unacknowledged');
  });

  test('not what is over, and not without a time', () => {
    const s = hot(scene({ realarmMinutes: 5 }), 0, 35);
    s.acknowledge(alarmOf(s, 'heat'), 'li');
    hot(s, 60, 20).at(1000);
    expect(of(s, 'heat').some((line) => line.includes('reminded'))).toBe(false);
    const without = hot(scene(), 0, 35);
    without.acknowledge(alarmOf(without, 'heat'), 'li');
    keep(without, 30, 3600, 36);
    expect(alarmOf(without, 'heat').human).toBe('acknowledged');
  });
});

describe('comments and assignments', () => {
  test('a comment is kept with the alarm, and changes nothing else', () => {
    const s = hot(scene(), 0, 35);
    const before = alarmOf(s, 'heat');
    s.at(5).act({ type: 'comment', alarm: before.id, by: 'li', comment: 'on my way' });
    const comment = { by: 'li', at: '2026-06-01T12:00:05.000Z', text: 'on my way' };
    expect(alarmOf(s, 'heat')).toEqual({ ...before, comment, changedAt: comment.at });
    expect(s.events.at(-1)).toMatchObject({ type: 'commented', by: 'li', comment: 'on my way' });
    expect(s.act({ type: 'comment', alarm: before.id, by: 'li', comment: ' ' })).toEqual({
      ok: false,
      reason: 'no-reason',
    });
  });

  test('assigned to somebody, to somebody else, to nobody', () => {
    const s = hot(scene(), 0, 35);
    const alarm = alarmOf(s, 'heat').id;
    s.act({ type: 'assign', alarm, by: 'li', to: 'medic' });
    expect(alarmOf(s, 'heat').assignedTo).toBe('medic');
    s.act({ type: 'assign', alarm, by: 'li' });
    expect(alarmOf(s, 'heat')).not.toHaveProperty('assignedTo');
  });

  test('nothing is done about what is not open', () => {
    const s = scene();
    for (const type of ['acknowledge', 'shelve', 'unshelve', 'assign'] as const)
      expect(s.act({ type, alarm: 'x', by: 'li' })).toEqual({ ok: false, reason: 'not-open' });
  });
});

test('a word of a rule comes with how it came to say so', () => {
  const s = hot(hot(scene(), 0, 20), 30, 35);
  const [raised]: readonly (AlarmEvent | undefined)[] = s.events;
  expect(raised?.evidence).toMatchObject({
    parameters: { id: 'heat', above: { yellow: 30, red: 60 } },
    before: { phase: 'normal' },
    after: { phase: 'active' },
    input: { type: 'sample', device: 't1', metrics: { temperatureCelsius: 35 } },
  });
  s.acknowledge(alarmOf(s, 'heat'), 'li');
  expect(s.events.at(-1)).not.toHaveProperty('evidence');
});
