import type { Severity } from '../rule.ts';
import { bandOf } from './estimate.ts';
import { busiestExit, type Flow } from './exits.ts';
import { isIntegrated } from './feeds.ts';
import type { Counts } from './occupancy.ts';
import type { DensityState } from './state.ts';
import { type Forecast, forecast } from './trend.ts';
import type { CrowdedZone } from './zone.ts';

/** A limit that is ahead, as people are told of it. */
export interface Ahead extends Forecast {
  readonly severity: Severity;
  /** In persons per square metre, or in persons. */
  readonly limit: number;
  readonly unit: 'persons/m²' | 'persons';
}

/** How full a zone is, by all that is known. */
export interface Crowd {
  readonly persons: number;
  /** Half of the band: two standard deviations. */
  readonly errorPersons: number;
  readonly from: 'counters' | 'cameras' | 'fused';
  readonly densityPerM2: number | undefined;
  /** Devices that should report and do not. */
  readonly lacking: readonly string[];
  readonly complete: boolean;
  readonly ahead: Ahead | undefined;
  readonly flow: Flow | undefined;
}

/** Expected devices that have never counted. */
export const unheard = (zone: CrowdedZone, counts: Counts): readonly string[] =>
  zone.expected.filter((id) => !counts.feeds.some(({ device }) => device === id));

const sourceOf = ({ counts, badges }: Pick<DensityState, 'counts' | 'badges'>): Crowd['from'] => {
  const others = (counts.seen === null ? 0 : 1) + (badges.here.length > 0 ? 1 : 0);
  if (isIntegrated(counts.feeds)) return others > 0 ? 'fused' : 'counters';
  if (counts.seen === null) return badges.here.length > 0 ? 'fused' : 'counters';
  return others > 1 ? 'fused' : 'cameras';
};

interface Target {
  readonly persons: number;
  readonly severity: Severity;
  readonly limit: number;
  readonly unit: Ahead['unit'];
}

/** The next limit above so many persons; of equal ones the density. */
const nextLimit = ({ areaM2, density, fill }: CrowdedZone, above: number): Target | undefined => {
  const dense = areaM2 === undefined ? undefined : density?.levels.find(({ limit }) => limit * areaM2 > above);
  const full = fill?.levels.find(({ limit }) => limit > above);
  const densePersons = (dense?.limit ?? Infinity) * (areaM2 ?? 1);
  const isFullFirst = full !== undefined && full.limit < densePersons;
  if (isFullFirst) return { persons: full.limit, severity: full.severity, limit: full.limit, unit: 'persons' };
  if (dense === undefined) return undefined;
  return { persons: densePersons, severity: dense.severity, limit: dense.limit, unit: 'persons/m²' };
};

const aheadOf = (zone: CrowdedZone, { course }: Pick<DensityState, 'course'>, persons: number): Ahead | undefined => {
  if (course.slope === null) return undefined;
  const target = nextLimit(zone, persons);
  if (target === undefined) return undefined;
  const found = forecast(course.slope, persons, target.persons);
  if (found === undefined) return undefined;
  const { inMs, earliestMs, latestMs } = found;
  const { severity, limit, unit } = target;
  // Spelled out: a spread costs several times as much, and this is every count of every gate.
  return { inMs, earliestMs, latestMs, severity, limit, unit };
};

const NO_LACK: readonly string[] = [];

const lackingOf = (zone: CrowdedZone, counts: Counts, silent: readonly string[]): readonly string[] => {
  const missing = [...silent.filter((id) => zone.feeders.has(id)), ...unheard(zone, counts)];
  return missing.length === 0 ? NO_LACK : [...new Set(missing)].sort();
};

/** How full a zone is, and who of its counters is missing. */
export const crowdIn = (
  zone: CrowdedZone,
  state: Pick<DensityState, 'counts' | 'silent' | 'badges' | 'course'>,
): Crowd => {
  const { counts, silent, course } = state;
  const persons = Math.max(0, counts.estimate.persons);
  const lacking = lackingOf(zone, counts, silent);
  return {
    persons,
    errorPersons: bandOf(counts.estimate),
    from: sourceOf(state),
    densityPerM2: zone.areaM2 === undefined ? undefined : persons / zone.areaM2,
    lacking,
    complete: lacking.length === 0 && !counts.overflow,
    ahead: aheadOf(zone, state, persons),
    flow: busiestExit(course.flows, zone.exits),
  };
};
