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
import type { Phase } from '../rule.ts';
import { graver } from '../saying.ts';
import type { Crowd } from './crowd.ts';
import type { CrowdMarks } from './state.ts';
import type { CrowdedZone } from './zone.ts';

/** What is judged of a crowd. */
export type Measure = keyof CrowdMarks;

/** The value of every measure. */
export type Values = Readonly<Record<Measure, number>>;

/** The level that stands for all of them, and the measure that it is one of. */
export interface Top {
  readonly of: Measure;
  readonly level: Level;
}

export interface Found {
  readonly phase: Phase;
  readonly top: Top | undefined;
}

/** In the order in which they are told of where equally grave. */
const MEASURES: readonly Measure[] = ['density', 'fill', 'flow', 'band', 'ahead'];

const scaleOf = (zone: CrowdedZone, of: Measure) => (of === 'ahead' ? zone.outlook?.scale : zone[of]);

/** The upper edge of the band as a share of the orange limits, or of the mildest ones. */
const bandShare = (zone: CrowdedZone, { persons, errorPersons }: Crowd, level: 0 | 1): number => {
  const upper = persons + errorPersons;
  const density =
    zone.areaM2 === undefined ? 0 : upper / zone.areaM2 / (zone.density?.levels[level]?.limit ?? Infinity);
  return Math.max(density, upper / (zone.fill?.levels[level]?.limit ?? Infinity));
};

const MINUTE_MS = 60_000;
/** Beyond every horizon: nothing is ahead. */
const NEVER_MS = Number.MAX_VALUE;

export const valuesOf = (zone: CrowdedZone, crowd: Crowd): Values => ({
  density: crowd.densityPerM2 ?? 0,
  fill: crowd.persons,
  band: zone.band === undefined ? 0 : bandShare(zone, crowd, 1),
  flow: crowd.flow?.share ?? 0,
  ahead: (crowd.ahead?.inMs ?? NEVER_MS) / MINUTE_MS,
});

export const marksOf = (
  zone: CrowdedZone,
  before: CrowdMarks,
  values: Values,
  nowMs: number,
  complete: boolean,
): CrowdMarks => {
  const judged = (of: Measure): Marks => {
    const scale = scaleOf(zone, of);
    return scale === undefined ? NO_MARKS : judgeLevels(scale, before[of], values[of], nowMs, complete);
  };
  return {
    density: judged('density'),
    fill: judged('fill'),
    band: judged('band'),
    flow: judged('flow'),
    ahead: judged('ahead'),
  };
};

const gravest = (zone: CrowdedZone, marks: CrowdMarks, levelOf: typeof reachedLevel): Top | undefined => {
  let top: Top | undefined;
  for (const of of MEASURES) {
    const scale = scaleOf(zone, of);
    if (scale === undefined) continue;
    const level = levelOf(scale, marks[of]);
    if (level === undefined) continue;
    if (top === undefined || graver(level.severity, top.level.severity)) top = { of, level };
  }
  return top;
};

const NORMAL: Found = { phase: 'normal', top: undefined };
const UNKNOWN: Found = { phase: 'unknown', top: undefined };
/** A limit is within the error; the scales of all zones begin with yellow. */
const TOUCHED: Found = { phase: 'pending', top: { of: 'band', level: { severity: 'yellow', limit: 1, holdMs: 0 } } };

export const find = (zone: CrowdedZone, marks: CrowdMarks, crowd: Crowd, wasActive: boolean): Found => {
  const reached = gravest(zone, marks, reachedLevel);
  if (reached !== undefined) return { phase: 'active', top: reached };
  if (!crowd.complete) return UNKNOWN;
  // What was active ends as normal; a milder level is pending only after that.
  if (wasActive) return NORMAL;
  const rising = gravest(zone, marks, risingLevel);
  if (rising !== undefined) return { phase: 'pending', top: rising };
  return bandShare(zone, crowd, 0) < 1 ? NORMAL : TOUCHED;
};

/** When the next level of any measure is reached or left if all values hold; undefined: never. */
export const levelsDueMs = (zone: CrowdedZone, marks: CrowdMarks): number | undefined => {
  let nextMs: number | undefined;
  for (const of of MEASURES) {
    const scale = scaleOf(zone, of);
    if (scale !== undefined) nextMs = earlier(nextMs, nextDeadlineMs(scale, marks[of]));
  }
  return nextMs;
};
