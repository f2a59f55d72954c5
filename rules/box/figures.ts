import type { Level, Marks, Scale } from '../levels.ts';
import {
  interrupted,
  isBeyond,
  judgeLevels,
  NO_MARKS,
  nextDeadlineMs,
  passTime,
  reachedLevel,
  risingLevel,
} from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition, Figure, Phase, Step } from '../rule.ts';
import { stay } from '../rule.ts';
import { type SaidState, worthSaying } from '../saying.ts';

type Limits = Readonly<Partial<Record<'yellow' | 'orange' | 'red', number | undefined>>>;

/** What is measured of the gateway, and which way is worse. */
export const MEASURES = {
  loopLagMilliseconds: { unit: 'ms', direction: 'above' },
  diskFreeMegabytes: { unit: 'MB', direction: 'below' },
  writerStillSeconds: { unit: 's', direction: 'above' },
  queueAgeSeconds: { unit: 's', direction: 'above' },
  sinkDownSeconds: { unit: 's', direction: 'above' },
  noticeAgeSeconds: { unit: 's', direction: 'above' },
  clockOffsetSeconds: { unit: 's', direction: 'above' },
} as const;

export type Measure = keyof typeof MEASURES;

export const isMeasure = (name: string): name is Measure => Object.hasOwn(MEASURES, name);

export interface FiguresState extends SaidState {
  /** The value that holds; null: none, or it says nothing. */
  readonly value: number | null;
  readonly marks: Marks;
  /** For the sentence. */
  readonly zh: string;
  readonly en: string;
}

export const START: FiguresState = {
  phase: 'normal',
  severity: null,
  told: null,
  value: null,
  marks: NO_MARKS,
  zh: '',
  en: '',
};

export interface FigurePlan {
  readonly measure: Measure;
  readonly scale: Scale;
}

/** A value must be back by a tenth of the mildest limit. */
const DEADBAND = 0.1;

export const figurePlan = (measure: Measure, limits: Limits, holdSeconds: number, clearSeconds: number): FigurePlan => {
  const levels = (['yellow', 'orange', 'red'] as const).flatMap((severity): Level[] => {
    const limit = limits[severity];
    return limit === undefined ? [] : [{ severity, limit, holdMs: holdSeconds * 1000 }];
  });
  const deadband = DEADBAND * Math.min(...levels.map(({ limit }) => limit));
  const { direction } = MEASURES[measure];
  return {
    measure,
    scale: { direction, levels, clearMs: clearSeconds * 1000, deadband: levels.length === 0 ? 0 : deadband },
  };
};

const conditionOf = (
  { measure, scale }: FigurePlan,
  state: FiguresState,
  level: Level | undefined,
  part: string,
): Condition => {
  const { phase, value: exact, zh, en } = state;
  const value = forPeople(exact ?? 0);
  const stage =
    phase === 'pending' ? '-soon' : level !== undefined && !isBeyond(scale, level, exact ?? 0) ? '-easing' : '';
  return {
    phase,
    severity: level?.severity,
    reason: { code: `box-${measure}${level === undefined ? '-normal' : stage}`, params: { part, value, zh, en } },
    value,
    unit: MEASURES[measure].unit,
    limit: level?.limit,
  };
};

const conclude = (plan: FigurePlan, before: FiguresState, now: FiguresState, part: string): Step<FiguresState> => {
  const { marks, value } = now;
  const reached = reachedLevel(plan.scale, marks);
  // All levels take the same time: where one has ended, no milder one is under way.
  const level = reached ?? risingLevel(plan.scale, marks);
  const phase: Phase = reached !== undefined ? 'active' : level !== undefined ? 'pending' : 'normal';
  const severity = level?.severity;
  const step = Math.max(1, Math.abs(before.told ?? 0) / 2);
  const speak = worthSaying(before, { phase, severity, value: value ?? 0 }, step);
  const next: FiguresState = { ...now, phase, severity: severity ?? null, told: speak ? value : before.told };
  const condition = speak ? conditionOf(plan, next, level, part) : undefined;
  if (marks.length === 0) return { state: START, condition };
  return { state: next, condition, wakeAtMs: nextDeadlineMs(plan.scale, marks) };
};

/** It could not be measured: nothing is cleared, nothing is under way. */
const unmeasured = (plan: FigurePlan, state: FiguresState, part: string): Step<FiguresState> => {
  if (state.phase === 'unknown') return stay(state);
  const { measure } = plan;
  return {
    state: { ...state, phase: 'unknown', told: null, marks: interrupted(state.marks) },
    condition: {
      phase: 'unknown',
      severity: state.severity ?? undefined,
      reason: { code: 'box-unmeasured', params: { measure, part } },
    },
  };
};

export const measured = (plan: FigurePlan, state: FiguresState, figure: Figure): Step<FiguresState> => {
  const { value, part, nowMs, detail } = figure;
  if (value === undefined || !Number.isFinite(value)) return unmeasured(plan, state, part);
  const marks = judgeLevels(plan.scale, state.marks, value, nowMs);
  if (marks.length === 0 && state === START) return stay(state);
  return conclude(plan, state, { ...state, value, marks, zh: detail?.zh ?? '', en: detail?.en ?? '' }, part);
};

export const timePassed = (plan: FigurePlan, state: FiguresState, nowMs: number, part: string): Step<FiguresState> => {
  const marks = passTime(plan.scale, state.marks, nowMs);
  return marks === state.marks ? stay(state) : conclude(plan, state, { ...state, marks }, part);
};
