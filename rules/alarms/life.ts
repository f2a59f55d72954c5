import type { ConditionVerdict } from '../engine.ts';
import { type Condition, SEVERITIES, type Severity } from '../rule.ts';
import { reasonText } from '../texts/reasons.ts';
import { type Alarm, type AlarmEvent, type AlarmEventType, alarmId } from './alarm.ts';

const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** What of a condition an alarm shows; undefined fields stay out of the JSON. */
const shown = (condition: Condition): Pick<Alarm, 'reason' | 'value' | 'unit' | 'limit' | 'lateBySeconds'> => ({
  reason: { code: condition.reason.code, ...reasonText(condition.reason) },
  ...(condition.value === undefined ? {} : { value: condition.value }),
  ...(condition.unit === undefined ? {} : { unit: condition.unit }),
  ...(condition.limit === undefined ? {} : { limit: condition.limit }),
  ...(condition.lateBySeconds === undefined ? {} : { lateBySeconds: condition.lateBySeconds }),
});

/** A condition has become active where no alarm was open. */
export const raised = (verdict: ConditionVerdict): AlarmEvent => {
  const { rule, subject, zone, atMs, condition } = verdict;
  const alarm: Alarm = {
    id: alarmId(rule.id, subject, atMs),
    rule: rule.id,
    kind: rule.kind,
    subject,
    ...(zone === undefined ? {} : { zone }),
    severity: condition.severity ?? 'red',
    condition: 'active',
    human: 'unacknowledged',
    raisedAt: iso(atMs),
    changedAt: iso(atMs),
    ...shown(condition),
    guidance: rule.guidance,
  };
  return { type: 'raised', atMs, alarm };
};

/** What an open alarm becomes when its rule speaks again. Pure; answers the events in order, none if nothing changed. */
export const spoken = (alarm: Alarm, verdict: ConditionVerdict): readonly AlarmEvent[] => {
  switch (verdict.condition.phase) {
    case 'active':
      return [stillActive(alarm, verdict)];
    case 'normal':
      return alarm.condition === 'cleared' ? [] : wentNormal(alarm, verdict);
    case 'unknown':
      return alarm.condition === 'unknown' ? [] : [changed('unknown', { ...alarm, condition: 'unknown' }, verdict)];
    case 'pending':
      return [];
  }
};

const changed = (type: AlarmEventType, alarm: Alarm, verdict: ConditionVerdict): AlarmEvent => ({
  type,
  atMs: verdict.atMs,
  alarm: { ...alarm, ...shown(verdict.condition), changedAt: iso(verdict.atMs) },
});

/** Its wearer has gone elsewhere; all else stays as it was. */
export const moved = (alarm: Alarm, zone: string, atMs: number): AlarmEvent => ({
  type: 'changed',
  atMs,
  alarm: { ...alarm, zone, changedAt: iso(atMs) },
});

/** Nobody has acknowledged what it has now become. */
const unacknowledged = (alarm: Alarm): Alarm => {
  const { acknowledgedBy: _, ...rest } = alarm;
  return { ...rest, human: 'unacknowledged' };
};

const stillActive = (alarm: Alarm, verdict: ConditionVerdict): AlarmEvent => {
  const severity = verdict.condition.severity ?? alarm.severity;
  const next: Alarm = { ...alarm, severity, condition: 'active' };
  if (rank(severity) > rank(alarm.severity)) return changed('escalated', unacknowledged(next), verdict);
  if (verdict.condition.again === true || alarm.condition === 'cleared') {
    return changed('repeated', unacknowledged(next), verdict);
  }
  return changed('changed', next, verdict);
};

/** A latching alarm waits for a person; another, or an acknowledged one, is over. */
const wentNormal = (alarm: Alarm, verdict: ConditionVerdict): readonly AlarmEvent[] => {
  const cleared = changed('cleared', { ...alarm, condition: 'cleared' }, verdict);
  if (verdict.rule.latching && alarm.human === 'unacknowledged') return [cleared];
  return [cleared, { ...cleared, type: 'closed' }];
};

/** Somebody takes it on. A latched alarm whose condition has cleared is over with that. */
export const acknowledged = (alarm: Alarm, atMs: number, by: string, comment?: string): readonly AlarmEvent[] => {
  if (alarm.human === 'acknowledged') return [];
  const next: Alarm = { ...alarm, human: 'acknowledged', acknowledgedBy: by, changedAt: iso(atMs) };
  const event: AlarmEvent = {
    type: 'acknowledged',
    atMs,
    alarm: next,
    by,
    ...(comment === undefined ? {} : { comment }),
  };
  return alarm.condition === 'cleared' ? [event, { type: 'closed', atMs, alarm: next }] : [event];
};
