import { join } from 'node:path';
import type { AppOptions } from '../app.ts';
import { systemClock } from '../broker/clock.ts';
import { FLIGHT_FOLDER } from './files.ts';
import { createRecorder, type FlightRecorder } from './recorder.ts';

const MEGABYTE = 1024 * 1024;
const DAY_MS = 86_400_000;

/** The flight recorder of a gateway; undefined where nothing is kept, or it is not wanted. */
export const openRecorder = ({ config, clock, log, storeDirectory }: AppOptions): FlightRecorder | undefined => {
  const { enabled, maxMegabytes, keepDays } = config.recorder;
  if (storeDirectory === undefined || !enabled) return undefined;
  return createRecorder({
    directory: join(storeDirectory, FLIGHT_FOLDER),
    config,
    bytesMax: maxMegabytes * MEGABYTE,
    keepMs: keepDays * DAY_MS,
    nowMs: clock.now,
    timers: systemClock,
    log,
  });
};
