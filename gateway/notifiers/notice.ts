import { createHash } from 'node:crypto';
import type { Alarm, AlarmEvent, AlarmEventType } from '../../rules/alarms/alarm.ts';
import type { Severity, Text } from '../../rules/rule.ts';
import type { Level } from '../response/plan.ts';
import type { TroubleCode } from './troubles.ts';

/** Somebody whom the response plan tells by name. */
export interface Recipient {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
  /** Theirs on the channel, where they have one. */
  readonly address?: string;
}

/** One event of an alarm, to be brought to one channel. Plain JSON: this is what the outbox keeps. */
export interface Notice {
  /** The same on every attempt, also after a restart: whoever has seen it has seen this notice. */
  readonly key: string;
  /** Id of the notifier. */
  readonly channel: string;
  readonly event: AlarmEventType;
  readonly atMs: number;
  readonly alarm: Alarm;
  readonly by?: string;
  readonly comment?: string;
  /** Told again, for the so-manyth time, because nobody has acknowledged. */
  readonly repeat?: number;
  /** What the channel was told before, where it was another one. */
  readonly formerSeverity?: Severity;
  /** Whom it is for; absent: whoever the channel reaches. */
  readonly recipients?: readonly Recipient[];
  /** Goes to this address on the channel alone. */
  readonly address?: string;
  /** Rung of the ladder that was taken, from 1, because nobody has acknowledged. */
  readonly step?: number;
  /** The response that the plan calls for. */
  readonly level?: Level;
  /** What the plan has to say of the way of the alarm: passed on, escalated. */
  readonly remark?: Text;
  /** In a flood: the alarms that are told of with this one. */
  readonly group?: NoticeGroup;
  /** Not the alarm itself, but work that follows on it; the alarm may be over. */
  readonly followUp?: NoticeFollowUp;
}

/** `count`: alarms of it so far; `waiting`: open ones that nobody has acknowledged. */
export interface NoticeGroup {
  readonly id: string;
  readonly count: number;
  readonly waiting: number;
}

/** Work that has to be done by a time, or should have been. */
export interface NoticeFollowUp {
  readonly id: string;
  readonly what: Text;
  /** ISO 8601, UTC, milliseconds. */
  readonly dueAt: string;
  readonly state: 'due-soon' | 'overdue';
}

/** `delivered`: the other side has taken it. `failed`: tried again. The others end it: nobody is told any more. `held-back`: nobody was to be. */
export type Outcome = 'delivered' | 'failed' | 'given-up' | 'dropped' | 'held-back';

/** An attempt to deliver a notice, or the decision to make none any more. */
export interface Attempt {
  readonly key: string;
  readonly channel: string;
  readonly alarm: string;
  readonly event: AlarmEventType;
  readonly atMs: number;
  /** 1 is the first since the gateway started. */
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly code?: TroubleCode;
  /** People whom it was for, by id. */
  readonly people?: readonly string[];
  /** The words of the other side or of the system, without any secret. */
  readonly reason?: string;
  readonly tookMs: number;
}

/** How far a channel is with an alarm that is open. */
export interface ToldState {
  readonly alarm: string;
  /** The notifier, or `<notifier>/<address>` where somebody is told by an address of their own. */
  readonly channel: string;
  /** When people last had to be told, or were told again. */
  readonly atMs: number;
  readonly severity: Severity;
  /** How often it was told again since people last had to be told. */
  readonly repeats: number;
}

/** What the store keeps of notifying, in the commit of the batch that it is in. */
export type OutboxEntry =
  /** `told` is absent where a notice says nothing of how far the alarm is. */
  | { readonly type: 'notice'; readonly atMs: number; readonly notice: Notice; readonly told?: ToldState }
  | { readonly type: 'attempt'; readonly atMs: number; readonly attempt: Attempt }
  /** A link was used; it need not be remembered for longer than it would have been valid. */
  | { readonly type: 'link-used'; readonly atMs: number; readonly link: string; readonly untilMs: number };

/** What was kept when the gateway last ran. */
export interface KeptOutbox {
  /** Not delivered yet, in order. */
  readonly notices: readonly Notice[];
  readonly told: readonly ToldState[];
  /** Links that were used. */
  readonly usedLinks: ReadonlyMap<string, number>;
}

export const EMPTY_OUTBOX: KeptOutbox = { notices: [], told: [], usedLinks: new Map() };

/** An id of an alarm may hold any letter and be long, a header may not: hence a digest. */
const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** Follows from the event alone, so that what is judged again after a crash has the key that it had. */
export const noticeKey = (
  channel: string,
  { type, atMs, alarm }: Pick<AlarmEvent, 'type' | 'atMs' | 'alarm'>,
): string => `${type}.${Math.round(atMs).toString(36)}.${digest(`${channel}\n${alarm.id}`)}`;
