import {
  earlier,
  judgeLevels,
  type Level,
  type Marks,
  NO_MARKS,
  nextDeadlineMs,
  reachedLevel,
  risingLevel,
} from '../levels.ts';
import type { Step } from '../rule.ts';
import { graver, worthSaying } from '../saying.ts';
import type { Badges } from './badges.ts';
import { conditionOf, type Found, type Measure, type Values } from './condition.ts';
import { type Crowd, crowdIn, unheard } from './crowd.ts';
import { aged, type Observation, replaced } from './estimate.ts';
import { areStill, withTotals } from './exits.ts';
import { type Counts, clampCounts, fixCounts, isIntegrated, observeCounts, seenBy } from './occupancy.ts';
import { type Course, type CrowdMarks, type DensityState, NO_COURSE, type ZeroState } from './state.ts';
import { isFlat, slopeOf, withPoint } from './trend.ts';
import type { CrowdedZone } from './zone.ts';

/** A change of an active value worth telling: persons per square metre, or a share of the capacity. */
const TOLD_DENSITY = 0.1;
const TOLD_FILL = 0.01;

/** How often trend and exits are looked at: thirty points in five minutes, a rate per minute by seven. */
const LOOK_MS = 10_000;
/** Without a report, a little later than that: counters that report as often are to be heard first. */
const UNREPORTED_LOOK_MS = 15_000;

/** A zeroing that is later than this (the gateway was down) is left out: people may have come since. */
const ZERO_LATE_MAX_MS = 900_000;
/** As many as cameras may see in a zone that is zeroed: a reflection, a cleaner. */
const ZERO_SEEN_MAX = 2;

/** In the order in which they are told of where equally grave. */
const MEASURES: readonly Measure[] = ['density', 'fill', 'flow', 'band', 'ahead'];

const scaleOf = (zone: CrowdedZone, of: Measure) => (of === 'ahead' ? zone.outlook?.scale : zone[of]);

/** What is known before it is judged. */
export type Known = Pick<DensityState, 'counts' | 'silent' | 'badges'>;

const withCameras = (zone: CrowdedZone, counts: Counts, silent: readonly string[], nowMs: number): Counts => {
  const seen = seenBy(counts, zone.feeders);
  if (seen === null || seen === counts.seen) return counts;
  const isHeard = (id: string): boolean =>
    !silent.includes(id) && counts.feeds.some(({ device, occupancy }) => device === id && occupancy !== null);
  const partial = !zone.isWatchedWhole || !zone.cameras.every(isHeard);
  const observation: Observation = { of: 'camera', persons: seen / zone.cameraShare, sigma: zone.cameraSigma, partial };
  if (!isIntegrated(counts)) return { ...counts, seen, estimate: replaced(observation, nowMs) };
  return observeCounts({ ...counts, seen }, observation);
};

/** A share of the people wears badges: those who are here stand for all, as a sample of so many does (binomial). */
const withBadges = (zone: CrowdedZone, counts: Counts, badges: Badges, nowMs: number): Counts => {
  const { badges: told } = zone;
  const count = badges.here.length;
  if (told === undefined || count === 0) return counts;
  const persons = count / told.share;
  const sigma = Math.sqrt(told.sigma ** 2 + (1 - told.share) / count);
  const observation: Observation = { of: 'badge', persons, sigma, partial: false };
  if (!isIntegrated(counts) && counts.seen === null) {
    return { ...counts, counted: true, estimate: replaced(observation, nowMs) };
  }
  return observeCounts(counts, observation);
};

/** Counts with the time that has passed, what cameras and badges say, and nobody fewer than nobody. */
const settled = (zone: CrowdedZone, before: DensityState, known: Known, nowMs: number): Counts => {
  const { silent, badges } = known;
  const estimate = aged(known.counts.estimate, isIntegrated(known.counts) ? zone.driftPerMs : 0, nowMs);
  const grown = estimate === known.counts.estimate ? known.counts : { ...known.counts, estimate };
  const seen = withCameras(zone, grown, silent, nowMs);
  const counts = badges === before.badges ? seen : withBadges(zone, seen, badges, nowMs);
  // Before every gate has given its first total, people who came by one may be missing where others let them out.
  return unheard(zone, counts).some((id) => !silent.includes(id)) ? counts : clampCounts(counts);
};

