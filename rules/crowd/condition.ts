import { isBeyond } from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition } from '../rule.ts';
import type { Crowd } from './crowd.ts';
import type { Found, Top, Values } from './measures.ts';
import type { Counts } from './occupancy.ts';
import type { DensityState } from './state.ts';
import type { CrowdedZone } from './zone.ts';

const CODES = { normal: 'density-normal', pending: 'rising', active: 'over', unknown: 'density-unknown' } as const;
const PREFIXES = { density: 'density', fill: 'capacity', flow: 'flow' } as const;

const codeOf = (zone: CrowdedZone, { phase, top }: Found, values: Values): string => {
  if (top === undefined) return CODES[phase];
  const { of, level } = top;
  if (of === 'band') return phase === 'pending' ? 'band-touches' : 'band-over';
  if (of === 'ahead') return 'density-ahead';
  const scale = zone[of];
  const isBack = scale !== undefined && !isBeyond(scale, level, values[of]);
  return `${PREFIXES[of]}-${isBack ? 'easing' : CODES[phase]}`;
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
  ...(counts.conflict === null ? {} : { conflict: counts.conflict, seen: Math.round(counts.seen ?? 0) }),
});

/** What an alarm shows: value, unit and limit of the measure that it is about. */
const shownOf = (
  zone: CrowdedZone,
  { densityPerM2, persons, flow, ahead }: Crowd,
  top: Top | undefined,
): Pick<Condition, 'value' | 'unit' | 'limit'> => {
  if (top?.of === 'flow' && flow !== undefined) {
    const { perMetreMinute, capacityPerMetreMinute } = flow;
    const limit = top.level.limit * capacityPerMetreMinute;
    return { value: forPeople(perMetreMinute), unit: 'persons/m/min', limit };
  }
  const asPersons =
    top?.of === 'fill' || densityPerM2 === undefined || (top?.of === 'ahead' && ahead?.unit === 'persons');
  const shown = asPersons
    ? { value: Math.round(persons), unit: 'persons' }
    : { value: forPeople(densityPerM2), unit: 'persons/m²' };
  if (top?.of === 'ahead') return { ...shown, limit: ahead?.limit };
  // The limit of the band is a share of the one that its upper edge has reached.
  if (top?.of === 'band') return { ...shown, limit: (asPersons ? zone.fill : zone.density)?.levels[1]?.limit };
  return { ...shown, limit: top?.level.limit };
};

export const conditionOf = (
  zone: CrowdedZone,
  state: DensityState,
  crowd: Crowd,
  found: Found,
  values: Values,
): Condition => {
  const { phase, top } = found;
  const shown = shownOf(zone, crowd, top);
  const params = { ...paramsOf(zone, state, crowd), ...outlookParams(crowd, top?.of === 'flow') };
  const limit = shown.limit === undefined ? {} : { limit: forPeople(shown.limit) };
  return {
    phase,
    severity: top?.level.severity,
    reason: { code: codeOf(zone, found, values), params: { ...params, ...limit } },
    ...shown,
  };
};
