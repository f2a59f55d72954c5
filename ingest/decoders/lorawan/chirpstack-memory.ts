/** The last uplinks of a device: `[<device address>/<frame counter>, when]`. */
export interface ChirpstackMemory {
  seen: (readonly [uplink: string, timeMs: number])[];
}

export const startChirpstackMemory = (): ChirpstackMemory => ({ seen: [] });

const SEEN_MAX = 32;

/** Far less than it takes to join anew or to count round; a repetition carries the very time of the first. */
const SAME_UPLINK_MS = 60_000;

/**
 * Whether an uplink was taken before. Counters begin again when a device joins, so one alone does not tell; a second
 * copy comes from a broker that delivers at least once, or from a gateway that was too late to be merged.
 */
export const isRepeated = (memory: ChirpstackMemory, uplink: string, timeMs: number): boolean => {
  // From disk it may have come back in another shape.
  if (!Array.isArray(memory.seen)) memory.seen = [];
  const isSame = (entry: unknown): boolean =>
    Array.isArray(entry) && entry[0] === uplink && Math.abs(Number(entry[1]) - timeMs) <= SAME_UPLINK_MS;
  if (memory.seen.some(isSame)) return true;
  memory.seen.push([uplink, timeMs]);
  if (memory.seen.length > SEEN_MAX) memory.seen.shift();
  return false;
};
