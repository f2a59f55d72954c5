import { isBeyond, type Level } from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition, Phase } from '../rule.ts';
import type { Crowd } from './crowd.ts';
import type { Counts } from './occupancy.ts';
import type { CrowdMarks, DensityState } from './state.ts';
import type { CrowdedZone } from './zone.ts';

/** What is judged of a crowd. */
export type Measure = keyof CrowdMarks;

/** The level that stands for all of them. */
export interface Found {
  readonly phase: Phase;
  readonly level: Level | undefined;
  readonly of: Measure | undefined;
}

/** The value of every measure; undefined: none that counts. */
export type Values = Readonly<Record<Measure, number | undefined>>;

const CODES = { normal: 'density-normal', pending: 'rising', active: 'over', unknown: 'density-unknown' } as const;
const PREFIXES = { density: 'density', fill: 'capacity', flow: 'flow' } as const;

const codeOf = (zone: CrowdedZone, { phase, level, of }: Found, values: Values): string => {
  if (level === undefined || of === undefined) return CODES[phase];
  if (of === 'band') return phase === 'pending' ? 'band-touches' : 'band-over';
  if (of === 'ahead') return 'density-ahead';
  const scale = zone[of];
  const value = values[of];
  const isBack = scale !== undefined && (value === undefined || !isBeyond(scale, level, value));
  return `${PREFIXES[of]}-${phase === 'active' && isBack ? 'easing' : CODES[phase]}`;
};

const oneDecimal = (value: number): number => Math.round(value * 10) / 10;

const MINUTE_MS = 60_000;

const minutes = (ms: number): number => Math.max(1, Math.round(ms / MINUTE_MS));

/** What is ahead, and at the exits; only where there is anything to say. */
const outlookParams = ({ ahead, flow }: Crowd, isOfFlow: boolean): Record<string, number | string> => ({
  ...(ahead === undefined
    ? {}
    : {
        aheadMinutes: minutes(ahead.inMs),
        earliestMinutes: minutes(ahead.earliestMs),
        latestMinutes: minutes(ahead.latestMs),
        aheadLimit: forPeople(ahead.limit),
        aheadUnit: ahead.unit,
      }),
  ...(flow === undefined || !isOfFlow
    ? {}
    : { exit: flow.device, flow: Math.round(flow.perMetreMinute), flowMax: Math.round(flow.capacityPerMetreMinute) }),
});

/** Figures of the sentence; those of notes only where there is something to note. */
const paramsOf = (zone: CrowdedZone, state: DensityState, crowd: Crowd): Record<string, number | string> => {
  const { counts, zero } = state;
  const { densityPerM2, lacking, from, persons } = crowd;
  const errorPersons = Math.round(crowd.errorPersons);
  return {
    persons: Math.round(persons),
    from,
    ...(densityPerM2 === undefined ? {} : { density: oneDecimal(densityPerM2) }),
    ...(zone.capacity === undefined ? {} : { capacity: zone.capacity }),
    ...(errorPersons > 0 ? { errorPersons, upTo: Math.round(persons + crowd.errorPersons) } : {}),
    ...noteParams(counts),
    ...(lacking.length > 0 ? { lacking: lacking.join(' ') } : {}),
    ...(zero.skipped ? { zeroSkipped: 1 } : {}),
  };
};

const noteParams = (counts: Counts): Record<string, number | string> => ({
  ...(counts.driftPersons > 0 ? { driftPersons: Math.round(counts.driftPersons) } : {}),
  ...(counts.resets > 0 ? { resets: counts.resets } : {}),
  ...(counts.jumpPersons > 0 ? { jumpPersons: counts.jumpPersons } : {}),
  ...(counts.overflow ? { overflow: 1 } : {}),
  ...(counts.conflict === null || counts.seen === null
    ? {}
    : { conflict: counts.conflict, seen: Math.round(counts.seen) }),
});

/** What an alarm shows: value, unit and limit of the measure that it is about. */
const shownOf = (
  zone: CrowdedZone,
  crowd: Crowd,
  { of, level }: Found,
): Pick<Condition, 'value' | 'unit' | 'limit'> => {
  const { densityPerM2, persons, flow, ahead } = crowd;
  if (of === 'flow' && flow !== undefined) {
    const { perMetreMinute, capacityPerMetreMinute } = flow;
    const limit = level && level.limit * capacityPerMetreMinute;
    return { value: forPeople(perMetreMinute), unit: 'persons/m/min', limit };
  }
  const asPersons = of === 'fill' || densityPerM2 === undefined || (of === 'ahead' && ahead?.unit === 'persons');
  const shown = asPersons
    ? { value: Math.round(persons), unit: 'persons' }
    : { value: forPeople(densityPerM2), unit: 'persons/m²' };
  if (of === 'ahead') return { ...shown, limit: ahead?.limit };
  // The limit of the band is a share of the one that its upper edge has reached.
  if (of === 'band') return { ...shown, limit: (asPersons ? zone.fill : zone.density)?.levels[1]?.limit };
  return { ...shown, limit: level?.limit };
};

export const conditionOf = (
  zone: CrowdedZone,
  state: DensityState,
  crowd: Crowd,
  found: Found,
  values: Values,
): Condition => {
  const { phase, level, of } = found;
  const shown = shownOf(zone, crowd, found);
  const params = { ...paramsOf(zone, state, crowd), ...outlookParams(crowd, of === 'flow') };
  const limit = shown.limit === undefined ? {} : { limit: forPeople(shown.limit) };
  return {
    phase,
    severity: level?.severity,
    reason: { code: codeOf(zone, found, values), params: { ...params, ...limit } },
    ...shown,
  };
};
