import type { VenueClock } from '../clock.ts';

/**
 * A clock whose timers say when they fire, by the order in which they were set. While one fires the time stands still, so
 * that all that comes of it comes of the time that was told.
 */
export const toldClock = (clock: VenueClock, onWake: (timer: number, atMs: number) => void): VenueClock => {
  let standsMs: number | undefined;
  let timers = 0;
  return {
    ...(clock.speed === undefined ? {} : { speed: clock.speed }),
    now: () => standsMs ?? clock.now(),
    schedule: (work, delayMs) => {
      timers += 1;
      const timer = timers;
      return clock.schedule(() => {
        standsMs = clock.now();
        try {
          onWake(timer, standsMs);
          work();
        } finally {
          standsMs = undefined;
        }
      }, delayMs);
    },
  };
};
