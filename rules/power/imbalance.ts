import type { Device } from '../../ingest/model/device.ts';
import { DEFAULT_SILENCE_FACTOR, quietLimitMs } from '../judge/liveness.ts';
import type { Level, Marks, Scale } from '../levels.ts';
import {
  isBeyond,
  judgeLevels,
  laterBy,
  NO_MARKS,
  nextDeadlineMs,
  passTime,
  reachedLevel,
  risingLevel,
} from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition, Phase, Step } from '../rule.ts';
import { stay } from '../rule.ts';
import { type SaidState, worthSaying } from '../saying.ts';

const PHASES = ['a', 'b', 'c'] as const;
type PhaseName = (typeof PHASES)[number];

export const isPhase = (channel: string): channel is PhaseName => PHASES.some((phase) => phase === channel);

interface ImbalanceSettings {
  readonly yellow: number;
  readonly orange: number;
  readonly leastAmps: number;
  readonly holdSeconds: number;
  readonly clearSeconds: number;
  readonly deadbandPercent: number;
}

interface ImbalancePlan {
  readonly leastAmps: number;
  readonly scale: Scale;
}

type Reported = readonly [amps: number, atMs: number];

export interface ImbalanceState extends SaidState {
  /** What each phase last reported; null: nothing yet. */
  readonly phases: readonly (Reported | null)[];
  readonly marks: Marks;
  /** Since when a phase is missing while others report; null: none is. Its time does not count. */
  readonly missingSinceMs: number | null;
}

export const START: ImbalanceState = {
  phase: 'unknown',
  severity: null,
  told: null,
  phases: [null, null, null],
  marks: NO_MARKS,
  missingSinceMs: null,
};

export const imbalancePlan = (settings: ImbalanceSettings): ImbalancePlan => {
  const holdMs = settings.holdSeconds * 1000;
  const levels: readonly Level[] = [
    { severity: 'yellow', limit: settings.yellow, holdMs },
    { severity: 'orange', limit: settings.orange, holdMs },
  ];
  return {
    leastAmps: settings.leastAmps,
    scale: {
      direction: 'above',
      levels,
      clearMs: settings.clearSeconds * 1000,
      deadband: settings.deadbandPercent,
    },
  };
};

/** NEMA MG 1: the largest distance from the mean, in percent of the mean; 0 where the mean is too small to say. */
export const imbalancePercent = (amps: readonly number[], leastAmps: number): number => {
  const mean = amps.reduce((sum, each) => sum + each, 0) / amps.length;
  if (mean < leastAmps || mean === 0) return 0;
  return (100 * Math.max(...amps.map((each) => Math.abs(each - mean)))) / mean;
};

/** A change of an active imbalance worth telling, percent. */
const TOLD_STEP = 10;

const ampsOf = (phases: ImbalanceState['phases']): readonly number[] => phases.map((phase) => phase?.[0] ?? 0);

const conclude = (plan: ImbalancePlan, state: ImbalanceState, marks: Marks): Step<ImbalanceState> => {
  const amps = ampsOf(state.phases);
  const value = imbalancePercent(amps, plan.leastAmps);
  const reached = reachedLevel(plan.scale, marks);
  // Both levels take the same time: where one has ended, the milder one is not under way.
  const level = reached ?? risingLevel(plan.scale, marks);
  const phase: Phase = reached !== undefined ? 'active' : level !== undefined ? 'pending' : 'normal';
  const severity = level?.severity;
  const speak = worthSaying(state, { phase, severity, value }, TOLD_STEP);
  const told = speak ? value : state.told;
  const next: ImbalanceState = { ...state, phase, severity: severity ?? null, told, marks, missingSinceMs: null };
  const code = codeOf(plan, phase, level, value);
  const condition = speak ? conditionOf(phase, level, code, value, amps) : undefined;
  return { state: next, condition, wakeAtMs: nextDeadlineMs(plan.scale, marks) };
};

const codeOf = ({ scale }: ImbalancePlan, phase: Phase, level: Level | undefined, value: number): string => {
  if (level === undefined) return 'phases-normal';
  if (phase === 'pending') return 'phases-unequal-soon';
  return isBeyond(scale, level, value) ? 'phases-unequal' : 'phases-easing';
};

const conditionOf = (
  phase: Phase,
  level: Level | undefined,
  code: string,
  exact: number,
  amps: readonly number[],
): Condition => {
  const value = forPeople(exact);
  const [a = 0, b = 0, c = 0] = amps.map(forPeople);
  return {
    phase,
    severity: level?.severity,
    reason: { code, params: { percent: value, a, b, c, ...(level === undefined ? {} : { limit: level.limit }) } },
    value,
    unit: '%',
    limit: level?.limit,
  };
};

/** The phases that have not been heard for as long as their device may be quiet, though another one has. */
const missing = (phases: ImbalanceState['phases'], nowMs: number, device: Device): readonly PhaseName[] => {
  const limitMs = quietLimitMs(device, DEFAULT_SILENCE_FACTOR) ?? Infinity;
  return PHASES.filter((_, index) => {
    const reported = phases[index] ?? null;
    return reported === null || nowMs - reported[1] > limitMs;
  });
};

const unknown = (state: ImbalanceState, lacking: readonly PhaseName[], nowMs: number): Step<ImbalanceState> => {
  if (state.missingSinceMs !== null) return stay(state);
  const reason = { code: 'phases-missing', params: { phases: lacking.join(', ') } };
  const severity = state.severity ?? undefined;
  return {
    state: { ...state, phase: 'unknown', told: null, missingSinceMs: nowMs },
    condition: { phase: 'unknown', severity, reason },
  };
};

/** A phase reports. Nothing is judged before all three have, nor while one of them is missing. */
export const sampled = (
  plan: ImbalancePlan,
  before: ImbalanceState,
  channel: PhaseName,
  amps: number,
  nowMs: number,
  device: Device,
): Step<ImbalanceState> => {
  const reported: Reported = [amps, nowMs];
  const phases = PHASES.map((name, index) => (name === channel ? reported : (before.phases[index] ?? null)));
  const state: ImbalanceState = { ...before, phases };
  const lacking = missing(phases, nowMs, device);
  if (lacking.length > 0) {
    const isFirst = phases.some((each) => each === null);
    return isFirst ? { state } : unknown(state, lacking, nowMs);
  }
  const { missingSinceMs } = state;
  const kept = missingSinceMs === null ? state.marks : laterBy(state.marks, Math.max(0, nowMs - missingSinceMs));
  const value = imbalancePercent(ampsOf(phases), plan.leastAmps);
  return conclude(plan, state, judgeLevels(plan.scale, kept, value, nowMs));
};

/** Time has passed and the currents held. */
export const woken = (plan: ImbalancePlan, state: ImbalanceState, nowMs: number): Step<ImbalanceState> => {
  if (state.missingSinceMs !== null) return stay(state);
  const marks = passTime(plan.scale, state.marks, nowMs);
  return marks === state.marks ? stay(state) : conclude(plan, state, marks);
};
