/** The only timers and time readings of the store; durations alone, never stamps. */

/** Calls once, after so long; answers how to call it off. */
export const after = (ms: number, work: () => void): (() => void) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** Calls again and again; keeps no process alive. */
export const every = (ms: number, work: () => void): (() => void) => {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
};

/** Monotonic, milliseconds. */
export const monotonicMs = (): number => performance.now();
