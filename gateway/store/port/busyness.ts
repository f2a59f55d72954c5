import { after } from '../clock.ts';
import type { Gauges } from '../gauges.ts';

const LOOK_EVERY_MS = 100;

/** Tells the worker how busy the main thread is, so that what can wait does. Answers how to end it. */
export const tellBusyness = (gauges: Gauges): (() => void) => {
  let before = performance.eventLoopUtilization();
  const look = (): void => {
    const now = performance.eventLoopUtilization();
    gauges.set('mainBusy', performance.eventLoopUtilization(now, before).utilization);
    before = now;
    cancel = after(LOOK_EVERY_MS, look);
  };
  let cancel = after(LOOK_EVERY_MS, look);
  return () => cancel();
};
