import type { Text } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { Audience } from '../notifiers/audience.ts';
import type { Course } from './decision.ts';
import type { Reminder } from './follow-up.ts';
import type { Plan } from './plan.ts';
import { isSomebody, peopleOf, type Reach } from './reach.ts';

/** An audience, and the roles in it that are told as a group. */
export interface Gathering extends Audience {
  readonly groups: readonly string[];
}

/** Whom a response means now: all that it has told; for a call also whoever has come on duty since. */
export const gathering = (
  config: Pick<VenueConfig, 'people'>,
  reach: Reach,
  course: Course | undefined,
  plan: Plan,
  nowMs: number,
  isCall: boolean,
): Gathering => {
  const { people: onDuty, groups, empty } = reach.at(course?.notify ?? [], nowMs);
  const people = isCall ? onDuty : [];
  return {
    channels: new Set(course?.channels),
    people: peopleOf(config, new Set([...(course?.people ?? []), ...people])),
    // Of a role that nobody has now, whoever listens as a group hears it all the same.
    hasOthers: groups.length + empty.length > 0,
    groups,
    level: plan.level,
    remark: course?.remark,
  };
};

export interface ReminderCall {
  readonly plan: Plan;
  readonly state: Reminder;
  readonly remark: Text;
  readonly atMs: number;
}

/**
 * Whom work that follows on an alarm means: before its time those whom the plan tells first, after it everybody of the
 * ladder; on duty now or, where nobody of them is, all the same.
 */
export const reminding = (
  config: Pick<VenueConfig, 'people'>,
  reach: Reach,
  { plan, state, remark, atMs }: ReminderCall,
): Audience => {
  const rungs = state === 'overdue' ? plan.ladder : plan.ladder.slice(0, 1);
  const notify = [...new Set(rungs.flatMap((rung) => rung.notify))];
  const onDuty = reach.at(notify, atMs);
  const { people, groups } = isSomebody(onDuty) ? onDuty : reach.regardless(notify);
  return {
    channels: new Set(rungs.flatMap(({ channels }) => channels)),
    people: peopleOf(config, people),
    hasOthers: groups.length > 0,
    remark,
  };
};
