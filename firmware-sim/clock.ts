/** Real time and one-shot timers; the only place of the simulator that touches them. */
export interface Clock {
  /** Unix milliseconds, with fractions. */
  nowMs(): number;
  /** Calls back once after `delayMs`; the answer cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

/** setTimeout wraps to 1 ms above this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Steps of the wall clock do not disturb a run: its reading is taken once, then the monotonic clock counts. */
export const realClock = (): Clock => {
  const originMs = Date.now() - performance.now();
  return {
    nowMs: () => originMs + performance.now(),
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, Math.max(0, Math.min(delayMs, LONGEST_TIMER_MS)));
      return () => clearTimeout(timer);
    },
  };
};

/** Scenario seconds against real milliseconds. */
export interface Pace {
  readonly startAtMs: number;
  /** Scenario seconds that pass in one real second. */
  readonly speed: number;
}

export const dueMs = (pace: Pace, atSeconds: number): number => pace.startAtMs + (atSeconds * 1000) / pace.speed;

export const secondsAt = (pace: Pace, nowMs: number): number =>
  Math.max(0, ((nowMs - pace.startAtMs) * pace.speed) / 1000);
