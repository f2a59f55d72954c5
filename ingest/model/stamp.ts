import type { Metrics } from './metrics.ts';
import type { DecodeFailure, Occurrence, OccurrenceKind, Sample } from './sample.ts';

/** A moment and whose clock it is from. */
export interface Stamp {
  readonly timeMs: number;
  readonly timeFrom: 'device' | 'arrival';
}

/** 2000-01-01T00:00:00Z: clocks that were never set count from 1970. */
const EARLIEST_MS = 946_684_800_000;
const AHEAD_MS = 86_400_000;

/** Neither before 2000 nor more than a day ahead of arrival; false for NaN. */
export const isPlausibleTime = (timeMs: number, arrivedMs: number): boolean =>
  timeMs >= EARLIEST_MS && timeMs <= arrivedMs + AHEAD_MS;

export const stampOfArrival = (arrivedMs: number): Stamp => ({ timeMs: arrivedMs, timeFrom: 'arrival' });

/**
 * The device's own stamp, or arrival where it sent none (`undefined`). A stamp that cannot be right is a failure and
 * falls back to arrival: the value is not lost.
 * @param timeMs Unix milliseconds; NaN for a stamp that could not be read
 */
export const stampOf = (
  timeMs: number | undefined,
  arrivedMs: number,
  where: string,
  failures: DecodeFailure[],
): Stamp => {
  if (timeMs === undefined) return stampOfArrival(arrivedMs);
  if (isPlausibleTime(timeMs, arrivedMs)) return { timeMs: Math.round(timeMs), timeFrom: 'device' };
  failures.push({ code: 'wrong-time', where, expected: 'a time from 2000 on, at most a day ahead of arrival' });
  return stampOfArrival(arrivedMs);
};

/** Unix seconds as a number or a numeric string, in milliseconds. Absent or null: undefined. Unreadable: NaN. */
export const msOfSeconds = (raw: unknown): number | undefined => {
  if (raw === undefined || raw === null) return undefined;
  if (typeof raw === 'number') return raw * 1000;
  return typeof raw === 'string' && raw.trim() !== '' ? Number(raw) * 1000 : Number.NaN;
};

/** ISO 8601 text or Unix milliseconds. Absent or null: undefined. Unreadable: NaN. */
export const msOfDate = (raw: unknown): number | undefined => {
  if (raw === undefined || raw === null) return undefined;
  if (typeof raw === 'number') return raw;
  return typeof raw === 'string' ? Date.parse(raw) : Number.NaN;
};

/** The only place that makes samples: one order of properties, so that all of them share one hidden class. */
export const createSample = (
  device: string,
  channel: string,
  timeMs: number,
  timeFrom: Stamp['timeFrom'],
  arrivedMs: number,
  sequence: number | undefined,
  metrics: Metrics,
): Sample => ({
  type: 'sample',
  device,
  seat: -1,
  channel,
  timeMs,
  timeFrom,
  arrivedMs,
  nowMs: arrivedMs,
  historical: false,
  sequence,
  metrics,
});

/** What an occurrence needs of the frame it came in. */
export interface Received {
  readonly arrivedMs: number;
  readonly retained: boolean;
}

export const createOccurrence = (
  device: string,
  kind: OccurrenceKind,
  id: string | undefined,
  stamp: Stamp,
  received: Received,
  attributes: Occurrence['attributes'],
): Occurrence => ({
  type: 'occurrence',
  device,
  kind,
  id,
  timeMs: stamp.timeMs,
  timeFrom: stamp.timeFrom,
  arrivedMs: received.arrivedMs,
  retained: received.retained,
  nowMs: received.arrivedMs,
  historical: false,
  attributes,
});
