import type { Text } from '../rule.ts';
import type { Alarm, OutOfService } from './alarm.ts';

/** By whom and when. `by` is the authenticated person or credential, never what a payload claims. */
interface Deed {
  readonly by: string;
  readonly atMs: number;
}

/** What is done about one open alarm, by its id. */
interface OnAlarm extends Deed {
  readonly alarm: string;
  readonly comment?: string | undefined;
}

export interface Acknowledge extends OnAlarm {
  readonly type: 'acknowledge';
}

/** Puts an alarm aside: until a time, or, without one, until its condition clears. */
export interface Shelve extends OnAlarm {
  readonly type: 'shelve';
  readonly untilMs?: number | undefined;
}

export interface Unshelve extends OnAlarm {
  readonly type: 'unshelve';
}

export interface Comment extends OnAlarm {
  readonly type: 'comment';
  readonly comment: string;
}

export interface Assign extends OnAlarm {
  readonly type: 'assign';
  /** A user or a role; absent: nobody any more. */
  readonly to?: string | undefined;
}

/** A rule, or a rule for one subject, is judged and kept, but nobody is told of what it raises. */
export interface RemoveFromService extends Deed {
  readonly type: 'remove-from-service';
  readonly rule: string;
  readonly subject?: string | undefined;
  readonly why: string;
  /** Absent: until somebody returns it. */
  readonly untilMs?: number | undefined;
}

export interface ReturnToService extends Deed {
  readonly type: 'return-to-service';
  readonly rule: string;
  readonly subject?: string | undefined;
}

/** What people do about alarms: plain JSON, for it is recorded and replayed. */
export type AlarmAction = Acknowledge | Shelve | Unshelve | Comment | Assign | RemoveFromService | ReturnToService;

type WithoutTime<A> = A extends unknown ? Omit<A, 'atMs'> : never;

/** An action before its time is known. */
export type AskedAction = WithoutTime<AlarmAction>;

/** Why nothing was done; stable. */
export type RefusalCode =
  | 'not-open'
  | 'suppressed'
  | 'out-of-service'
  | 'not-shelved'
  | 'in-service'
  | 'not-acknowledged'
  | 'cleared'
  | 'impossible'
  | 'call-for-help'
  | 'shelf-too-long'
  | 'in-the-past'
  | 'no-such-rule'
  | 'no-reason';

export const REFUSALS: Readonly<Record<RefusalCode, Text>> = {
  'not-open': { zh: '此报警已结束，或不存在。', en: 'This alarm is over, or there is none.' },
  suppressed: {
    zh: '此报警正被其原因报警抑制；请处理原因报警，结束后会再次通知。',
    en: 'This alarm is suppressed by the alarm of its cause: handle that one; this one is told again when it ends.',
  },
  'out-of-service': {
    zh: '此规则已停用，请先恢复使用。',
    en: 'Its rule is out of service: return it to service first.',
  },
  'not-shelved': { zh: '此报警没有被搁置。', en: 'This alarm is not shelved.' },
  'in-service': { zh: '此规则没有停用。', en: 'This rule is not out of service.' },
  'not-acknowledged': { zh: '此报警尚未接警。', en: 'This alarm has not been acknowledged.' },
  cleared: {
    zh: '情况已恢复正常，不能搁置到恢复正常；请接警，或搁置一段时间。',
    en: 'It is back to normal already and cannot be shelved until it is: acknowledge it, or shelve it for a time.',
  },
  impossible: { zh: '报警不会处于此状态。', en: 'No alarm stands like this.' },
  'call-for-help': {
    zh: '求救与倒地报警不能搁置、抑制或停用。',
    en: 'Calls for help and man-down are never shelved, suppressed or taken out of service.',
  },
  'shelf-too-long': { zh: '超过此规则允许的最长搁置时间。', en: 'That is longer than its rule lets it be shelved.' },
  'in-the-past': { zh: '时间已过。', en: 'That time is over already.' },
  'no-such-rule': { zh: '没有此规则。', en: 'There is no such rule.' },
  'no-reason': { zh: '请写明原因。', en: 'Say why.' },
};

/**
 * What came of an action; a refusal says why. `already`: nothing had to be done. `alarm` is there for what is done about
 * one, `entry` for what is done about service.
 */
export type ActionResult =
  | { readonly ok: true; readonly alarm?: Alarm; readonly entry?: OutOfService; readonly already: boolean }
  | { readonly ok: false; readonly reason: RefusalCode };

/** Somebody lets work go on that an alarm has stopped: says who and why. */
export interface Lift {
  readonly type: 'lift';
  readonly operation: string;
  readonly by: string;
  /** Has logged in as an engineer: whoever may lift what the plan names no role for. */
  readonly isEngineer: boolean;
  readonly atMs: number;
  readonly comment: string;
}

/** Work that follows on an alarm has been done; `comment`: what was done. */
export interface FollowUpDone {
  readonly type: 'follow-up-done';
  readonly followUp: string;
  readonly by: string;
  readonly atMs: number;
  readonly comment: string;
}

/** A person has seen to what an actuator did not confirm; `comment`: how. */
export interface CommandDone {
  readonly type: 'command-done';
  readonly command: string;
  readonly by: string;
  readonly atMs: number;
  readonly comment: string;
}

/** What people do about the response to alarms: it changes nothing of what is judged. */
export type ResponseDeed = Lift | FollowUpDone | CommandDone;

export type AskedDeed = WithoutTime<ResponseDeed>;

export type DeedResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly reason: 'not-frozen' | 'not-yours' | 'no-such-follow-up' | 'no-such-command' | 'already-done';
    };

export const isDeed = (asked: AskedAction | AskedDeed): asked is AskedDeed =>
  asked.type === 'lift' || asked.type === 'follow-up-done' || asked.type === 'command-done';
