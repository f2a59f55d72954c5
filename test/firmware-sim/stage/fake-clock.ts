import type { Clock } from '../../../firmware-sim/clock.ts';

/** A clock that jumps from timer to timer: a scenario of an hour plays in a blink, and always the same way. */
export interface FakeClock extends Clock {
  /** Runs timers in order of time until none is left or `untilMs` has come; microtasks run between them. */
  run(untilMs?: number): Promise<void>;
}

export const fakeClock = (): FakeClock => {
  let nowMs = 0;
  let order = 0;
  const timers = new Set<{ readonly atMs: number; readonly order: number; readonly callback: () => void }>();
  const next = () => {
    let first: { readonly atMs: number; readonly order: number; readonly callback: () => void } | undefined;
    for (const timer of timers) {
      const earlier =
        first === undefined || timer.atMs < first.atMs || (timer.atMs === first.atMs && timer.order < first.order);
      if (earlier) first = timer;
    }
    return first;
  };
  return {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { atMs: nowMs + Math.max(0, delayMs), order, callback };
      order += 1;
      timers.add(timer);
      return () => timers.delete(timer);
    },
    run: async (untilMs = Number.POSITIVE_INFINITY) => {
      for (let timer = next(); timer !== undefined && timer.atMs <= untilMs; timer = next()) {
        timers.delete(timer);
        nowMs = timer.atMs;
        timer.callback();
        await Promise.resolve();
      }
    },
  };
};
