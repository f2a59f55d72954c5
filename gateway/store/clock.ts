/** The only timers and time readings of the store; durations alone, never stamps. */

/** Calls once, after so long; answers how to call it off. */
export const after = (ms: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** Monotonic, milliseconds. */
export const monotonicMs = (): number => performance.now();
