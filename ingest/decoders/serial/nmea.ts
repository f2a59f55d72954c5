import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import type { DecodeFailure, Sample } from '../../model/sample.ts';
import { createSample, stampOf } from '../../model/stamp.ts';
import { type Findings, setMetric, startFindings } from '../findings.ts';
import { defineLineFormat, lineDevice } from './line-format.ts';
import { type KnownDate, momentOf } from './nmea-clock.ts';
import { angle, decimal, midnight, secondsOfDay } from './nmea-fields.ts';
import { readSentence, type Sentence } from './nmea-sentence.ts';

/** What a receiver said before: one fix is told by several sentences. */
interface NmeaMemory {
  date?: KnownDate | undefined;
  /** Dilution of the horizontal position, and whether corrections (SBAS, RTK) were used. */
  dilution?: { readonly hdop: number; readonly corrected: boolean; readonly arrivedMs: number } | undefined;
  /** The fix of this time of day, as far as it was told. */
  fix?: { readonly clock: string; readonly arrivedMs: number; readonly metrics: Metrics } | undefined;
}

/** What one sentence says of a fix. */
interface Told {
  /** Time of day as it was written: sentences of one fix have the same. */
  readonly clock: string;
  readonly latitude: number | undefined;
  readonly longitude: number | undefined;
  readonly more: Metrics;
}

const METERS_PER_SECOND_OF_KNOT = 1852 / 3600;
const METERS_PER_SECOND_OF_KMH = 1 / 3.6;

/**
 * Meters at a horizontal dilution of 1, 95 %: `accuracyMeters` is this times the HDOP. The user range errors that gpsd
 * takes, without corrections and with them; a receiver that knows better does not say so in these sentences.
 */
const METERS_AT_HDOP_ONE = { plain: 19, corrected: 4.75 } as const;

const DILUTION_LASTS_MS = 10_000;
/** Sentences of one fix come within a cycle; a receiver that tells the same time for longer has stopped. */
const FIX_LASTS_MS = 5_000;

/** FAA mode indicator (NMEA 0183 2.3): autonomous, differential, precise, RTK, float RTK; absent in older versions. */
const isSatelliteMode = (mode: string | undefined): boolean => mode === undefined || /^[ADPRF]?$/.test(mode);

/** GGA quality: 1 to 5 are positions from satellites, 9 with SBAS of some makers; 6 is dead reckoning, 7 manual, 8 simulated. */
const isSatelliteQuality = (quality: string | undefined): boolean => /^[1-59]$/.test(quality ?? '');

const latitude = (text?: string, side?: string) => angle(text, side, ['N', 'S']);
const longitude = (text?: string, side?: string) => angle(text, side, ['E', 'W']);

const setKnown = (
  metrics: Metrics,
  name: keyof Metrics,
  value: number | undefined,
  failures: DecodeFailure[],
): void => {
  if (value !== undefined) setMetric(metrics, name, value, name, failures);
};

const setDilution = (memory: NmeaMemory, text: string | undefined, corrected: boolean, arrivedMs: number): void => {
  const hdop = decimal(text);
  if (hdop !== undefined && hdop > 0) memory.dilution = { hdop, corrected, arrivedMs };
};

/** `$GPRMC,time,status,lat,N,lon,E,knots,course,date,variation,E,mode` */
const readRmc = (fields: readonly string[], memory: NmeaMemory, frame: Frame, failures: DecodeFailure[]) => {
  const [clock = '', status, lat, north, lon, east, knots, course, date, , , mode] = fields;
  if (status !== 'A' || !isSatelliteMode(mode)) return undefined;
  const midnightMs = midnight(date);
  const seconds = secondsOfDay(clock);
  if (midnightMs !== undefined && seconds !== undefined) {
    memory.date = { midnightMs, secondsOfDay: seconds, arrivedMs: frame.arrivedMs };
  }
  const more: Metrics = {};
  const speed = decimal(knots);
  setKnown(more, 'speedMetersPerSecond', speed === undefined ? speed : speed * METERS_PER_SECOND_OF_KNOT, failures);
  setKnown(more, 'courseDegrees', decimal(course), failures);
  return { clock, latitude: latitude(lat, north), longitude: longitude(lon, east), more };
};

/** `$GPGGA,time,lat,N,lon,E,quality,satellites,hdop,altitude,M,separation,M,age,station` */
const readGga = (fields: readonly string[], memory: NmeaMemory, frame: Frame, failures: DecodeFailure[]) => {
  const [clock = '', lat, north, lon, east, quality, , hdop, altitude, unit] = fields;
  if (!isSatelliteQuality(quality)) return undefined;
  setDilution(memory, hdop, quality !== '1', frame.arrivedMs);
  const more: Metrics = {};
  if (unit === 'M') setKnown(more, 'altitudeMeters', decimal(altitude), failures);
  return { clock, latitude: latitude(lat, north), longitude: longitude(lon, east), more };
};

/** `$GPGLL,lat,N,lon,E,time,status,mode` */
const readGll = ([lat, north, lon, east, clock = '', status, mode]: readonly string[]) =>
  status === 'A' && isSatelliteMode(mode)
    ? { clock, latitude: latitude(lat, north), longitude: longitude(lon, east), more: {} }
    : undefined;

