import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { CommandView, DecisionView, FollowUpView, FrozenView, ResponseView } from '../api/contract.ts';
import type { Course, Decision, Frozen } from './decision.ts';
import { type FollowUp, followUpState } from './follow-up.ts';
import type { Measures } from './measures.ts';
import type { Order } from './order.ts';
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
  readonly measures: Pick<Measures, 'orders' | 'followUps'>;
  readonly nowMs: number;
  name(id: string): Text;
}

export const commandView = (order: Order, nameOf: (id: string) => Text): CommandView => {
  const { phase, issuedMs, dueMs, settledMs, withinMs: _, nextMs: __, isResumed: ___, ...rest } = order;
  return {
    ...rest,
    name: nameOf(order.device),
    state: phase,
    at: iso(issuedMs),
    confirmBy: iso(dueMs),
    ...(settledMs === undefined ? {} : { settledAt: iso(settledMs) }),
  };
};

export const followUpView = (followUp: FollowUp, nowMs: number): FollowUpView => {
  const { id, item, what, about, sinceMs, dueMs, done } = followUp;
  const { id: alarm, rule, kind, subject, zone, severity } = about;
  return {
    id,
    alarm,
    item,
    what,
    rule,
    kind,
    subject,
    ...(zone === undefined ? {} : { zone }),
    severity,
    since: iso(sinceMs),
    due: iso(dueMs),
    state: followUpState(followUp, nowMs),
    ...(done === undefined ? {} : { done: { by: done.by, at: iso(done.atMs), comment: done.comment } }),
  };
};

/** Of one alarm; what there is none of stays out of the JSON. */
const measuresOf = ({ alarm, measures, nowMs, name }: CourseSight): Pick<ResponseView, 'commands' | 'followUps'> => {
  const orders = measures.orders.of(alarm.id);
  const followUps = measures.followUps.of(alarm.id);
  return {
    ...(orders.length === 0 ? {} : { commands: orders.map((each) => commandView(each, name)) }),
    ...(followUps.length === 0 ? {} : { followUps: followUps.map((each) => followUpView(each, nowMs)) }),
  };
};

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
    ...measuresOf(sight),
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
