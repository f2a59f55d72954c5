import type { Condition, RuleState } from '../rule.ts';
import type { JudgedSubject } from './subject.ts';

/** One subject as plain JSON. */
export interface SavedSubject {
  readonly rule: string;
  readonly subject: string;
  readonly device: string;
  readonly channel: string;
  readonly state: RuleState;
  readonly condition?: Condition | undefined;
  /** Absent: no deadline. */
  readonly dueMs?: number | undefined;
  readonly frozenMs: number;
  /** Set while frozen, with what is left of its deadline. */
  readonly frozenSinceMs?: number | undefined;
  readonly remainingMs?: number | undefined;
}

const finite = (ms: number): number | undefined => (ms === Infinity || ms < 0 ? undefined : ms);

export const saveSubject = (subject: JudgedSubject): SavedSubject => ({
  rule: subject.rule.id,
  subject: subject.id,
  device: subject.device.id,
  channel: subject.channel,
  state: subject.state,
  condition: subject.condition,
  dueMs: finite(subject.dueMs),
  frozenMs: subject.frozenMs,
  frozenSinceMs: finite(subject.frozenSinceMs),
  remainingMs: finite(subject.remainingMs),
});

/**
 * Puts saved state back. A running duration keeps its original deadline, which is answered; the time in which the
 * gateway was down is remembered, to be named in the reason.
 */
export const restoreSubject = (
  subject: JudgedSubject,
  saved: SavedSubject,
  savedAtMs: number,
  nowMs: number,
): number | undefined => {
  subject.state = saved.state;
  subject.condition = saved.condition;
  subject.frozenMs = saved.frozenMs;
  subject.frozenSinceMs = saved.frozenSinceMs ?? -1;
  subject.remainingMs = saved.remainingMs ?? Infinity;
  if (saved.dueMs !== undefined) subject.unobservedMs = Math.max(0, nowMs - savedAtMs);
  return saved.dueMs;
};
