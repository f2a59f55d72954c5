import type { JudgeScheduler } from '../../rules/engine.ts';

/** Something that waits, and can be told to wait no longer. */
export interface Pause {
  /** Until `end`, or for so long. */
  wait(ms?: number): Promise<void>;
  end(): void;
}

export const createPause = (clock: JudgeScheduler): Pause => {
  let end: () => void = () => undefined;
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = ms === undefined ? undefined : clock.schedule(() => end(), ms);
        end = () => {
          timer?.unsubscribe();
          end = () => undefined;
          resolve();
        };
      }),
    end: () => end(),
  };
};
