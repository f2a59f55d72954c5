/** One-shot timers; the answer cancels. */
export interface Timers {
  after(delayMs: number, callback: () => void): () => void;
}

export const realTimers: Timers = {
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
