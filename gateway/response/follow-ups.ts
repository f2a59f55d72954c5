import type { DeedResult, FollowUpDone } from '../../rules/alarms/action.ts';
import type { Alarm } from '../../rules/alarms/alarm.ts';
import { Book } from './book.ts';
import type { Decision, DecisionType, ResponseEntry } from './decision.ts';
import { type FollowUp, followUpDueMs, followUpId, followUpOf, type Reminder, reminded, sooner } from './follow-up.ts';
import { followUpDoneReason, followUpReason, reminderReason } from './measure-texts.ts';
import type { Plan } from './plan.ts';
import { wallText } from './wall-time.ts';

export interface FollowUpsOptions {
  readonly kept: readonly FollowUp[];
  timezone(): string;
  keep(entry: ResponseEntry): void;
  onDecision(decision: Decision): void;
  /** A piece of work of this alarm is another now. */
  onChange(alarm: string): void;
  /** Tells people of it. */
  remind(followUp: FollowUp, state: Reminder, reason: Decision['reason'], atMs: number): void;
}

/** Work that follows on alarms, whether they are over or not. */
export interface FollowUps {
  begin(alarm: Alarm, plan: Plan, atMs: number): void;
  done(deed: FollowUpDone): DeedResult;
  /** The alarm as it ended. */
  closed(alarm: Alarm, atMs: number): void;
  wake(nowMs: number): void;
  /** Milliseconds; Infinity: nothing waits. */
  nextDueMs(): number;
  /** The next deadline first. */
  all(): readonly FollowUp[];
  of(alarm: string): readonly FollowUp[];
  readonly counters: { readonly dropped: number };
}

/** What is done goes first when there are so many, the oldest before; then what has the oldest deadline. */
const FOLLOW_UPS_MAX = 1000;

export const createFollowUps = ({
  kept,
  keep,
  remind,
  onDecision,
  onChange,
  timezone,
}: FollowUpsOptions): FollowUps => {
  const byDeadline = (a: FollowUp, b: FollowUp): number => a.dueMs - b.dueMs || (a.id < b.id ? -1 : 1);
  const all = new Book<FollowUp>(
    kept.map((each) => [each.id, each]),
    ({ about }) => about.id,
  );
  let dropped = 0;

  const put = (followUp: FollowUp, atMs: number): void => {
    all.put(followUp.id, followUp);
    keep({ type: 'follow-up', atMs, followUp });
  };
  const say = (
    { about }: FollowUp,
    type: DecisionType,
    atMs: number,
    reason: Decision['reason'],
    by?: string,
  ): void => {
    onDecision({ type, alarm: about.id, atMs, reason, ...(by === undefined ? {} : { by }) });
    onChange(about.id);
  };
  const makeRoom = (atMs: number): void => {
    if (all.size < FOLLOW_UPS_MAX) return;
    const inOrder = all.all().toSorted(byDeadline);
    const first = inOrder.find(({ done }) => done !== undefined) ?? inOrder[0];
    if (first === undefined) return;
    if (first.done === undefined) dropped += 1;
    all.delete(first.id);
    keep({ type: 'follow-up-gone', atMs, id: first.id });
  };
  const dueText = ({ dueMs }: FollowUp): string => wallText(dueMs, timezone());

  const look = (before: FollowUp, nowMs: number): void => {
    const { followUp, tells } = reminded(before, nowMs);
    if (tells === undefined) return;
    put(followUp, nowMs);
    const reason = reminderReason(followUp.what, dueText(followUp), tells, followUp.overdueTold);
    say(followUp, `follow-up-${tells}`, nowMs, reason);
    remind(followUp, tells, reason, nowMs);
  };

  return {
    begin: (alarm, { followUp: planned }, atMs) => {
      for (const each of planned) {
        const asked = followUpOf(alarm, each, atMs);
        const known = all.get(followUpId(alarm.id, each.id));
        const now = known === undefined ? asked : sooner(known, asked);
        if (now === known) continue;
        if (known === undefined) makeRoom(atMs);
        put(now, atMs);
        say(now, 'follow-up-set', atMs, followUpReason(now.what, dueText(now)));
      }
    },
    done: ({ followUp: id, by, atMs, comment }) => {
      const known = all.get(id);
      if (known === undefined) return { ok: false, reason: 'no-such-follow-up' };
      if (known.done !== undefined) return { ok: false, reason: 'already-done' };
      put({ ...known, done: { by, atMs, comment } }, atMs);
      say(known, 'follow-up-done', atMs, followUpDoneReason(known.what, by, comment), by);
      return { ok: true };
    },
    closed: (alarm, atMs) => {
      for (const each of all.of(alarm.id)) if (each.done === undefined) put({ ...each, about: alarm }, atMs);
    },
    wake: (nowMs) => {
      for (const each of all.all()) look(each, nowMs);
    },
    nextDueMs: () => {
      let dueMs = Infinity;
      for (const each of all.values()) dueMs = Math.min(dueMs, followUpDueMs(each));
      return dueMs;
    },
    all: () => all.all().toSorted(byDeadline),
    of: (alarm) => all.of(alarm).toSorted(byDeadline),
    counters: {
      get dropped() {
        return dropped;
      },
    },
  };
};
