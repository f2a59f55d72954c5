import type { Log } from './log.ts';

/** What is to be ended, each pushed the moment it exists. */
export type Stops = (() => unknown)[];

/** Ends what was started, last first; every end is tried. */
export const unwind = async (stops: Stops, log: Log): Promise<void> => {
  for (let stop = stops.pop(); stop !== undefined; stop = stops.pop()) {
    try {
      await stop();
    } catch (error) {
      log.error({ error }, 'a part did not stop cleanly');
    }
  }
};
