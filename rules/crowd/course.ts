import { areStill, withTotals } from './exits.ts';
import type { Counts } from './occupancy.ts';
import type { Course } from './state.ts';
import { isFlat, slopeOf, withPoint } from './trend.ts';
import type { CrowdedZone } from './zone.ts';

/** How often trend and exits are looked at: thirty points in five minutes, a rate per minute by seven. */
export const LOOK_MS = 10_000;
/** Without a report, a little later than that: counters that report as often are to be heard first. */
export const UNREPORTED_LOOK_MS = 15_000;

/** The course with what is so now, unless it was looked at a moment ago. */
export const look = (zone: CrowdedZone, course: Course, counts: Counts, nowMs: number, afterMs: number): Course => {
  const { atMs } = course;
  if (atMs !== null && nowMs < atMs + afterMs && nowMs >= atMs) return course;
  const windowMs = zone.outlook?.windowMs;
  const trend =
    windowMs === undefined ? course.trend : withPoint(course.trend, nowMs, counts.estimate.persons, windowMs);
  const slope = windowMs === undefined ? undefined : slopeOf(trend, windowMs);
  return { atMs: nowMs, trend, slope: slope ?? null, flows: withTotals(course.flows, zone.exits, counts, nowMs) };
};

/**
 * When there is something to look at though nothing is reported: a trend that ends, a flow that dries up. Once both have,
 * their levels are being left, and that comes with a deadline of its own.
 */
export const nextLookMs = ({ atMs, trend, flows }: Course, complete: boolean): number | undefined =>
  atMs === null || !complete || (isFlat(trend) && areStill(flows)) ? undefined : atMs + UNREPORTED_LOOK_MS;
