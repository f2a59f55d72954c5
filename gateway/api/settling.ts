import type { Timers } from './ports.ts';

/** Asks to be called once all that was handed over so far is safe. */
export type Commit = (done: () => void) => void;

/** True once it is safe; false when that takes longer than `timeoutMs`. */
export const settled = (commit: Commit, timers: Timers, timeoutMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const cancel = timers.after(timeoutMs, () => resolve(false));
    commit(() => {
      cancel();
      resolve(true);
    });
  });

/** Rejects when `work` takes longer than `timeoutMs`; what it does later is not waited for. */
export const within = <T>(work: Promise<T>, timers: Timers, timeoutMs: number): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = timers.after(timeoutMs, () => reject(new Error(`no answer within ${timeoutMs} ms`)));
    work.finally(cancel).then(resolve, reject);
  });
