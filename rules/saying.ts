import type { Phase, RuleState, Severity } from './rule.ts';
import { SEVERITIES } from './rule.ts';

/** A state that remembers what was last said of its subject. Plain JSON. */
export interface SaidState extends RuleState {
  /** Null where `phase` has none. */
  readonly severity: Severity | null;
  /** The value last said; null: none. */
  readonly told: number | null;
}

/** What could be said now. */
export interface Saying {
  readonly phase: Phase;
  readonly severity: Severity | undefined;
  readonly value: number;
}

/**
 * True when what is said of the subject changes: phase, severity, or, of an active condition, a value that has moved by
 * `valueStep` since it was last said, so that a retained alarm is not rewritten with every sample.
 */
export const worthSaying = (before: SaidState, now: Saying, valueStep: number): boolean =>
  before.phase !== now.phase ||
  before.severity !== (now.severity ?? null) ||
  (now.phase === 'active' && (before.told === null || Math.abs(now.value - before.told) >= valueStep));

/** True where `a` is the graver one. */
export const graver = (a: Severity, b: Severity): boolean => SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b);
