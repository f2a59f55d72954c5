import type { PresentZone } from '../engine.ts';
import type { Condition, RuleState } from '../rule.ts';
import type { DeviceEntry } from './device-entry.ts';
import { moved } from './moments.ts';
import type { JudgedSubject } from './subject.ts';

/** One subject as plain JSON. */
export interface SavedSubject {
  readonly rule: string;
  /** A rule may have been given another kind since. */
  readonly kind: string;
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
  /** Its deadline passed while the gateway was down; `dueMs` is when it counts without a sample that agrees. */
  readonly overdue?: true | undefined;
}

/** One device as plain JSON. */
export interface SavedDevice {
  readonly id: string;
  readonly lastSeenMs: number;
  /** Absent: it reports. */
  readonly silentSinceMs?: number | undefined;
  readonly behindMs: number;
  /** Of the time since it was last heard, how long the gateway was down; absent: not at all. */
  readonly missedMs?: number | undefined;
  /** Where its wearer was said to be, and since when, judged Unix milliseconds. */
  readonly present?: PresentZone | undefined;
  /** Since when it is registered, where the gateway listened before that. */
  readonly knownSinceMs?: number | undefined;
}

/** State and deadlines of the engine as plain JSON. */
export interface Snapshot {
  readonly version: 1;
  readonly atMs: number;
  /** Since when there is somebody to hear devices. */
  readonly listeningSinceMs: number;
  /** `settings` of each rule that has them: states of a rule that has other ones now begin anew. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  readonly subjects: readonly SavedSubject[];
  readonly devices: readonly SavedDevice[];
  /** How many states of each rule were left out since the start, for an older program had saved them in another shape. */
  readonly unfit?: Readonly<Record<string, number>> | undefined;
}

const finite = (ms: number): number | undefined => (ms === Infinity || ms < 0 ? undefined : ms);

export const saveSubject = (
  subject: JudgedSubject,
  state: RuleState = subject.state,
  dueMs: number = subject.dueMs,
): SavedSubject => ({
  rule: subject.rule.id,
  kind: subject.rule.kind,
  subject: subject.id,
  device: subject.device.id,
  channel: subject.channel,
  state,
  condition: subject.condition,
  dueMs: finite(dueMs),
  remainingMs: finite(subject.remainingMs),
  unobservedMs: subject.unobservedMs === 0 ? undefined : subject.unobservedMs,
  overdue: subject.overdue ? true : undefined,
});

export const saveDevice = (entry: DeviceEntry, lastSeenMs: number): SavedDevice => {
  const { device, silentSinceMs, behindMs, present } = entry;
  const missedMs = entry.missedMs(lastSeenMs);
  return {
    id: device.id,
    lastSeenMs,
    silentSinceMs: finite(silentSinceMs),
    behindMs,
    missedMs: missedMs === 0 ? undefined : missedMs,
    present,
    knownSinceMs: entry.knownSinceMs,
  };
};

/** True where its condition is over at `dueMs` by time alone. */
const endsAt = (subject: JudgedSubject, dueMs: number): boolean => {
  const { rule, state, behindMs } = subject;
  try {
    return rule.step(state, { type: 'wake', nowMs: dueMs - behindMs }, subject).condition?.phase === 'normal';
  } catch {
    // It throws again when the deadline comes, and is told then.
    return false;
  }
};

/**
 * Puts saved state back. A running duration keeps its original deadline, which is answered; the time in which the
 * gateway was down is remembered, to be named in the reason. Down time never clears: what time alone would end is put
 * off by it.
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
  if (saved.dueMs === undefined) return undefined;
  const downMs = Math.max(0, nowMs - savedAtMs);
  subject.unobservedMs += downMs;
  if (downMs === 0 || !endsAt(subject, saved.dueMs)) return saved.dueMs;
  // As silence does: else the first sample after it would find that the time is up.
  if (subject.rule.silence === 'freeze') subject.state = moved(saved.state, downMs, savedAtMs);
  return saved.dueMs + downMs;
};
