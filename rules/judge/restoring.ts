import type { Venue } from '../rule.ts';
import type { DeadlineQueue } from './deadlines.ts';
import { fits } from './fitting.ts';
import type { Lives } from './lives.ts';
import type { Roster } from './roster.ts';
import { restoreSubject, type SavedDevice, type SavedSubject, type Snapshot } from './snapshot.ts';
import type { Stepper } from './stepper.ts';
import type { JudgedSubject } from './subject.ts';

interface Heir {
  readonly roster: Roster;
  readonly queue: DeadlineQueue;
  readonly lives: Lives;
  readonly stepper: Stepper;
  readonly venue: Venue;
  /** A deadline that passed while down counts after this long. */
  readonly graceMs: number;
}

/** What has come of a snapshot. */
interface Restored {
  /** Subjects that go on where they stood. */
  readonly resumed: WeakSet<JudgedSubject>;
  /** Of each rule, how many saved states did not fit. */
  readonly unfit: Readonly<Record<string, number>> | undefined;
}

/** Puts back what an earlier run has left. */
export const restore = (snapshot: Snapshot, nowMs: number, heir: Heir): Restored => {
  const { roster, lives } = heir;
  lives.listeningSinceMs = snapshot.listeningSinceMs;
  for (const entry of roster.entries) entry.knownSinceMs = nowMs;
  for (const saved of snapshot.devices) restoreDevice(saved, snapshot, nowMs, heir);
  const resumed = new WeakSet<JudgedSubject>();
  let { unfit } = snapshot;
  for (const saved of snapshot.subjects) {
    const subject = subjectOf(saved, roster);
    if (subject === undefined || subject.rule.kind !== saved.kind) continue;
    if (!fits(saved.state, subject.rule.start())) unfit = { ...unfit, [saved.rule]: (unfit?.[saved.rule] ?? 0) + 1 };
    else if (isOther(subject.rule.settings, snapshot.settings?.[saved.rule])) carry(subject, saved, nowMs, heir);
    else {
      resumed.add(subject);
      resume(subject, saved, snapshot.atMs, nowMs, heir);
    }
  }
  return { resumed, unfit };
};

const restoreDevice = (saved: SavedDevice, snapshot: Snapshot, nowMs: number, heir: Heir): void => {
  const { roster, lives, queue, venue } = heir;
  const downMs = Math.max(0, nowMs - snapshot.atMs);
  const { id, lastSeenMs, silentSinceMs = -1, behindMs, missedMs = 0, present, knownSinceMs } = saved;
  const entry = roster.entry(id);
  entry.knownSinceMs = knownSinceMs;
  // The venue file may have changed.
  if (present !== undefined && venue.zones.has(present.zone)) entry.present = present;
  roster.ground.lastHeardMs[entry.index] = lastSeenMs;
  entry.silentSinceMs = silentSinceMs;
  entry.behindMs = behindMs;
  lives.mark(entry);
  // Time down is not silence of the device: what it had left to report in, it still has.
  const heardMs = Math.max(lastSeenMs, knownSinceMs ?? snapshot.listeningSinceMs);
  entry.miss(missedMs + downMs, lastSeenMs);
  const dueMs = heardMs + entry.silentAfterMs + missedMs + downMs;
  if (entry.silent) queue.set(entry, Infinity);
  // A limit that is shorter than before has not passed before now.
  else if (entry.silentAfterMs > 0) queue.set(entry, Math.max(nowMs, dueMs));
};

const resume = (
  subject: JudgedSubject,
  saved: SavedSubject,
  savedAtMs: number,
  nowMs: number,
  { queue, graceMs }: Heir,
): void => {
  const dueMs = restoreSubject(subject, saved, savedAtMs, nowMs);
  if (dueMs === undefined) return;
  subject.overdue = saved.overdue === true || dueMs <= nowMs;
  // Of a grace that began before an earlier end, only what was left of it.
  const leftMs = saved.overdue === true ? Math.max(0, (saved.dueMs ?? 0) - savedAtMs) : graceMs;
  queue.set(subject, subject.overdue ? Math.min(nowMs + leftMs, laterThan(subject, dueMs, nowMs)) : dueMs);
};

/** No rule sets more deadlines one after the other. */
const DEADLINES_MAX = 16;

/** Its first deadline that has not passed, were those that have answered in time; Infinity: none. */
const laterThan = (subject: JudgedSubject, dueMs: number, nowMs: number): number => {
  let { state } = subject;
  let nextMs = dueMs;
  try {
    for (let passed = 0; nextMs <= nowMs; passed += 1) {
      if (passed === DEADLINES_MAX) return Infinity;
      const step = subject.rule.step(state, { type: 'wake', nowMs: nextMs - subject.behindMs }, subject);
      state = step.state;
      nextMs = step.wakeAtMs === undefined ? Infinity : step.wakeAtMs + subject.behindMs;
    }
  } catch {
    // It throws again when the deadline comes, and is told then.
    return Infinity;
  }
  return nextMs;
};

const subjectOf = ({ rule, subject, device, channel }: SavedSubject, roster: Roster): JudgedSubject | undefined => {
  const known = roster.free.restore(rule, subject) ?? roster.find(rule, subject);
  if (known !== undefined) return known;
  roster.lane(roster.entry(device), channel);
  return roster.find(rule, subject);
};

/** Its rule judges otherwise than before: nothing of the state holds but what the rule itself carries over. */
const carry = (subject: JudgedSubject, saved: SavedSubject, nowMs: number, { roster, queue, stepper }: Heir): void => {
  const entry = roster.known(subject.device.id);
  // Its time stands still as long as nothing is known of its device.
  const stands = subject.rule.silence === 'freeze' && entry?.silent === true;
  const atMs = stands ? entry.silentSinceMs : nowMs;
  try {
    const step = subject.rule.carried?.(saved.state, subject, atMs - subject.behindMs);
    if (step === undefined) return;
    stepper.keep(subject, step, saved.state, { type: 'wake', nowMs }, nowMs);
    if (subject.dueMs < atMs) queue.set(subject, atMs);
    if (!stands) return;
    subject.remainingMs = subject.dueMs - atMs;
    queue.set(subject, Infinity);
  } catch (error) {
    stepper.fault(subject, nowMs, error);
  }
};

/** What an older program has saved says nothing of settings: it counts as the same. */
export const isOther = (settings: string | undefined, before: string | undefined): boolean =>
  settings !== undefined && before !== undefined && before !== settings;
