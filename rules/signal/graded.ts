import {
  interrupted,
  type Level,
  type Marks,
  NO_MARKS,
  nextDeadlineMs,
  reachedLevel,
  risingLevel,
  type Scale,
} from '../levels.ts';
import type { Condition, Phase, Reason, Step } from '../rule.ts';
import { type SaidState, worthSaying } from '../saying.ts';

/** A state that judges one value against one scale. Plain JSON. */
export interface GradedState extends SaidState {
  /** The value that holds; null: none is known. */
  readonly value: number | null;
  readonly marks: Marks;
}

export const UNGRADED = { phase: 'unknown', severity: null, told: null, value: null, marks: NO_MARKS } as const;

/** What is to be said of a value: nothing reached, on its way to a level, or at one. */
export interface Grade {
  readonly phase: Phase;
  readonly level: Level | undefined;
}

const gradeOf = (scale: Scale, marks: Marks): Grade => {
  const reached = reachedLevel(scale, marks);
  if (reached !== undefined) return { phase: 'active', level: reached };
  const rising = risingLevel(scale, marks);
  return { phase: rising === undefined ? 'normal' : 'pending', level: rising };
};

export interface Grading<S extends GradedState> {
  readonly scale: Scale;
  /** A change of an active value worth telling. */
  readonly valueStep: number;
  say(grade: Grade, value: number, state: S): Condition;
}

/** Takes a new value and what it makes of the marks into the state; a value that is far from all levels changes nothing. */
export const graded = <S extends GradedState>(grading: Grading<S>, state: S, value: number, marks: Marks): Step<S> => {
  if (marks.length === 0 && state.marks.length === 0 && state.phase === 'normal') return { state };
  const grade = gradeOf(grading.scale, marks);
  const { phase, level } = grade;
  const severity = level?.severity;
  const speaks = worthSaying(state, { phase, severity, value }, grading.valueStep);
  const wakeAtMs = nextDeadlineMs(grading.scale, marks);
  // The deadline again: the rest of the state may be new, and a new state comes with its own.
  if (marks === state.marks && value === state.value) return { state, wakeAtMs };
  const told = speaks ? value : state.told;
  const next: S = { ...state, phase, severity: severity ?? null, told, value, marks };
  return {
    state: next,
    condition: speaks ? grading.say(grade, value, next) : undefined,
    wakeAtMs,
  };
};

/** Nothing is known of the value: no level is left, and none is reached before the whole of its time has passed anew. */
export const lapsed = <S extends GradedState>(state: S, reason: Reason): Step<S> => {
  if (state.phase === 'unknown') return { state };
  const next: S = { ...state, phase: 'unknown', value: null, marks: interrupted(state.marks) };
  return { state: next, condition: { phase: 'unknown', severity: state.severity ?? undefined, reason } };
};
