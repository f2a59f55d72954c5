import type { AlarmChange, Severity, Text } from '../rule.ts';
import type { Evidence } from './evidence.ts';

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
  /** When it is told again if it is not over by then, though acknowledged. */
  readonly realarmAt?: string;
  readonly shelved?: Shelved;
  /** Id of the alarm that suppresses it. */
  readonly suppressedBy?: string;
  readonly outOfService?: AwayNote;
  /** A user or a role. */
  readonly assignedTo?: string;
  /** What was last said about it. */
  readonly comment?: Remark;
}

/** `once`: until its condition clears, and no longer than `until`. */
export interface Shelved {
  readonly by: string;
  readonly at: string;
  readonly until: string;
  readonly once?: true;
}

/** Who has taken its rule out of service, and why. `until` absent: until somebody returns it. */
export interface AwayNote {
  readonly by: string;
  readonly why: string;
  readonly until?: string;
}

export interface Remark {
  readonly by: string;
  readonly at: string;
  readonly text: string;
}

/**
 * `raised`; `escalated` to a higher severity, which voids an acknowledgement; `repeated`: the same again, which people
 * must be told of (a further press, or a cleared alarm that comes back); `changed`: value, limit, zone or lower severity;
 * `unknown`: its device is silent; `acknowledged`; `cleared`: the condition is normal again; `closed`: over. `shelved`,
 * `suppressed` and `out-of-service`: nobody is told until `unshelved`, `unsuppressed`, `returned`. `reminded`: it was
 * acknowledged and goes on all the same.
 */
export type AlarmEventType =
  | 'raised'
  | 'escalated'
  | 'repeated'
  | 'changed'
  | 'unknown'
  | 'acknowledged'
  | 'cleared'
  | 'closed'
  | 'shelved'
  | 'unshelved'
  | 'suppressed'
  | 'unsuppressed'
  | 'out-of-service'
  | 'returned'
  | 'reminded'
  | 'commented'
  | 'assigned';

/** People have to look up; where the alarm is held back, when that ends. */
export const ALERTS: ReadonlySet<AlarmEventType> = new Set([
  'raised',
  'escalated',
  'repeated',
  'unshelved',
  'unsuppressed',
  'returned',
  'reminded',
]);

/** Every change of an alarm: when, what, and who did it where somebody did. */
export interface AlarmEvent {
  readonly type: AlarmEventType;
  readonly atMs: number;
  readonly alarm: Alarm;
  readonly by?: string;
  readonly comment?: string;
  /** Of what a rule said: how it came to say so. */
  readonly evidence?: Evidence;
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

/** What stands for a rule in alarms that the gateway raises about itself. */
export const GATEWAY_RULE = 'gateway';

/** Characters that mean something in an MQTT topic, and white space, do not go into an id. */
const UNSAFE = /[/+#\s\p{Cc}]/gu;

export const alarmId = (rule: string, subject: string, raisedAtMs: number): string =>
  `${rule}.${subject}.${Math.round(raisedAtMs).toString(36)}`.replace(UNSAFE, '-');

/** A rule, or a rule for one subject, whose alarms nobody is told of: plain JSON, kept until it returns to service. */
export interface OutOfService {
  readonly rule: string;
  /** Absent: all subjects of the rule. */
  readonly subject?: string;
  readonly by: string;
  readonly why: string;
  readonly sinceMs: number;
  /** Absent: until somebody returns it. */
  readonly untilMs?: number;
  /** When people are next reminded of it. */
  readonly remindAtMs: number;
}

/** `by` is absent where time did it. */
export interface ServiceEvent {
  readonly type: 'service-removed' | 'service-returned' | 'service-reminded';
  readonly atMs: number;
  readonly entry: OutOfService;
  readonly by?: string;
}

/** What rules that judge alarms are told of an event. */
export const alarmChange = ({ type, atMs, alarm }: AlarmEvent): AlarmChange => {
  const { id, rule, kind, subject, zone, severity, human } = alarm;
  const condition = type === 'closed' ? 'closed' : alarm.condition;
  return { type: 'alarm', nowMs: atMs, id, rule, kind, subject, zone, severity, condition, human };
};
