import type { LocalTime } from './local-time.ts';

/** When check-ins are due: at times of the day, or so long after the last one. Unix milliseconds. */
export interface Schedule {
  /** The first check-in that is due after this moment. */
  dueAfter(atMs: number): number;
  /** Which one is due next after a check-in at `atMs`, where the one at `dueMs` was. */
  afterCheckIn(atMs: number, dueMs: number): number;
}

/** A check-in counts for the time of the day that it comes within the window of; an earlier one leaves that due. */
export const dailySchedule = (time: LocalTime, minutesOfDay: readonly number[], windowMs: number): Schedule => ({
  dueAfter: (atMs) => time.next(atMs, minutesOfDay),
  afterCheckIn: (atMs, dueMs) => (dueMs - atMs > windowMs ? dueMs : time.next(Math.max(atMs, dueMs), minutesOfDay)),
});

export const rollingSchedule = (everyMs: number): Schedule => ({
  dueAfter: (atMs) => atMs + everyMs,
  afterCheckIn: (atMs) => atMs + everyMs,
});
