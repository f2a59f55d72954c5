import type { VenueClock } from '../clock.ts';

interface Timer {
  readonly timer: number;
  readonly dueMs: number;
  readonly work: () => void;
}

/** A clock that stands where a recording puts it. */
export interface ReplayClock extends VenueClock {
  /** Puts the time on without firing anything. */
  set(nowMs: number): void;
  /** The timer fires, as it was recorded; false: it does not run. */
  wake(timer: number, nowMs: number): boolean;
  /** Fires what is due up to then, each timer at its own time. */
  advance(nowMs: number): void;
}

export const replayClock = (startMs: number): ReplayClock => {
  let nowMs = startMs;
  let timers = 0;
  // The hot path has one timer of the engine and few others: a list is enough.
  const running = new Map<number, Timer>();

  const earliest = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const each of running.values()) if (first === undefined || each.dueMs < first.dueMs) first = each;
    return first;
  };

  return {
    now: () => nowMs,
    schedule: (work, delayMs) => {
      timers += 1;
      const timer = timers;
      running.set(timer, { timer, dueMs: nowMs + Math.max(0, delayMs), work });
      return { unsubscribe: () => void running.delete(timer) };
    },
    set: (ms) => {
      nowMs = ms;
    },
    wake: (timer, ms) => {
      nowMs = ms;
      const found = running.get(timer);
      running.delete(timer);
      found?.work();
      return found !== undefined;
    },
    advance: (ms) => {
      for (let first = earliest(); first !== undefined && first.dueMs <= ms; first = earliest()) {
        running.delete(first.timer);
        nowMs = Math.max(nowMs, first.dueMs);
        first.work();
      }
      nowMs = Math.max(nowMs, ms);
    },
  };
};
