import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { NoticeFollowUp } from '../notifiers/notice.ts';
import type { Plan } from './plan.ts';

/** Work that has to be done within a time after an alarm. Lives on when the alarm is over. Plain JSON. */
export interface FollowUp {
  readonly id: string;
  /** Its name in the plan. */
  readonly item: string;
  readonly what: Text;
  /** The alarm as it was last known. */
  readonly about: Alarm;
  readonly sinceMs: number;
  readonly dueMs: number;
  /** People are reminded so long before, and as often after. */
  readonly leadMs: number;
  /** How often people were told that its time is over. */
  readonly overdueTold: number;
  /** When people are told next; absent: never again. */
  readonly nextMs?: number;
  /** Absent: open. */
  readonly done?: { readonly by: string; readonly atMs: number; readonly comment: string };
}

type Planned = Plan['followUp'][number];

const LEAD_MAX_MS = 3_600_000;
const LEAD_FRACTION = 0.25;
/** What nobody has done after so many reminders is in sight of the console alone. */
const OVERDUE_TOLD_MAX = 12;

export const followUpId = (alarm: string, item: string): string => `${alarm}~${item}`;

export const followUpOf = (about: Alarm, planned: Planned, atMs: number): FollowUp => {
  const withinMs = planned.withinSeconds * 1000;
  const { remindBeforeSeconds: asked } = planned;
  const leadMs = Math.min(
    withinMs,
    asked === undefined ? Math.min(LEAD_MAX_MS, withinMs * LEAD_FRACTION) : asked * 1000,
  );
  const dueMs = atMs + withinMs;
  return {
    id: followUpId(about.id, planned.id),
    item: planned.id,
    what: planned.what,
    about,
    sinceMs: atMs,
    dueMs,
    leadMs,
    overdueTold: 0,
    nextMs: dueMs - leadMs,
  };
};

/** Of the same work asked for again the earlier deadline counts; what is done stays done. */
export const sooner = (known: FollowUp, asked: FollowUp): FollowUp =>
  known.done !== undefined || known.dueMs <= asked.dueMs ? known : { ...asked, sinceMs: known.sinceMs };

export type Reminder = NoticeFollowUp['state'];

/** Whether people are told of it at a moment, and how it stands then. */
export const reminded = (
  followUp: FollowUp,
  nowMs: number,
): { readonly followUp: FollowUp; readonly tells: Reminder | undefined } => {
  const { nextMs, dueMs, leadMs, overdueTold, done } = followUp;
  if (done !== undefined || nextMs === undefined || nextMs > nowMs) return { followUp, tells: undefined };
  if (nowMs < dueMs) return { followUp: { ...followUp, nextMs: dueMs }, tells: 'due-soon' };
  const { nextMs: _, ...rest } = followUp;
  const told = overdueTold + 1;
  const isLast = told >= OVERDUE_TOLD_MAX;
  return {
    followUp: { ...rest, overdueTold: told, ...(isLast ? {} : { nextMs: nowMs + leadMs }) },
    tells: 'overdue',
  };
};

/** As channels tell it. */
export const noticeOf = ({ id, what, dueMs }: FollowUp, state: Reminder): NoticeFollowUp => ({
  id,
  what,
  dueAt: new Date(Math.round(dueMs)).toISOString(),
  state,
});

export const followUpDueMs = ({ done, nextMs = Infinity }: FollowUp): number =>
  done === undefined ? nextMs : Infinity;

export const followUpState = ({ done, dueMs }: FollowUp, nowMs: number): 'open' | 'overdue' | 'done' =>
  done !== undefined ? 'done' : nowMs >= dueMs ? 'overdue' : 'open';