const look = (zone: CrowdedZone, course: Course, counts: Counts, nowMs: number, afterMs: number): Course => {
  const { atMs } = course;
  if (atMs !== null && nowMs < atMs + afterMs && nowMs >= atMs) return course;
  const windowMs = zone.outlook?.windowMs;
  const trend =
    windowMs === undefined ? course.trend : withPoint(course.trend, nowMs, counts.estimate.persons, windowMs);
  const slope = windowMs === undefined ? undefined : slopeOf(trend, windowMs);
  return { atMs: nowMs, trend, slope: slope ?? null, flows: withTotals(course.flows, zone.exits, counts, nowMs) };
};

/** When there is something to look at though nothing is reported: a trend that ends, a flow that dries up. */
const nextLookMs = (
  { atMs, trend, flows }: Course,
  { flow, ahead }: CrowdMarks,
  complete: boolean,
): number | undefined =>
  atMs === null || !complete || (flow.length === 0 && ahead.length === 0 && isFlat(trend) && areStill(flows))
    ? undefined
    : atMs + UNREPORTED_LOOK_MS;

/** The upper edge of the band as a share of the orange limits, or of the mildest ones. */
const bandShare = (zone: CrowdedZone, { persons, errorPersons }: Crowd, level: 0 | 1): number => {
  const upper = persons + errorPersons;
  const density =
    zone.areaM2 === undefined ? 0 : upper / zone.areaM2 / (zone.density?.levels[level]?.limit ?? Infinity);
  return Math.max(density, upper / (zone.fill?.levels[level]?.limit ?? Infinity));
};

const MINUTE_MS = 60_000;

const valuesOf = (zone: CrowdedZone, crowd: Crowd): Values => ({
  density: crowd.densityPerM2,
  fill: crowd.persons,
  band: zone.band === undefined ? undefined : bandShare(zone, crowd, 1),
  flow: crowd.flow?.share,
  ahead: crowd.ahead === undefined ? undefined : crowd.ahead.inMs / MINUTE_MS,
});

/** Beyond every limit: no flow, no forecast. */
const NOTHING_AHEAD = Number.MAX_VALUE;

const marksOf = (
  zone: CrowdedZone,
  before: CrowdMarks,
  values: Values,
  nowMs: number,
  complete: boolean,
): CrowdMarks => {
  const judged = (of: Measure, none: number): Marks => {
    const scale = scaleOf(zone, of);
    return scale === undefined ? NO_MARKS : judgeLevels(scale, before[of], values[of] ?? none, nowMs, complete);
  };
  return {
    density: judged('density', 0),
    fill: judged('fill', 0),
    band: judged('band', 0),
    flow: judged('flow', 0),
    ahead: judged('ahead', NOTHING_AHEAD),
  };
};

const gravest = (
  zone: CrowdedZone,
  marks: CrowdMarks,
  levelOf: typeof reachedLevel,
  phase: Found['phase'],
): Found | undefined => {
  let found: { level: Level; of: Measure } | undefined;
  for (const of of MEASURES) {
    const scale = scaleOf(zone, of);
    const level = scale === undefined ? undefined : levelOf(scale, marks[of]);
    if (level === undefined) continue;
    if (found === undefined || graver(level.severity, found.level.severity)) found = { level, of };
  }
  return found && { phase, ...found };
};

const NORMAL: Found = { phase: 'normal', level: undefined, of: undefined };
const UNKNOWN: Found = { phase: 'unknown', level: undefined, of: undefined };

const find = (zone: CrowdedZone, marks: CrowdMarks, crowd: Crowd, wasActive: boolean): Found => {
  const reached = gravest(zone, marks, reachedLevel, 'active');
  if (reached !== undefined) return reached;
  if (!crowd.complete) return UNKNOWN;
  // What was active ends as normal; a milder level is pending only after that.
  if (wasActive) return NORMAL;
  const rising = gravest(zone, marks, risingLevel, 'pending');
  if (rising !== undefined) return rising;
  const mildest = (zone.density ?? zone.fill)?.levels[0];
  return bandShare(zone, crowd, 0) < 1 ? NORMAL : { phase: 'pending', level: mildest, of: 'band' };
};

const zeroAfter = (zone: CrowdedZone, zero: ZeroState, nowMs: number): ZeroState => {
  if (zone.zeroing === undefined) return zero.dueMs === null ? zero : { dueMs: null, skipped: false };
  return zero.dueMs === null ? { ...zero, dueMs: zone.zeroing.next(nowMs) } : zero;
};

