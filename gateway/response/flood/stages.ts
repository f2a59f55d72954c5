import type { Decision } from '../decision.ts';
import type { Plan } from '../plan.ts';
import type { Draft, Stage } from '../policy.ts';
import type { Climbed } from '../rungs.ts';
import type { Calm } from './flood.ts';
import { chatterHeldReason, chatteringReason, groupedReason } from './texts.ts';

/**
 * How long an alarm that chatters may stand until it is told by itself: it does not come and go any more. Nobody's time to
 * acknowledge or to be told next is over by then.
 */
const standMs = ({ ackWithinMs = Infinity, ladder }: Plan, withinMs: number): number =>
  Math.min(withinMs, ackWithinMs, ladder[1]?.afterMs ?? Infinity);

/** What comes and goes is said once to chatter, then held; what waited before waits on, with the deadlines that it had. */
export const chattering: Stage = (draft, { event, before, calm }) => {
  const said = calm?.chatterOf(event);
  if (said === undefined || calm === undefined) return draft;
  const { alarm, atMs } = event;
  const about = { alarm: alarm.id, atMs };
  if (said.word === 'say') {
    const reason = chatteringReason(said.chatter, atMs, calm.quietMs);
    return { ...draft, decisions: [...draft.decisions, { ...about, type: 'chattering', reason }] };
  }
  const decision: Decision = { ...about, type: 'held-back', reason: chatterHeldReason(said.chatter, atMs) };
  const decisions = [...draft.decisions, decision];
  if (before?.phase === 'running')
    return { ...draft, course: { quiet: 'chatter', ...before }, decisions, isHeld: true };
  return { ...draft, course: waitingToStand(draft, calm.withinMs), decisions, isHeld: true };
};

const waitingToStand = ({ course, plan }: Draft, withinMs: number): Draft['course'] => {
  const { sinceMs } = course;
  return {
    ...course,
    quiet: 'chatter',
    dueMs: sinceMs + standMs(plan, withinMs),
    ...(plan.ackWithinMs === undefined ? {} : { ackDueMs: sinceMs + plan.ackWithinMs }),
  };
};

/** In a flood, lesser alarms of one cause and zone are told of as one: the first by itself, the others by their number. */
export const grouped: Stage = (draft, { event, before, calm }) => {
  const place = calm?.groupOf(event, draft.plan, before);
  if (place === undefined) return draft;
  const { mark, isQuiet } = place;
  return { ...draft, course: { ...draft.course, group: mark, ...(isQuiet ? { quiet: 'group' } : {}) } };
};

/** What is only counted was not told to anybody by itself. */
export const saidAsGrouped = ({ course, decisions }: Climbed, calm: Calm | undefined): readonly Decision[] => {
  const { group, quiet } = course;
  if (group === undefined || quiet !== 'group' || calm === undefined) return decisions;
  const reason = groupedReason(group.nth, calm.leadOf(group.id) || group.id);
  return decisions.map((decision) => (decision.type === 'told' ? { ...decision, type: 'grouped', reason } : decision));
};
