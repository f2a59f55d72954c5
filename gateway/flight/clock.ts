import type { VenueClock } from '../clock.ts';

export interface ToldClock extends VenueClock {
  /** The time stands still while this is done. */
  stand(work: (nowMs: number) => void): void;
}

/**
 * A clock whose timers say when they fire, by the order in which they were set. While one fires the time stands still, so
 * that all that comes of it comes of the time that was told.
 */
export const toldClock = (clock: VenueClock, onWake: (timer: number, atMs: number) => void): ToldClock => {
  let standsMs: number | undefined;
  let timers = 0;
  const stand = (work: (nowMs: number) => void): void => {
    standsMs = clock.now();
    try {
      work(standsMs);
    } finally {
      standsMs = undefined;
    }
  };
  return {
    ...(clock.speed === undefined ? {} : { speed: clock.speed }),
    now: () => standsMs ?? clock.now(),
    schedule: (work, delayMs) => {
      timers += 1;
      const timer = timers;
      const fire = (nowMs: number): void => {
        onWake(timer, nowMs);
        work();
      };
      return clock.schedule(() => stand(fire), delayMs);
    },
    stand,
  };
};
