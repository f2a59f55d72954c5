import type { Deadline, DeadlineQueue } from './deadlines.ts';
import { DeviceEntry } from './device-entry.ts';
import { JudgedSubject } from './subject.ts';

/** A rule may move through a few stages in one moment; one that never comes to rest is broken. */
const SPINS_MAX = 16;

export interface Due {
  readonly touch: (subject: JudgedSubject) => void;
  readonly quietTooLong: (entry: DeviceEntry, nowMs: number) => void;
  readonly wake: (subject: JudgedSubject, nowMs: number) => void;
  readonly fault: (subject: JudgedSubject, nowMs: number, error: unknown) => void;
  /** What has come of one deadline, before the next one, which may be later. */
  readonly catchUp: () => void;
}

/** Fires every deadline up to `nowMs`, in order of time, each with its own time. */
export const fireAll = (queue: DeadlineQueue, nowMs: number, due: Due): void => {
  const spins = new Map<Deadline, number>();
  let lastMs = -Infinity;
  for (let item = queue.takeDue(nowMs); item !== undefined; item = queue.takeDue(nowMs)) {
    const dueMs = item.dueMs;
    if (item instanceof JudgedSubject) due.touch(item);
    item.dueMs = Infinity;
    // A deadline that goes back in time is no new moment.
    if (dueMs > lastMs) {
      spins.clear();
      lastMs = dueMs;
    }
    spins.set(item, (spins.get(item) ?? 0) + 1);
    if (item instanceof DeviceEntry) due.quietTooLong(item, dueMs);
    else if (!(item instanceof JudgedSubject)) continue;
    else if ((spins.get(item) ?? 0) > SPINS_MAX)
      due.fault(item, dueMs, new Error('asks to be woken again at the same moment'));
    else due.wake(item, item.overdue ? nowMs : dueMs);
    due.catchUp();
  }
};