/** `$GPVTG,course,T,course,M,knots,N,kmh,K,mode`, or without the letters in the oldest version. */
const readVtg = (fields: readonly string[], memory: NmeaMemory, failures: DecodeFailure[]): Told | undefined => {
  const [course, knots, kmh, mode] =
    fields.length === 4 ? [fields[0], fields[2], fields[3], undefined] : [fields[0], fields[4], fields[6], fields[8]];
  const { fix } = memory;
  if (fix === undefined || !isSatelliteMode(mode)) return undefined;
  const more: Metrics = {};
  const inKnots = decimal(knots);
  const inKmh = decimal(kmh);
  if (inKnots !== undefined) setKnown(more, 'speedMetersPerSecond', inKnots * METERS_PER_SECOND_OF_KNOT, failures);
  else if (inKmh !== undefined) setKnown(more, 'speedMetersPerSecond', inKmh * METERS_PER_SECOND_OF_KMH, failures);
  setKnown(more, 'courseDegrees', decimal(course), failures);
  const { latitudeDegrees, longitudeDegrees } = fix.metrics;
  return { clock: fix.clock, latitude: latitudeDegrees, longitude: longitudeDegrees, more };
};

/** `$GPGSA,A,3,<12 satellites>,pdop,hdop,vdop`: how good the fix is; mode 1: there is none. */
const readGsa = (fields: readonly string[], memory: NmeaMemory, { arrivedMs }: Frame): undefined => {
  if (fields[1] === '1') memory.dilution = undefined;
  else setDilution(memory, fields[15], memory.dilution?.corrected ?? false, arrivedMs);
};

/** What a sentence says of a fix; null: that there is none; undefined: nothing. */
const readFix = (
  { type, fields }: Sentence,
  memory: NmeaMemory,
  frame: Frame,
  failures: DecodeFailure[],
): Told | null | undefined => {
  switch (type) {
    case 'RMC':
      return readRmc(fields, memory, frame, failures) ?? null;
    case 'GGA':
      return readGga(fields, memory, frame, failures) ?? null;
    case 'GLL':
      return readGll(fields) ?? null;
    case 'VTG':
      return readVtg(fields, memory, failures);
    case 'GSA':
      return readGsa(fields, memory, frame);
    default:
      return undefined;
  }
};

/** Both or none: half a position is none, and 0/0 is what a receiver sends that knows nothing. */
const positionOf = (told: Told, type: string, failures: DecodeFailure[]): Metrics | undefined => {
  const metrics: Metrics = {};
  if (told.latitude === undefined || told.longitude === undefined) return undefined;
  if (told.latitude === 0 && told.longitude === 0) {
    failures.push({ code: 'out-of-range', where: type, expected: 'a position other than 0/0' });
    return undefined;
  }
  setMetric(metrics, 'latitudeDegrees', told.latitude, `${type}.latitude`, failures);
  setMetric(metrics, 'longitudeDegrees', told.longitude, `${type}.longitude`, failures);
  return metrics.latitudeDegrees === undefined || metrics.longitudeDegrees === undefined ? undefined : metrics;
};

const accuracyOf = ({ dilution }: NmeaMemory, arrivedMs: number): number | undefined => {
  if (dilution === undefined || Math.abs(arrivedMs - dilution.arrivedMs) > DILUTION_LASTS_MS) return undefined;
  return dilution.hdop * METERS_AT_HDOP_ONE[dilution.corrected ? 'corrected' : 'plain'];
};

/** A sample of all that is known of the fix by now; none where this sentence only repeats it. */
const sampleOf = (told: Told, position: Metrics, memory: NmeaMemory, frame: Frame, failures: DecodeFailure[]) => {
  const { arrivedMs } = frame;
  const { fix } = memory;
  const isSame = fix?.clock === told.clock && Math.abs(arrivedMs - fix.arrivedMs) <= FIX_LASTS_MS;
  const known: Metrics = isSame ? fix.metrics : {};
  const metrics: Metrics = { ...known, ...position, ...told.more };
  setKnown(metrics, 'accuracyMeters', accuracyOf(memory, arrivedMs), failures);
  if (isSame && sameMetrics(known, metrics)) return undefined;
  memory.fix = { clock: told.clock, arrivedMs, metrics };
  const seconds = secondsOfDay(told.clock);
  const moment = seconds === undefined ? undefined : momentOf(seconds, memory.date, arrivedMs);
  const { timeMs, timeFrom } = stampOf(moment, arrivedMs, 'time', failures);
  return createSample(lineDevice(frame), '', timeMs, timeFrom, arrivedMs, undefined, { ...metrics });
};

const sameMetrics = (one: Metrics, other: Metrics): boolean => JSON.stringify(one) === JSON.stringify(other);

const decodeLine = (line: string, frame: Frame, memory: NmeaMemory, { samples, failures }: Findings): void => {
  const sentence = readSentence(line, failures);
  const told = sentence === undefined ? undefined : readFix(sentence, memory, frame, failures);
  // No fix: what was known of the last one is not to be filled up by the next.
  if (told === null) memory.fix = undefined;
  if (sentence === undefined || told === undefined || told === null) return;
  const position = positionOf(told, sentence.type, failures);
  const sample: Sample | undefined =
    position === undefined ? undefined : sampleOf(told, position, memory, frame, failures);
  if (sample !== undefined) samples.push(sample);
};

/**
 * NMEA 0183 from a satellite receiver: RMC, GGA, GLL, VTG and GSA of any talker; others are left alone. Each sentence
 * that adds to a fix gives a sample of all that is known of it, at once: waiting for the end of a cycle would cost a
 * second. Speed in m/s, course over ground from true north. Without a fix there is no sample.
 */
export const nmeaFormat = defineLineFormat<NmeaMemory>({
  kind: 'nmea',
  recognises: (line) => /[$!][A-Z]{2}/.test(line),
  startMemory: () => ({}),
  decode: (frame, lines, memory) => {
    const findings = startFindings();
    for (const line of lines.split(/[\r\n]+/)) if (line !== '') decodeLine(line, frame, memory, findings);
    return findings;
  },
});
