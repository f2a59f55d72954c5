import {
  earlier,
  isBeyond,
  judgeLevels,
  type Level,
  type Marks,
  NO_MARKS,
  nextDeadlineMs,
  passTime,
  reachedLevel,
  risingLevel,
  type Scale,
} from './levels.ts';
import { type Counts, clampCounts, personsOf } from './occupancy.ts';
import { forPeople } from './rounding.ts';
import type { Condition, Phase, Step } from './rule.ts';
import { stay } from './rule.ts';
import { graver, type SaidState, worthSaying } from './saying.ts';

/** One zone as the rule judges it. */
export interface CrowdedZone {
  readonly id: string;
  readonly areaM2: number | undefined;
  readonly capacity: number | undefined;
  /** Persons per square metre; undefined for a zone without area. */
  readonly density: Scale | undefined;
  /** Persons against the capacity; undefined for a zone without one. */
  readonly fill: Scale | undefined;
  readonly errorFraction: number;
  /** Devices whose counts belong to the zone. */
  readonly feeders: ReadonlySet<string>;
  /** Those of them without which the count is incomplete, also when they were never heard. */
  readonly expected: readonly string[];
}

export interface DensityState extends SaidState {
  readonly counts: Counts;
  /** Feeding devices that are silent now. */
  readonly silent: readonly string[];
  /** The devices last said to be missing. */
  readonly lacking: string;
  readonly density: Marks;
  readonly fill: Marks;
}

export const startState = (counts: Counts): DensityState => ({
  phase: 'unknown',
  severity: null,
  told: null,
  counts,
  silent: [],
  lacking: '',
  density: NO_MARKS,
  fill: NO_MARKS,
});

/** A change of an active value worth telling: persons per square metre, or a share of the capacity. */
const TOLD_DENSITY = 0.1;
const TOLD_FILL = 0.01;

const unheard = (zone: CrowdedZone, counts: Counts): readonly string[] =>
  zone.expected.filter((id) => !counts.feeds.some(({ device }) => device === id));

interface Found {
  readonly phase: Phase;
  readonly level: Level | undefined;
  readonly scale: Scale | undefined;
}

const NOTHING: Found = { phase: 'normal', level: undefined, scale: undefined };

/** The graver of two levels; of equal ones the density. */
const worse = (
  zone: CrowdedZone,
  density: Level | undefined,
  fill: Level | undefined,
  phase: 'active' | 'pending',
): Found | undefined => {
  if (fill !== undefined && (density === undefined || graver(fill.severity, density.severity))) {
    return { phase, level: fill, scale: zone.fill };
  }
  return density === undefined ? undefined : { phase, level: density, scale: zone.density };
};

const find = (zone: CrowdedZone, density: Marks, fill: Marks, complete: boolean, wasActive: boolean): Found => {
  const at = (level: typeof reachedLevel, scale: Scale | undefined, marks: Marks): Level | undefined =>
    scale === undefined ? undefined : level(scale, marks);
  const reached = worse(zone, at(reachedLevel, zone.density, density), at(reachedLevel, zone.fill, fill), 'active');
  if (reached !== undefined) return reached;
  if (!complete) return { ...NOTHING, phase: 'unknown' };
  // What was active ends as normal; a milder level is pending only after that.
  if (wasActive) return NOTHING;
  return worse(zone, at(risingLevel, zone.density, density), at(risingLevel, zone.fill, fill), 'pending') ?? NOTHING;
};

interface Crowd {
  readonly persons: number;
  readonly from: 'counters' | 'cameras';
  readonly densityPerM2: number | undefined;
  readonly lacking: readonly string[];
}

/** How full a zone is, and who of its counters is missing. */
export const crowdOf = (zone: CrowdedZone, counts: Counts, silent: readonly string[]): Crowd => {
  const { persons, from } = personsOf(counts, zone.feeders);
  const missing = [...silent.filter((id) => zone.feeders.has(id)), ...unheard(zone, counts)];
  const lacking = [...new Set(missing)].sort();
  return { persons, from, densityPerM2: zone.areaM2 === undefined ? undefined : persons / zone.areaM2, lacking };
};

const CODES = { normal: 'density-normal', pending: 'rising', active: 'over', unknown: 'density-unknown' } as const;

const codeOf = (zone: CrowdedZone, { phase, level, scale }: Found, value: number): string => {
  if (level === undefined || scale === undefined) return CODES[phase];
  const stage = phase === 'active' && !isBeyond(scale, level, value) ? 'easing' : CODES[phase];
  return `${scale === zone.fill ? 'capacity' : 'density'}-${stage}`;
};

