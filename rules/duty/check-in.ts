import type { RuleState, Severity } from '../rule.ts';
import type { Schedule } from './schedule.ts';
import { type DutyWord, isOff } from './word.ts';

/** What a person owes: they may wear several badges, and any of them will do. */
export interface CheckInState extends RuleState {
  /** When the next check-in is due, judged Unix milliseconds; null: none is. */
  readonly dueMs: number | null;
  /** Missed one after the other. */
  readonly misses: number;
  /** Of badges that have said something of duty. */
  readonly words: Readonly<Record<string, DutyWord>>;
  /** Badges of which nothing is known. */
  readonly silent: readonly string[];
}

export const NOTHING_OWED: CheckInState = { phase: 'unknown', dueMs: null, misses: 0, words: {}, silent: [] };

export interface CheckInPlan {
  readonly schedule: Schedule;
  readonly pendingMs: number;
  readonly severity: Severity;
  readonly escalateAfter: number;
  readonly escalatedSeverity: Severity;
}

/** Off duty, or charging, by every badge that has said anything of it. */
export const isPaused = ({ words }: CheckInState): boolean => {
  const said = Object.values(words);
  return said.length > 0 && said.every(isOff);
};

export const severityOf = ({ misses }: CheckInState, plan: CheckInPlan): Severity =>
  misses >= plan.escalateAfter ? plan.escalatedSeverity : plan.severity;

/** When time alone changes something; undefined: never. */
export const nextMs = ({ phase, dueMs }: CheckInState, plan: CheckInPlan): number | undefined =>
  dueMs === null ? undefined : changesMs(phase, dueMs, plan);

const changesMs = (phase: RuleState['phase'], dueMs: number, { pendingMs }: CheckInPlan): number =>
  phase === 'pending' || phase === 'active' ? dueMs + pendingMs : dueMs;

/** The time runs from here. */
export const begun = (state: CheckInState, nowMs: number, { schedule }: CheckInPlan): CheckInState => ({
  ...state,
  phase: 'normal',
  dueMs: schedule.dueAfter(nowMs),
  misses: 0,
});

/** They are there: whatever was missed is over. */
export const checkedIn = (state: CheckInState, nowMs: number, { schedule }: CheckInPlan): CheckInState => {
  const dueMs = state.dueMs === null ? schedule.dueAfter(nowMs) : schedule.afterCheckIn(nowMs, state.dueMs);
  if (state.phase === 'normal' && dueMs === state.dueMs) return state;
  return { ...state, phase: 'normal', misses: 0, dueMs };
};

/** Nothing is owed while nobody is on duty. */
export const paused = (state: CheckInState): CheckInState => ({ ...state, phase: 'normal', dueMs: null, misses: 0 });

/** What time alone makes of it: due, then missed. However much later it is now, no more than one is missed at a time. */
export const passed = (state: CheckInState, nowMs: number, plan: CheckInPlan): CheckInState => {
  const { dueMs, phase } = state;
  if (dueMs === null || nowMs < changesMs(phase, dueMs, plan)) return state;
  if (nowMs < dueMs + plan.pendingMs && phase !== 'active') return { ...state, phase: 'pending' };
  const nextDueMs = plan.schedule.dueAfter(Math.max(dueMs, nowMs - plan.pendingMs));
  return { ...state, phase: 'active', misses: state.misses + 1, dueMs: nextDueMs };
};
