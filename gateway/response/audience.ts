import type { VenueConfig } from '../config/schema.ts';
import type { Audience } from '../notifiers/audience.ts';
import type { Course } from './decision.ts';
import type { Plan } from './plan.ts';
import { peopleOf, type Reach } from './reach.ts';

/** An audience, and the roles in it that are told as a group. */
export interface Gathering extends Audience {
  readonly groups: readonly string[];
}

/** Whom a response means now: all that it has told, and whoever has come on duty since. */
export const gathering = (
  config: Pick<VenueConfig, 'people'>,
  reach: Reach,
  course: Course | undefined,
  plan: Plan,
  nowMs: number,
): Gathering => {
  const { people, groups, empty } = reach.at(course?.notify ?? [], nowMs);
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
