import type { BadgeMemory } from './badges.ts';
import type { Reading } from './reading.ts';

/**
 * Minew publishes no frame for a press. As delivered, an emergency button (B10, C10) sends its acceleration and info
 * frames all the time, and its iBeacon only for a minute or so after it was pressed. So a press is an iBeacon after the
 * ordinary frames alone were heard for long enough; a tag whose iBeacon is always on never gets there.
 */
const REST_MS = 60_000;
const REST_FRAMES = 10;

/** An ordinary Minew frame was heard. */
export const noteRest = (memory: BadgeMemory, nowMs: number): void => {
  const { rest } = memory;
  if (rest === null) memory.rest = { sinceMs: nowMs, lastMs: nowMs, frames: 1 };
  else {
    rest.lastMs = nowMs;
    rest.frames = Math.min(rest.frames + 1, REST_FRAMES);
  }
};

/** An iBeacon was heard: adds the press that it stands for, if it does. */
export const takeTrigger = (reading: Reading, memory: BadgeMemory, nowMs: number): void => {
  const { rest } = memory;
  if (rest === null) return;
  const wasAtRest = rest.frames >= REST_FRAMES && rest.lastMs - rest.sinceMs >= REST_MS;
  memory.rest = { sinceMs: nowMs, lastMs: nowMs, frames: 0 };
  if (wasAtRest) reading.presses = [{ press: 'trigger', button: 1, code: null }];
};
