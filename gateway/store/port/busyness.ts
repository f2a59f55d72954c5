import { every } from '../clock.ts';
import type { Gauges } from '../gauges.ts';

const LOOK_EVERY_MS = 100;

/** Tells the worker how busy the main thread is, so that what can wait does. Answers how to end it. */
export const tellBusyness = (gauges: Gauges): (() => void) => {
  let before = performance.eventLoopUtilization();
  return every(LOOK_EVERY_MS, () => {
    const now = performance.eventLoopUtilization();
    gauges.set('mainBusy', performance.eventLoopUtilization(now, before).utilization);
    before = now;
  });
};
