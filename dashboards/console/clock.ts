/** Ends what was begun: a timer, a listener. */
export type Stop = () => void;

/** A page's idea of time: never steps back, and counts the time that a phone slept through. */
export interface PageClock {
  /** Milliseconds since the page was opened. */
  nowMs(): number;
}

/** The wall clock runs ahead of the monotonic one by this much: the machine slept, or its clock was set. */
const SLEEP_MS = 2_000;

/**
 * `performance.now` stands still while some systems sleep; the wall clock does not. A wall clock that is set forward
 * looks like sleep, which costs no more than a reconnection.
 */
export const pageClock = (): PageClock => {
  let sleptMs = 0;
  let lastWallMs = Date.now();
  let lastMonotonicMs = performance.now();
  return {
    nowMs: () => {
      const wallMs = Date.now();
      const monotonicMs = performance.now();
      const aheadMs = wallMs - lastWallMs - (monotonicMs - lastMonotonicMs);
      if (aheadMs > SLEEP_MS) sleptMs += aheadMs;
      lastWallMs = wallMs;
      lastMonotonicMs = monotonicMs;
      return monotonicMs + sleptMs;
    },
  };
};

export const after = (delayMs: number, work: () => void): Stop => {
  const id = setTimeout(work, delayMs);
  return () => clearTimeout(id);
};

export const every = (periodMs: number, work: () => void): Stop => {
  const id = setInterval(work, periodMs);
  return () => clearInterval(id);
};

/** How long a page in the background waits between two drawings: it gets no frames, yet its title counts alarms. */
const HIDDEN_DRAW_MS = 250;

/** Calls `draw` once for all requests before the next frame. */
export const coalesced = (draw: () => void): (() => void) => {
  let waiting = false;
  const run = (): void => {
    if (!waiting) return;
    waiting = false;
    draw();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    if (document.visibilityState === 'visible') requestAnimationFrame(run);
    // Also where a frame was asked for: the page may be hidden before it comes.
    after(HIDDEN_DRAW_MS, run);
  };
};
