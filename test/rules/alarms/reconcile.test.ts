import { expect, test } from 'vitest';
import { type Alarm, GATEWAY_RULE } from '../../../rules/alarms/alarm.ts';
import { AlarmDesk, type DeskEvent } from '../../../rules/alarms/desk.ts';
import type { ConditionVerdict } from '../../../rules/engine.ts';
import type { Condition } from '../../../rules/rule.ts';
import { made, saying } from '../judge/made.ts';
import { EPOCH } from '../stage.ts';

const AT = new Date(EPOCH).toISOString();
const alarm = (rule: string, extra: Partial<Alarm> = {}): Alarm => ({
  id: `${rule}.s.1`,
  rule,
  kind: 'made',
  subject: 's',
  severity: 'orange',
  condition: 'active',
  human: 'unacknowledged',
  raisedAt: AT,
  changedAt: AT,
  reason: { code: 'above-limit', zh: '', en: '' },
  guidance: { zh: '', en: '' },
  ...extra,
});

const verdictOf = (condition: Condition): ConditionVerdict => ({
  type: 'condition',
  rule: made('judged', (state) => ({ state })),
  subject: 's',
  device: 's',
  zone: undefined,
  atMs: EPOCH,
  condition,
  grounds: { before: { phase: 'normal' }, after: { phase: condition.phase } },
});

/** After a change of rules: `changed` has another limit now, `judged` has spoken again, of the others nothing is known. */
const reconciled = (alarms: readonly Alarm[], ...standing: readonly Condition[]) => {
  const events: DeskEvent[] = [];
  const desk = new AlarmDesk((event) => events.push(event), [made('judged', (state) => ({ state }))]);
  desk.restore(alarms, []);
  const judging = {
    hasJudged: (rule: string) => rule === 'judged',
    stateOf: (rule: string) => (rule === 'changed' ? { phase: 'unknown' as const } : undefined),
    standing: () => standing.map(verdictOf),
  };
  desk.reconcile(judging, (kind) => kind !== 'lost-source', EPOCH + 1000);
  return events.flatMap((event) =>
    'alarm' in event ? [`${event.type} ${event.alarm.rule} ${event.alarm.reason.code}`] : [event.type],
  );
};

test('of an alarm that no rule speaks for nothing is known, and why: its rule is gone, or is another', () => {
  expect(reconciled([alarm('gone'), alarm('changed'), alarm('judged')])).toEqual([
    'unknown gone no-longer-judged',
    'unknown changed rule-changed',
  ]);
});

test('of one that a rule of another kind raised, whose id another has now, nothing is known either', () => {
  expect(reconciled([alarm('judged', { kind: 'sos' })])).toEqual(['unknown judged no-longer-judged']);
});

test('one of which nothing was known already has another reason now', () => {
  expect(reconciled([alarm('gone', { condition: 'unknown' })])).toEqual(['changed gone no-longer-judged']);
});

test('one that has cleared stays so, and alarms of the gateway itself speak for themselves', () => {
  const own = alarm(GATEWAY_RULE, { kind: 'gateway-health' });
  expect(reconciled([alarm('gone', { condition: 'cleared' }), own, alarm('mqtt', { kind: 'lost-source' })])).toEqual(
    [],
  );
});

test('one that somebody has in hand is over', () => {
  expect(reconciled([alarm('gone', { human: 'acknowledged' })])).toEqual([
    'unknown gone no-longer-judged',
    'cleared gone no-longer-judged',
    'closed gone no-longer-judged',
  ]);
});

test('what a rule says and nobody has heard is raised, has risen, has come back or is over', () => {
  expect(reconciled([], saying('active'))).toEqual(['raised judged made']);
  expect(reconciled([alarm('judged')], saying('active', { severity: 'red' }))).toEqual(['escalated judged made']);
  expect(reconciled([alarm('judged', { condition: 'cleared' })], saying('active'))).toEqual(['repeated judged made']);
  expect(reconciled([alarm('judged')], saying('normal'))).toEqual(['cleared judged made', 'closed judged made']);
});

test('what is less grave by now is changed, so that a later rise calls people again', () => {
  expect(reconciled([alarm('judged')], saying('active', { severity: 'yellow' }))).toEqual(['changed judged made']);
});

test('what was heard is not told again; where nothing is known it stays so, and what is pending waits', () => {
  expect(reconciled([alarm('judged')], saying('active', { severity: 'orange', again: true }))).toEqual([]);
  expect(reconciled([alarm('judged', { condition: 'unknown' })], saying('normal'), saying('active'))).toEqual([]);
  expect(reconciled([alarm('judged', { condition: 'cleared' })], saying('normal'))).toEqual([]);
  expect(reconciled([], saying('normal'), saying('pending'), saying('unknown'))).toEqual([]);
});

test('a wearer who was being asked is asked again', () => {
  expect(reconciled([], saying('pending', { preAlarmUntilMs: EPOCH + 5000 }))).toEqual(['pre-alarm']);
});