const deadlineMs = (
  zone: CrowdedZone,
  { marks, course, zero }: DensityState,
  complete: boolean,
): number | undefined => {
  let nextMs = earlier(zero.dueMs ?? undefined, nextLookMs(course, marks, complete));
  for (const of of MEASURES) {
    const scale = scaleOf(zone, of);
    if (scale !== undefined && marks[of].length > 0) nextMs = earlier(nextMs, nextDeadlineMs(scale, marks[of]));
  }
  return nextMs;
};

/** Judges what is known of the zone now: after new counts, when time has passed, or because a device fell silent or came back. */
export const judgeCrowd = (
  zone: CrowdedZone,
  state: DensityState,
  known: Known,
  nowMs: number,
  lookAfterMs = LOOK_MS,
): Step<DensityState> => {
  const { silent, badges } = known;
  const counts = settled(zone, state, known, nowMs);
  const before = crowdIn(zone, { counts, silent, badges, course: state.course });
  const course = before.complete ? look(zone, state.course, counts, nowMs, lookAfterMs) : state.course;
  const crowd = course === state.course ? before : crowdIn(zone, { counts, silent, badges, course });
  const values = valuesOf(zone, crowd);
  const marks = marksOf(zone, state.marks, values, nowMs, crowd.complete);
  const found = find(zone, marks, crowd, state.phase === 'active');
  const { phase } = found;
  const severity = found.level?.severity;
  const lacking = crowd.lacking.join(' ');
  const value = crowd.densityPerM2 ?? crowd.persons;
  const step = zone.areaM2 === undefined ? TOLD_FILL * (zone.capacity ?? 100) : TOLD_DENSITY;
  // A gate that is merely yet to give its first total says nothing; one that is silent does.
  const newlyLacking = lacking !== state.lacking && (phase === 'active' || silent !== state.silent);
  const speak = worthSaying(state, { phase, severity, value }, step) || newlyLacking;
  // Spelled out: spreads cost several times as much, and this is every count of every gate.
  const next: DensityState = {
    phase,
    severity: severity ?? null,
    told: speak ? value : state.told,
    counts,
    silent,
    lacking: speak ? lacking : state.lacking,
    marks,
    course,
    zero: zeroAfter(zone, state.zero, nowMs),
    badges,
  };
  return {
    state: next,
    condition: speak ? conditionOf(zone, next, crowd, found, values) : undefined,
    wakeAtMs: deadlineMs(zone, next, crowd.complete),
  };
};

/** A person has counted. It is believed; what was counted until then is compared with it, and forgotten. */
export const fixCrowd = (
  zone: CrowdedZone,
  state: DensityState,
  fix: { readonly persons: number; readonly by: string; readonly sigmaPersons: number },
  nowMs: number,
): Step<DensityState> => {
  const counts = fixCounts(state.counts, { atMs: nowMs, by: fix.by, persons: fix.persons }, fix.sigmaPersons);
  const { silent, badges } = state;
  return judgeCrowd(zone, { ...state, course: NO_COURSE }, { counts, silent, badges }, nowMs);
};

/** Zeroing never ends an alarm, nor what is not known: a zone that does not look empty is left as it is, and that is said. */
const looksEmpty = (zone: CrowdedZone, state: DensityState): boolean =>
  state.phase !== 'active' && crowdIn(zone, state).complete && (state.counts.seen ?? 0) <= ZERO_SEEN_MAX;

/** Time has passed and the count held. */
export const passCrowd = (zone: CrowdedZone, state: DensityState, nowMs: number): Step<DensityState> => {
  const { zero, counts, silent, badges } = state;
  if (zone.zeroing === undefined || zero.dueMs === null || nowMs < zero.dueMs) {
    return judgeCrowd(zone, state, { counts, silent, badges }, nowMs, UNREPORTED_LOOK_MS);
  }
  const skipped = nowMs - zero.dueMs > ZERO_LATE_MAX_MS || !looksEmpty(zone, state);
  const after = { ...state, zero: { dueMs: zone.zeroing.next(nowMs), skipped } };
  if (skipped) return judgeCrowd(zone, after, { counts, silent, badges }, nowMs);
  return fixCrowd(zone, after, { persons: 0, by: 'schedule', sigmaPersons: 0 }, nowMs);
};
