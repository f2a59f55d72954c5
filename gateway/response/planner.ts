import { ALERTS, type Alarm, type AlarmEvent } from '../../rules/alarms/alarm.ts';
import { SEVERITIES, type Severity, type Text } from '../../rules/rule.ts';
import { blankCourse, type Course, type Decision } from './decision.ts';
import type { Calm } from './flood/flood.ts';
import type { Plan, Plans } from './plan.ts';
import { type HoldBack, runPolicy } from './policy.ts';
import type { Reach } from './reach.ts';
import { climb, type Way } from './rungs.ts';
import { CLOSED_REASON, overdueReason, stoppedReason } from './texts.ts';

export interface PlannerOptions {
  readonly plans: Plans;
  readonly reach: Reach;
  /** What people call a person or role. */
  name(id: string): Text;
  /** Absent: nothing is held back. */
  readonly holdBack?: HoldBack | undefined;
  /** Absent: nothing is put together. */
  readonly calm?: Calm | undefined;
}

/** What comes of an input. */
export interface Turn {
  /** Undefined: it is over. The same object where nothing changed. */
  readonly course: Course | undefined;
  readonly decisions: readonly Decision[];
  /** What channels are told: the event, the rung that has come, or nothing. */
  readonly tell: 'event' | 'rung' | 'nothing';
  /** The plan that begins, where one does, and what it begins with. */
  readonly begins?: { readonly plan: Plan; readonly event: AlarmEvent };
}

/** Decides who is told what and when. Pure: time and the course so far are inputs. */
export interface Planner {
  take(course: Course | undefined, event: AlarmEvent): Turn;
  /** A deadline of the course may have come. */
  wake(course: Course, alarm: Alarm, nowMs: number): Turn;
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

const stopped = (course: Course): Course => {
  const { dueMs: _, ackDueMs: __, remark: ___, ...rest } = course;
  return { ...rest, phase: 'stopped' };
};

/** What stands for so long does not come and go any more. */
const standing = (course: Course): Course => {
  if (course.quiet !== 'chatter') return course;
  const { quiet: _, ...rest } = course;
  return rest;
};

export const createPlanner = ({ plans, reach, name, holdBack, calm }: PlannerOptions): Planner => {
  const way: Way = { reach, name };

  const handled = (course: Course | undefined, { alarm, atMs, by }: AlarmEvent): Turn => {
    const { human } = alarm;
    if (course?.phase === 'stopped' || human === 'unacknowledged') return { course, decisions: [], tell: 'event' };
    const reason = stoppedReason(human, by ?? alarm.acknowledgedBy);
    const decision: Decision = { type: 'stopped', alarm: alarm.id, atMs, reason, ...(by === undefined ? {} : { by }) };
    return { course: stopped(course ?? blankCourse(alarm, atMs)), decisions: [decision], tell: 'event' };
  };

  const isCall = (course: Course | undefined, { type, alarm }: AlarmEvent): boolean =>
    course === undefined ||
    ALERTS.has(type) ||
    course.phase !== 'running' ||
    rank(alarm.severity) > rank(course.severity);

  return {
    take: (course, event) => {
      const { type, alarm, atMs } = event;
      if (type === 'closed') {
        const decision: Decision = { type: 'stopped', alarm: alarm.id, atMs, reason: CLOSED_REASON };
        return { course: undefined, decisions: course?.phase === 'running' ? [decision] : [], tell: 'event' };
      }
      if (alarm.human !== 'unacknowledged' || !isCall(course, event)) return handled(course, event);
      const plan = plans.of(alarm);
      const draft = runPolicy({ event, plan, before: course, holdBack, calm }, way);
      const { decisions } = draft;
      if (draft.isHeld && draft.course.quiet !== 'chatter') return { course: draft.course, decisions, tell: 'nothing' };
      return { course: draft.course, decisions, tell: ALERTS.has(type) ? 'event' : 'rung', begins: { plan, event } };
    },

    wake: (before, alarm, nowMs) => {
      const plan = plans.of({ ...alarm, severity: before.severity });
      const decisions: Decision[] = [];
      let course = before;
      let tell: Turn['tell'] = 'nothing';
      const { ackDueMs } = course;
      if (ackDueMs !== undefined && ackDueMs <= nowMs) {
        const { ackDueMs: _, ...rest } = course;
        const reason = overdueReason((ackDueMs - course.sinceMs) / 1000);
        decisions.push({ type: 'overdue', alarm: alarm.id, atMs: nowMs, dueMs: ackDueMs, reason });
        course = rest;
      }
      // More than one, where the gateway was down for longer than a rung.
      while (course.dueMs !== undefined && course.dueMs <= nowMs) {
        const climbed = climb(way, { course: standing(course), plan, alarm, atMs: nowMs });
        ({ course } = climbed);
        decisions.push(...climbed.decisions);
        tell = 'rung';
      }
      return { course, decisions, tell };
    },
  };
};

/** When a course wants to be woken, milliseconds; Infinity: never. */
export const nextDueMs = ({ dueMs = Infinity, ackDueMs = Infinity }: Course): number => Math.min(dueMs, ackDueMs);
