/** Monotonic time and scheduling of the broker, injected so that tests can own them. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Runs `task` in a later phase of the event loop, never from within the caller. */
  soon(task: () => void): void;
  /** Runs `task` once after `ms`; returns its cancellation. */
  after(ms: number, task: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  soon: (task) => {
    setImmediate(task);
  },
  after: (ms, task) => {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
};
