import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { Course, Decision } from './decision.ts';
import type { Plan, Rung } from './plan.ts';
import { isSomebody, type Reach, type Reached } from './reach.ts';
import {
  escalatedReason,
  insteadReason,
  nobodyReason,
  passedOnReason,
  remarkOf,
  toldReason,
  UNPLANNED_REASON,
} from './texts.ts';

/** How names of the plan become people. */
export interface Way {
  readonly reach: Reach;
  name(id: string): Text;
}

export interface Climb {
  readonly course: Course;
  readonly plan: Plan;
  readonly alarm: Alarm;
  readonly atMs: number;
}

export interface Climbed {
  readonly course: Course;
  readonly decisions: readonly Decision[];
}

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];

/** Whoever was told before is told on: an escalation never tells fewer. */
const joined = (course: Course, { notify, channels }: Rung, { people }: Reached, next: number): Course => ({
  ...course,
  next,
  notify: union(course.notify, notify),
  people: union(course.people, people),
  channels: union(course.channels, channels),
});

const decided = (way: Way, { course, plan, alarm, atMs }: Climb, step: number, rung: Rung, met: Reached): Decision => {
  const isFound = rung.notify.length === 0 || isSomebody(met);
  const who = { told: [...met.people, ...met.groups].map(way.name), channels: rung.channels };
  const about = { alarm: alarm.id, atMs, step, channels: rung.channels, people: met.people, groups: met.groups };
  const due = course.dueMs === undefined ? {} : { dueMs: course.dueMs };
  if (plan.from.length === 0) return { ...about, type: 'unplanned', reason: UNPLANNED_REASON };
  if (!isFound) {
    const reason = passedOnReason(met.empty.map(way.name), step + 1 >= plan.ladder.length);
    return { ...about, ...due, type: 'passed-on', reason };
  }
  if (step === 0) return { ...about, type: 'told', reason: toldReason(who) };
  // Passed on before its time: nobody was late.
  const isEarly = atMs < course.sinceMs + rung.afterMs;
  const reason = isEarly ? insteadReason(step, who) : escalatedReason(step, rung.afterMs / 1000, who);
  return { ...about, ...due, type: 'escalated', reason };
};

/** Nobody of the ladder is on duty: everybody in it is told all the same. */
const atTheEnd = (way: Way, { course, alarm, atMs }: Climb): Climbed => {
  const { people } = way.reach.regardless(course.notify);
  const decision: Decision = {
    type: 'nobody',
    alarm: alarm.id,
    atMs,
    people,
    channels: course.channels,
    reason: nobodyReason(people.map(way.name)),
  };
  return { course: { ...course, people: union(course.people, people) }, decisions: [decision] };
};

/** With the deadline of the rung that comes next, and what is said to whoever is told. */
const settled = (course: Course, plan: Plan, decisions: readonly Decision[]): Course => {
  const { dueMs: _, ...rest } = course;
  const rung = plan.ladder[course.next];
  const reasons = decisions.filter(({ type }) => type !== 'told' && type !== 'unplanned').map(({ reason }) => reason);
  return {
    ...rest,
    ...(rung === undefined ? {} : { dueMs: course.sinceMs + rung.afterMs }),
    ...(reasons.length === 0 ? {} : { remark: remarkOf(reasons) }),
  };
};

/** Takes the next rung; where nobody of it is on duty, at once the one after it. */
export const climb = (way: Way, from: Climb): Climbed => {
  const { plan, atMs } = from;
  const decisions: Decision[] = [];
  let { course } = from;
  for (let step = course.next; step < plan.ladder.length; step += 1) {
    const rung = plan.ladder[step];
    if (rung === undefined) break;
    const met = way.reach.at(rung.notify, atMs);
    decisions.push(decided(way, { ...from, course }, step, rung, met));
    course = joined(course, rung, met, step + 1);
    if (rung.notify.length === 0 || isSomebody(met)) return { course: settled(course, plan, decisions), decisions };
  }
  const end = atTheEnd(way, { ...from, course });
  const all = [...decisions, ...end.decisions];
  return { course: settled(end.course, plan, all), decisions: all };
};
