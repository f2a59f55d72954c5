import type { Condition, RuleState } from '../rule.ts';
import type { DeviceEntry } from './device-entry.ts';
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
  /** What was left of its deadline when its device fell silent; absent: nothing ran. */
  readonly remainingMs?: number | undefined;
  readonly unobservedMs?: number | undefined;
}

/** One device as plain JSON. */
export interface SavedDevice {
  readonly id: string;
  readonly lastSeenMs: number;
  /** Absent: it reports. */
  readonly silentSinceMs?: number | undefined;
  readonly behindMs: number;
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
  remainingMs: finite(subject.remainingMs),
  unobservedMs: subject.unobservedMs === 0 ? undefined : subject.unobservedMs,
});

export const saveDevice = ({ device, silentSinceMs, behindMs }: DeviceEntry, lastSeenMs: number): SavedDevice => ({
  id: device.id,
  lastSeenMs,
  silentSinceMs: finite(silentSinceMs),
  behindMs,
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
  subject.remainingMs = saved.remainingMs ?? Infinity;
  subject.unobservedMs = saved.unobservedMs ?? 0;
  if (saved.dueMs !== undefined) subject.unobservedMs += Math.max(0, nowMs - savedAtMs);
  return saved.dueMs;
};
