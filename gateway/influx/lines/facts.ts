import { tag } from './escape.ts';
import { deviceTags, type LineOptions } from './samples.ts';

/**
 * Of a zone. `complete` and `standing` are 1 or 0; what is not known is left out: persons and densities of a count that is
 * not complete least of all, for they would look like an emptier zone.
 */
export const ZONE_FIELDS = [
  'persons',
  'densityPerM2',
  'errorPersons',
  'areaM2',
  'capacity',
  'standing',
  'complete',
] as const;

/** Of a channel of a device. */
export const RATING_FIELD = 'ratedAmps';

/** What no device reports: what the engine makes of a zone's counters, and figures of venue.yaml. Plain data. */
export type VenueFact =
  | {
      readonly type: 'zone';
      readonly zone: string;
      readonly fields: Readonly<Partial<Record<(typeof ZONE_FIELDS)[number], number>>>;
    }
  | { readonly type: 'rating'; readonly device: string; readonly channel: string; readonly ratedAmps: number };

/** Without a device: it is the zone's, not that of one of its counters. */
const zoneLine = ({ venue }: LineOptions, { zone, fields }: Extract<VenueFact, { type: 'zone' }>): string => {
  const known = ZONE_FIELDS.filter((name) => Number.isFinite(fields[name]));
  return `crowd${tag('venue', venue)}${tag('zone', zone)} ${known.map((name) => `${name}=${fields[name]}`).join(',')}`;
};

/** The line of a fact. `timeUs`: Unix microseconds. */
export const factLine = (options: LineOptions, fact: VenueFact, timeUs: number): string =>
  fact.type === 'zone'
    ? `${zoneLine(options, fact)} ${timeUs}`
    : `power${deviceTags(options, fact.device, fact.channel)} ${RATING_FIELD}=${fact.ratedAmps} ${timeUs}`;
