import type { AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import { blankCourse, type Course, type Decision } from './decision.ts';
import type { Calm } from './flood/flood.ts';
import { chattering, grouped, saidAsGrouped } from './flood/stages.ts';
import type { Plan } from './plan.ts';
import { climb, type Way } from './rungs.ts';

/** Why nobody is told of an alarm yet. */
export type Held = { readonly code: string; readonly by?: string } & Text;

/** Undefined: people are told. Pure, of what is known when the event happens. */
export type HoldBack = (event: AlarmEvent) => Held | undefined;

/** An event that people have to be told of, on its way through the policy. */
export interface Draft {
  readonly event: AlarmEvent;
  readonly plan: Plan;
  readonly course: Course;
  readonly decisions: readonly Decision[];
  /** Nobody is told; what follows in the list does not happen. */
  readonly isHeld: boolean;
}

export interface Call {
  readonly event: AlarmEvent;
  readonly plan: Plan;
  readonly before: Course | undefined;
  readonly holdBack: HoldBack | undefined;
  /** Absent: each alarm is told by itself. */
  readonly calm?: Calm | undefined;
}

export type Stage = (draft: Draft, call: Call, way: Way) => Draft;

const heldBack: Stage = (draft, { event, before, holdBack }) => {
  const held = holdBack?.(event);
  if (held === undefined) return draft;
  // Said once, not at each change.
  if (before?.phase === 'held') return { ...draft, course: before, isHeld: true };
  const { by, ...reason } = held;
  const { alarm, atMs } = event;
  const decision: Decision = {
    type: 'held-back',
    alarm: alarm.id,
    atMs,
    reason,
    ...(by === undefined ? {} : { by }),
  };
  return { ...draft, course: { ...draft.course, phase: 'held' }, decisions: [decision], isHeld: true };
};

/** The first of the ladder is told, or whoever comes next where nobody of it is on duty. */
const routed: Stage = (draft, { calm }, way) => {
  const { event, plan, course, decisions } = draft;
  const climbed = climb(way, { course, plan, alarm: event.alarm, atMs: event.atMs });
  return { ...draft, course: climbed.course, decisions: [...decisions, ...saidAsGrouped(climbed, calm)] };
};

/** From now on the time to acknowledge runs; the rungs have their deadlines by being routed. */
const escalating: Stage = (draft) => {
  const { plan, course } = draft;
  if (plan.ackWithinMs === undefined) return draft;
  return { ...draft, course: { ...course, ackDueMs: course.sinceMs + plan.ackWithinMs } };
};

/** What happens between an alarm and people, in this order. What is done beside telling them (`measures.ts`) comes behind. */
const POLICY: readonly Stage[] = [heldBack, chattering, grouped, routed, escalating];

export const runPolicy = (call: Call, way: Way): Draft => {
  const { event, plan, before } = call;
  const start: Draft = {
    event,
    plan,
    course: blankCourse(event.alarm, event.atMs, before),
    decisions: [],
    isHeld: false,
  };
  return POLICY.reduce((draft, stage) => (draft.isHeld ? draft : stage(draft, call, way)), start);
};
