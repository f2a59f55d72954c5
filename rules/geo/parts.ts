import type { Zone } from '../../ingest/model/device.ts';
import type { Venue } from '../rule.ts';

/** Ids of these zones and of everything within them, however deep. */
export const withParts = (of: readonly Zone[], zones: Venue['zones']): ReadonlySet<string> => {
  const within = new Set(of.map(({ id }) => id));
  // A set is walked to its end also where it grows on the way; a circle ends where it began.
  for (const outer of within) for (const zone of zones.values()) if (zone.within === outer) within.add(zone.id);
  return within;
};
