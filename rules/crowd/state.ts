import { type Marks, NO_MARKS } from '../levels.ts';
import type { SaidState } from '../saying.ts';
import { type Badges, NO_BADGES } from './badges.ts';
import { type Flows, NO_FLOWS } from './exits.ts';
import { type Counts, startCounts } from './occupancy.ts';
import { NO_TREND, type Slope, type Trend } from './trend.ts';

/** Where the crowd stands at the levels of every scale. */
export interface CrowdMarks {
  readonly density: Marks;
  readonly fill: Marks;
  readonly band: Marks;
  readonly flow: Marks;
  readonly ahead: Marks;
}

/** How things went, looked at every few seconds. */
export interface Course {
  /** Last looked at; null: never. */
  readonly atMs: number | null;
  readonly trend: Trend;
  readonly slope: Slope | null;
  readonly flows: Flows;
}

/** Scheduled zeroing. */
export interface ZeroState {
  /** Next, Unix milliseconds; null: not reckoned yet. */
  readonly dueMs: number | null;
  /** It was left out last time, for the zone did not look empty. */
  readonly skipped: boolean;
}

export interface DensityState extends SaidState {
  readonly counts: Counts;
  /** Feeding devices that are silent now. */
  readonly silent: readonly string[];
  /** The devices last said to be missing. */
  readonly lacking: string;
  readonly marks: CrowdMarks;
  readonly course: Course;
  readonly zero: ZeroState;
  readonly badges: Badges;
}

export const NO_COURSE: Course = { atMs: null, trend: NO_TREND, slope: null, flows: NO_FLOWS };

export const NO_ZERO: ZeroState = { dueMs: null, skipped: false };

export const START: DensityState = {
  phase: 'unknown',
  severity: null,
  told: null,
  counts: startCounts(0),
  silent: [],
  lacking: '',
  marks: { density: NO_MARKS, fill: NO_MARKS, band: NO_MARKS, flow: NO_MARKS, ahead: NO_MARKS },
  course: NO_COURSE,
  zero: NO_ZERO,
  badges: NO_BADGES,
};
