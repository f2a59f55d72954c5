import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { DecisionView, FrozenView, ResponseView } from '../api/contract.ts';
import type { Course, Decision, Frozen } from './decision.ts';
import type { Plan } from './plan.ts';
import { LEVEL_TEXT } from './texts.ts';

const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();

export const decisionView = ({ alarm: _, atMs, dueMs, ...rest }: Decision): DecisionView => ({
  ...rest,
  at: iso(atMs),
  ...(dueMs === undefined ? {} : { dueAt: iso(dueMs) }),
});

export interface CourseSight {
  readonly alarm: Alarm;
  readonly course: Course;
  readonly plan: Plan;
  readonly last: Decision | undefined;
  name(id: string): Text;
}

/** People by name, and roles of which nobody has one. */
const toldOf = ({ course, name }: CourseSight): readonly Text[] =>
  (course.people.length === 0 ? course.notify : course.people).map(name);

export const responseView = (sight: CourseSight): ResponseView => {
  const { alarm, course, plan, last } = sight;
  const { phase, sinceMs, channels, next, dueMs, ackDueMs, group, quiet } = course;
  return {
    alarm: alarm.id,
    phase,
    since: iso(sinceMs),
    told: toldOf(sight),
    channels,
    step: Math.max(0, next - 1),
    ...(plan.level === undefined ? {} : { level: { code: plan.level, ...LEVEL_TEXT[plan.level] } }),
    ...(dueMs === undefined ? {} : { nextAt: iso(dueMs) }),
    ...(ackDueMs === undefined ? {} : { ackBy: iso(ackDueMs) }),
    ...(group === undefined ? {} : { group: { id: group.id, told: quiet !== 'group' } }),
    ...(quiet === 'chatter' ? { held: 'chattering' } : {}),
    ...(last === undefined ? {} : { last: decisionView(last) }),
  };
};

export const frozenView = (
  { operation, name, alarm, sinceMs, reason, releasedBy }: Frozen,
  nameOf: (id: string) => Text,
): FrozenView => ({
  operation,
  name,
  alarm,
  since: iso(sinceMs),
  reason,
  ...(releasedBy === undefined ? {} : { releasedBy: nameOf(releasedBy) }),
});
