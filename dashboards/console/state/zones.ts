import type { ZoneStatus } from '../../../gateway/api/contract.ts';
import { isOverdue, type Now } from './devices.ts';
import type { Course } from './state.ts';

/** How far back the arrow looks, and how much it needs to see. */
const COURSE_MS = 180_000;
const COURSE_MIN_MS = 30_000;
const COURSE_POINTS_MAX = 60;
/** A change of fewer persons, or of a smaller share, is noise of the counters. */
const NOISE_PERSONS = 3;
const NOISE_FRACTION = 0.05;

const extended = (course: Course, { countedAt, persons, state }: ZoneStatus): Course => {
  if (countedAt === undefined || persons === undefined || state !== 'known') return state === 'known' ? course : [];
  const timeMs = Date.parse(countedAt);
  const last = course.at(-1);
  if (last !== undefined && timeMs <= last[0]) return course;
  return [...course.filter(([ms]) => timeMs - ms <= COURSE_MS), [timeMs, persons] as const].slice(-COURSE_POINTS_MAX);
};

export const withCourses = (
  courses: ReadonlyMap<string, Course>,
  zones: readonly ZoneStatus[],
): ReadonlyMap<string, Course> => {
  const next = new Map(courses);
  for (const zone of zones) next.set(zone.id, extended(next.get(zone.id) ?? [], zone));
  return next;
};

export type Direction = 'rising' | 'falling' | 'steady';

/** Where the number of persons is going; undefined while too little is known to say. */
export const directionOf = (course: Course): Direction | undefined => {
  const first = course[0];
  const last = course.at(-1);
  if (first === undefined || last === undefined || last[0] - first[0] < COURSE_MIN_MS) return undefined;
  const change = last[1] - first[1];
  const noise = Math.max(NOISE_PERSONS, NOISE_FRACTION * Math.max(first[1], last[1]));
  if (Math.abs(change) < noise) return 'steady';
  return change > 0 ? 'rising' : 'falling';
};

/** What may be said of a zone. A count that is old, incomplete or comes over a dead line is never `known`. */
export const certainty = (zone: ZoneStatus, live: boolean, now: Now): 'known' | 'stale' | 'unknown' | 'uncounted' => {
  if (zone.rule === undefined) return 'uncounted';
  if (zone.state === 'unknown' || zone.phase === 'unknown' || zone.persons === undefined) return 'unknown';
  const isLacking = zone.state === 'stale' && zone.lacking.length > 0;
  return !live || isLacking || isOverdue(zone.state === 'stale', zone.countedAt, now) ? 'stale' : 'known';
};
