import type { AlarmChange, Severity, Text } from '../rule.ts';

/** The condition axis of an alarm (ISA-18.2, IEC 62682): what the rule says. */
export type AlarmCondition = 'pending' | 'active' | 'cleared' | 'unknown';

/** The human axis: what people have done about it. */
export type AlarmHuman = 'unacknowledged' | 'acknowledged' | 'shelved' | 'suppressed' | 'out-of-service';

/** An alarm as people and other programs see it: the JSON of the retained topic, the HTTP API and the stream. */
export interface Alarm {
  /** `<rule>.<subject>.<raisedAt in ms, base 36>`: the same inputs give the same id. */
  readonly id: string;
  readonly rule: string;
  readonly kind: string;
  readonly subject: string;
  /** Of a wearer: where they are, by the receivers that hear their badge; else where the subject is registered. */
  readonly zone?: string;
  readonly severity: Severity;
  readonly condition: AlarmCondition;
  readonly human: AlarmHuman;
  /** ISO 8601, UTC, milliseconds. */
  readonly raisedAt: string;
  readonly changedAt: string;
  readonly value?: number;
  readonly unit?: string;
  readonly limit?: number;
  readonly reason: { readonly code: string } & Text;
  readonly guidance: Text;
  readonly lateBySeconds?: number;
  readonly acknowledgedBy?: string;
}

/**
 * `raised`; `escalated` to a higher severity, which voids an acknowledgement; `repeated`: the same again, which people
 * must be told of (a further press, or a cleared alarm that comes back); `changed`: value, limit, zone or lower severity;
 * `unknown`: its device is silent; `acknowledged`; `cleared`: the condition is normal again; `closed`: over.
 */
export type AlarmEventType =
  | 'raised'
  | 'escalated'
  | 'repeated'
  | 'changed'
  | 'unknown'
  | 'acknowledged'
  | 'cleared'
  | 'closed';

/** Every change of an alarm: when, what, and who did it where somebody did. */
export interface AlarmEvent {
  readonly type: AlarmEventType;
  readonly atMs: number;
  readonly alarm: Alarm;
  readonly by?: string;
  readonly comment?: string;
}

/** A wearer is being asked; no alarm yet. */
export interface PreAlarmEvent {
  readonly type: 'pre-alarm' | 'pre-alarm-ended';
  readonly atMs: number;
  readonly rule: string;
  readonly kind: string;
  readonly subject: string;
  readonly device: string;
  readonly untilMs: number;
}

/** Characters that mean something in an MQTT topic, and white space, do not go into an id. */
const UNSAFE = /[/+#\s\p{Cc}]/gu;

export const alarmId = (rule: string, subject: string, raisedAtMs: number): string =>
  `${rule}.${subject}.${Math.round(raisedAtMs).toString(36)}`.replace(UNSAFE, '-');

/** What rules that judge alarms are told of an event. */
export const alarmChange = ({ type, atMs, alarm }: AlarmEvent): AlarmChange => {
  const { id, rule, kind, subject, zone, severity, human } = alarm;
  const condition = type === 'closed' ? 'closed' : alarm.condition;
  return { type: 'alarm', nowMs: atMs, id, rule, kind, subject, zone, severity, condition, human };
};
