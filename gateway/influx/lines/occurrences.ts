import type { Occurrence, OccurrenceKind } from '../../../ingest/model/sample.ts';
import type { FAMILIES } from './families.ts';
import { deviceTags, type LineOptions } from './samples.ts';

type Place = readonly [measurement: (typeof FAMILIES)[number], field: string, value: number];

/** Each is a field of its own: 1 when it happened, so that a sum counts them. `online` says 1 or 0. */
export const OCCURRENCE_FIELDS: Readonly<Record<OccurrenceKind, Place>> = {
  sos: ['badge', 'sos', 1],
  cancel: ['badge', 'cancel', 1],
  checkin: ['badge', 'checkin', 1],
  fall: ['badge', 'fall', 1],
  done: ['badge', 'done', 1],
  button: ['badge', 'button', 1],
  transition: ['badge', 'transition', 1],
  presence: ['badge', 'presence', 1],
  detection: ['crowd', 'detection', 1],
  count: ['crowd', 'manualCount', 1],
  access: ['gateway', 'access', 1],
  log: ['gateway', 'log', 1],
  online: ['gateway', 'online', 1],
  offline: ['gateway', 'online', 0],
};

/**
 * The line of an occurrence: that it happened, never its attributes, which name people and accounts.
 * `timeUs`: Unix microseconds, its own within the series.
 */
export const occurrenceLine = (options: LineOptions, { device, kind }: Occurrence, timeUs: number): string => {
  const [measurement, field, value] = OCCURRENCE_FIELDS[kind];
  return `${measurement}${deviceTags(options, device, '')} ${field}=${value} ${timeUs}`;
};