/** Figures of the sentence; those of notes only where there is something to note. */
const paramsOf = (zone: CrowdedZone, counts: Counts, crowd: Crowd): Record<string, number | string> => {
  const { densityPerM2, lacking, from } = crowd;
  const errorPersons = Math.round(zone.errorFraction * counts.passed);
  return {
    persons: Math.round(crowd.persons),
    from,
    ...(densityPerM2 === undefined ? {} : { density: Math.round(densityPerM2 * 10) / 10 }),
    ...(zone.capacity === undefined ? {} : { capacity: zone.capacity }),
    ...(errorPersons > 0 ? { errorPersons } : {}),
    ...(counts.driftPersons > 0 ? { driftPersons: Math.round(counts.driftPersons) } : {}),
    ...(counts.resets > 0 ? { resets: counts.resets } : {}),
    ...(counts.jumpPersons > 0 ? { jumpPersons: counts.jumpPersons } : {}),
    ...(lacking.length > 0 ? { lacking: lacking.join(' ') } : {}),
    ...(counts.overflow ? { overflow: 1 } : {}),
  };
};

const conditionOf = (zone: CrowdedZone, counts: Counts, crowd: Crowd, found: Found): Condition => {
  const { phase, level, scale } = found;
  const ofFill = scale === zone.fill && scale !== undefined;
  const { densityPerM2, persons } = crowd;
  const asPersons = ofFill || densityPerM2 === undefined;
  const limit = level?.limit;
  const code = codeOf(zone, found, asPersons ? persons : densityPerM2);
  const params = paramsOf(zone, counts, crowd);
  return {
    phase,
    severity: level?.severity,
    reason: { code, params: limit === undefined ? params : { ...params, limit: forPeople(limit) } },
    value: asPersons ? Math.round(persons) : forPeople(densityPerM2),
    unit: asPersons ? 'persons' : 'persons/m²',
    limit,
  };
};

/** Judges what is known of the zone now: after new counts, or because a device fell silent or came back. */
export const judgeCrowd = (
  zone: CrowdedZone,
  state: DensityState,
  taken: Counts,
  silent: readonly string[],
  nowMs: number,
): Step<DensityState> => {
  // Before every gate has given its first total, people who came by one may be missing where others let them out.
  const open = unheard(zone, taken).some((id) => !silent.includes(id));
  const counts = open ? taken : clampCounts(taken);
  const crowd = crowdOf(zone, counts, silent);
  const complete = crowd.lacking.length === 0 && !counts.overflow;
  const judged = (scale: Scale | undefined, marks: Marks, value: number | undefined): Marks =>
    scale === undefined || value === undefined ? NO_MARKS : judgeLevels(scale, marks, value, nowMs, complete);
  const density = judged(zone.density, state.density, crowd.densityPerM2);
  const fill = judged(zone.fill, state.fill, crowd.persons);
  return conclude(zone, state, { counts, silent, density, fill }, crowd);
};

/** Time has passed and the count held. */
export const passCrowd = (zone: CrowdedZone, state: DensityState, nowMs: number): Step<DensityState> => {
  const { counts, silent } = state;
  const density = zone.density === undefined ? NO_MARKS : passTime(zone.density, state.density, nowMs);
  const fill = zone.fill === undefined ? NO_MARKS : passTime(zone.fill, state.fill, nowMs);
  if (density === state.density && fill === state.fill) return stay(state);
  return conclude(zone, state, { counts, silent, density, fill }, crowdOf(zone, counts, silent));
};

const conclude = (
  zone: CrowdedZone,
  state: DensityState,
  parts: Pick<DensityState, 'counts' | 'silent' | 'density' | 'fill'>,
  crowd: Crowd,
): Step<DensityState> => {
  const { counts, density, fill } = parts;
  const complete = crowd.lacking.length === 0 && !counts.overflow;
  const found = find(zone, density, fill, complete, state.phase === 'active');
  const { phase } = found;
  const severity = found.level?.severity;
  const lacking = crowd.lacking.join(' ');
  const value = crowd.densityPerM2 ?? crowd.persons;
  const step = zone.areaM2 === undefined ? TOLD_FILL * (zone.capacity ?? 100) : TOLD_DENSITY;
  // A gate that is merely yet to give its first total says nothing; one that is silent does.
  const newlyLacking = lacking !== state.lacking && (phase === 'active' || parts.silent !== state.silent);
  const speak = worthSaying(state, { phase, severity, value }, step) || newlyLacking;
  // Spelled out: spreads cost several times as much, and this is every count of every gate.
  const next: DensityState = {
    phase,
    severity: severity ?? null,
    told: speak ? value : state.told,
    counts,
    silent: parts.silent,
    lacking: speak ? lacking : state.lacking,
    density,
    fill,
  };
  const densityMs = zone.density === undefined ? undefined : nextDeadlineMs(zone.density, density);
  const fillMs = zone.fill === undefined ? undefined : nextDeadlineMs(zone.fill, fill);
  return {
    state: next,
    condition: speak ? conditionOf(zone, counts, crowd, found) : undefined,
    wakeAtMs: earlier(densityMs, fillMs),
  };
};
