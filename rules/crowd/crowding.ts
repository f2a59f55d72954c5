import { earlier } from '../levels.ts';
import type { Step } from '../rule.ts';
import { worthSaying } from '../saying.ts';
import { conditionOf } from './condition.ts';
import { LOOK_MS, look, nextLookMs, UNREPORTED_LOOK_MS } from './course.ts';
import { crowdIn } from './crowd.ts';
import { find, levelsDueMs, marksOf, valuesOf } from './measures.ts';
import { fixCounts } from './occupancy.ts';
import { type Known, settled } from './settle.ts';
import { type DensityState, NO_COURSE, NO_ZERO, type ZeroState } from './state.ts';
import type { CrowdedZone } from './zone.ts';

/** A change of an active value worth telling: persons per square metre, or a share of the capacity. */
const TOLD_DENSITY = 0.1;
const TOLD_FILL = 0.01;

/** A zeroing that is later than this (the gateway was down) is left out: people may have come since. */
const ZERO_LATE_MAX_MS = 900_000;
/** As many as cameras may see in a zone that is zeroed: a reflection, a cleaner. */
const ZERO_SEEN_MAX = 2;

const zeroAfter = (zone: CrowdedZone, zero: ZeroState, nowMs: number): ZeroState => {
  if (zone.zeroing === undefined) return NO_ZERO;
  return zero.dueMs === null ? { ...zero, dueMs: zone.zeroing.next(nowMs) } : zero;
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
  const severity = found.top?.level.severity;
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
    wakeAtMs: earlier(
      earlier(next.zero.dueMs ?? undefined, nextLookMs(course, crowd.complete)),
      levelsDueMs(zone, marks),
    ),
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
