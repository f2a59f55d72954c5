import type { AlarmChange, Venue } from '../rule.ts';

/** Alarms are told apart in so many buckets, so that one more of ten thousand copies a hundred of them, not all. */
const BUCKETS = 128;

/** Open alarms that count, and the zone of each (`''`: none), by a hash of their id; and what comes of them. Plain JSON. */
export interface Tally {
  readonly buckets: readonly Readonly<Record<string, string>>[];
  readonly alarms: number;
  /** Alarms by zone; no zone without one. */
  readonly zones: Readonly<Record<string, number>>;
}

const NONE: Readonly<Record<string, string>> = {};

export const NO_ALARMS: Tally = { buckets: Array.from({ length: BUCKETS }, () => NONE), alarms: 0, zones: {} };

const bucketOf = (id: string): number => {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) % 1_000_003;
  return hash % BUCKETS;
};

/** Own properties only: a zone may be called `constructor`. */
const ownOf = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

const without = <Value>(record: Readonly<Record<string, Value>>, key: string): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));

const added = (zones: Tally['zones'], zone: string, by: 1 | -1): Tally['zones'] => {
  if (zone === '') return zones;
  const count = (ownOf(zones, zone) ?? 0) + by;
  return count === 0 ? without(zones, zone) : { ...zones, [zone]: count };
};

/** The tally once this alarm is in it or not; the same object when nothing changed. */
export const counted = (tally: Tally, { id, zone = '' }: AlarmChange, counts: boolean): Tally => {
  const index = bucketOf(id);
  const bucket = tally.buckets[index] ?? NONE;
  const before = ownOf(bucket, id);
  const now = counts ? zone : undefined;
  if (before === now) return tally;
  const nextBucket = now === undefined ? without(bucket, id) : { ...bucket, [id]: now };
  const left = before === undefined ? tally.zones : added(tally.zones, before, -1);
  return {
    buckets: tally.buckets.map((each, other) => (other === index ? nextBucket : each)),
    alarms: tally.alarms + (now === undefined ? 0 : 1) - (before === undefined ? 0 : 1),
    zones: now === undefined ? left : added(left, now, 1),
  };
};

/** Zones that are affected, in order of their names; one that has an affected zone within it is counted by that one. */
export const affectedZones = ({ zones }: Tally, venue: Venue): readonly string[] => {
  const around = new Set<string>();
  for (const zone of Object.keys(zones)) {
    let outer = venue.zones.get(zone)?.within;
    // What lies around a zone that was met before was met with it; so zones that lie within each other end, too.
    while (outer !== undefined && !around.has(outer)) {
      around.add(outer);
      outer = venue.zones.get(outer)?.within;
    }
  }
  return Object.keys(zones)
    .filter((zone) => !around.has(zone))
    .sort();
};
