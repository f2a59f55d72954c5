import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Severity, Text } from '../../rules/rule.ts';
import type { FollowUp } from './follow-up.ts';
import type { Order } from './order.ts';

/**
 * What was decided about telling people of an alarm. `told`: the first of the ladder; `escalated`: the next rung;
 * `passed-on`: nobody of a rung is on duty, and the next one follows at once; `nobody`: the ladder is at its end and
 * nobody of it is on duty; `overdue`: the time to acknowledge is over; `stopped`: nobody is told any more; `held-back`:
 * nobody is told yet; `unplanned`: the plan tells nobody of it; `grouped`: in a flood it is counted in what is told of its
 * group; `chattering`: it is told that it comes and goes; `frozen` and `lifted`: an operation.
 * Those of `command-…` are of what actuators are told, those of `follow-up-…` of work that follows.
 */
export type DecisionType =
  | 'told'
  | 'escalated'
  | 'passed-on'
  | 'nobody'
  | 'overdue'
  | 'stopped'
  | 'held-back'
  | 'unplanned'
  | 'grouped'
  | 'chattering'
  | 'frozen'
  | 'lifted'
  | 'command-sent'
  | 'command-resumed'
  | 'command-confirmed'
  | 'command-overdue'
  | 'command-void'
  | 'command-done'
  | 'follow-up-set'
  | 'follow-up-due-soon'
  | 'follow-up-overdue'
  | 'follow-up-done';

/** A decision with its reason. Plain JSON: the same in the store, the API, the stream and the log. */
export interface Decision {
  readonly type: DecisionType;
  readonly alarm: string;
  readonly atMs: number;
  readonly reason: { readonly code: string } & Text;
  /** Rung of the ladder, 0 is the first. */
  readonly step?: number;
  /** When it had to be done. */
  readonly dueMs?: number;
  readonly people?: readonly string[];
  /** Roles that are told as a group. */
  readonly groups?: readonly string[];
  readonly channels?: readonly string[];
  readonly by?: string;
}

/** How far the response to an open alarm is. Plain JSON, kept with every change. */
export interface Course {
  readonly alarm: string;
  /** `running`: not acknowledged; `stopped`: it was, or is shelved, suppressed, out of service; `held`: not told yet. */
  readonly phase: 'running' | 'stopped' | 'held';
  /** Of the plan that is followed. */
  readonly severity: Severity;
  /** From when the deadlines count: raised, more severe, or raised again. */
  readonly sinceMs: number;
  /** The rung that comes next. */
  readonly next: number;
  readonly dueMs?: number;
  readonly ackDueMs?: number;
  /** All that were told since the alarm was raised: it never gets less. */
  readonly notify: readonly string[];
  readonly people: readonly string[];
  readonly channels: readonly string[];
  /** Said to whoever is told, until somebody acknowledges. */
  readonly remark?: Text;
  /** In a flood: those with which it is told. */
  readonly group?: GroupMark;
  /** Not told by itself: counted in what is told of its group, or held while it chatters. */
  readonly quiet?: 'group' | 'chatter';
}

/** A group of alarms that are told together; `nth`: it is the so-manyth of it. */
export interface GroupMark {
  readonly id: string;
  readonly key: string;
  readonly sinceMs: number;
  readonly nth: number;
}

/** A response that is to begin, for whoever was told before. */
export const blankCourse = ({ id, severity }: Alarm, atMs: number, before?: Course): Course => ({
  alarm: id,
  phase: 'running',
  severity,
  sinceMs: atMs,
  next: 0,
  notify: before?.notify ?? [],
  people: before?.people ?? [],
  channels: before?.channels ?? [],
});

/** An operation that stands still until a person lifts that. */
export interface Frozen {
  /** Id under `plan.operations`, or of the place. */
  readonly operation: string;
  readonly name: Text;
  /** The alarm that froze it first for that role. */
  readonly alarm: string;
  readonly kind: string;
  readonly subject: string;
  readonly sinceMs: number;
  readonly reason: Text;
  /** Role whose people alone may lift it; undefined: an engineer of the console. */
  readonly releasedBy?: string;
}

/** One of an operation's freezes: there is one for each role that is to lift it. */
export const freezeKey = ({ operation, releasedBy }: { operation: string; releasedBy?: string | undefined }): string =>
  releasedBy === undefined ? operation : `${operation}\n${releasedBy}`;

/** What the store keeps of the response, in the commit of the batch that it is in. */
export type ResponseEntry =
  | { readonly type: 'course'; readonly atMs: number; readonly course: Course }
  | { readonly type: 'decision'; readonly atMs: number; readonly decision: Decision }
  | { readonly type: 'frozen'; readonly atMs: number; readonly frozen: Frozen }
  | { readonly type: 'lifted'; readonly atMs: number; readonly frozen: Frozen }
  | { readonly type: 'order'; readonly atMs: number; readonly order: Order }
  | { readonly type: 'order-gone'; readonly atMs: number; readonly id: string }
  | { readonly type: 'follow-up'; readonly atMs: number; readonly followUp: FollowUp }
  | { readonly type: 'follow-up-gone'; readonly atMs: number; readonly id: string };

/** What was kept when the gateway last ran. */
export interface KeptResponse {
  readonly courses: readonly Course[];
  readonly frozen: readonly Frozen[];
  readonly orders: readonly Order[];
  readonly followUps: readonly FollowUp[];
}

export const EMPTY_RESPONSE: KeptResponse = { courses: [], frozen: [], orders: [], followUps: [] };
