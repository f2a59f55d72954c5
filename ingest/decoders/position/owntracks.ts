import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import type { Decoded } from '../../model/sample.ts';
import { createOccurrence, createSample, msOfSeconds, type Stamp, stampOf } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { defineDecoder } from '../decoder.ts';
import {
  cutText,
  type Findings,
  hasMetrics,
  NOTHING,
  onlyFailures,
  readMetric,
  startFindings,
  textOrNull,
} from '../findings.ts';
import { type JsonObject, parseJsonObject } from '../json.ts';

/** Phones write −1 for a speed or course that they do not know. */
const known = (raw: unknown): unknown => (typeof raw === 'number' && raw < 0 ? undefined : raw);

const metresPerSecond = (kilometresPerHour: number): number => kilometresPerHour / 3.6;

const takeLocation = (message: JsonObject, device: string, stamp: Stamp, arrivedMs: number, into: Findings): void => {
  const metrics: Metrics = {};
  const { failures } = into;
  if (message.lat === undefined || message.lon === undefined) {
    failures.push({ code: 'wrong-shape', where: 'lat', expected: 'a location with lat and lon' });
  } else {
    readMetric(metrics, 'latitudeDegrees', message.lat, 'lat', failures);
    readMetric(metrics, 'longitudeDegrees', message.lon, 'lon', failures);
    readMetric(metrics, 'accuracyMeters', message.acc, 'acc', failures);
    readMetric(metrics, 'altitudeMeters', message.alt, 'alt', failures);
    readMetric(metrics, 'speedMetersPerSecond', known(message.vel), 'vel', failures, metresPerSecond);
    readMetric(metrics, 'courseDegrees', known(message.cog), 'cog', failures);
    dropHalfPosition(metrics);
  }
  readMetric(metrics, 'batteryPercent', message.batt, 'batt', failures);
  if (!hasMetrics(metrics)) return;
  into.samples.push(createSample(device, '', stamp.timeMs, stamp.timeFrom, arrivedMs, undefined, metrics));
};

/** Half a position is none: the other half may be an hour old. */
const dropHalfPosition = (metrics: Metrics): void => {
  if (metrics.latitudeDegrees !== undefined && metrics.longitudeDegrees !== undefined) return;
  delete metrics.latitudeDegrees;
  delete metrics.longitudeDegrees;
  delete metrics.accuracyMeters;
};

const takeTransition = (message: JsonObject, device: string, stamp: Stamp, frame: Frame, into: Findings): void => {
  const { event } = message;
  if (event !== 'enter' && event !== 'leave') {
    into.failures.push({ code: 'wrong-shape', where: 'event', expected: 'enter or leave' });
    return;
  }
  const id = typeof message._id === 'string' ? cutText(message._id) : undefined;
  const attributes = { event, region: textOrNull(message.desc) };
  into.occurrences.push(createOccurrence(device, 'transition', id, stamp, frame, attributes));
};

const decodeMessage = (frame: Frame, device: string): Decoded => {
  const findings = startFindings();
  const message = parseJsonObject(frame.payload, findings.failures);
  if (message === undefined) return onlyFailures(findings.failures);
  const type = message._type;
  if (typeof type !== 'string') {
    findings.failures.push({ code: 'wrong-shape', where: '_type', expected: 'the type of the message' });
    return onlyFailures(findings.failures);
  }
  if (type !== 'location' && type !== 'transition' && type !== 'lwt') return NOTHING;
  // A will is written when the phone connects: its stamp says when that was, not when the connection was lost.
  const sentMs = type === 'lwt' ? undefined : msOfSeconds(message.tst);
  const stamp = stampOf(sentMs, frame.arrivedMs, 'tst', findings.failures);
  if (type === 'location') takeLocation(message, device, stamp, frame.arrivedMs, findings);
  else if (type === 'transition') takeTransition(message, device, stamp, frame, findings);
  else findings.occurrences.push(createOccurrence(device, 'offline', undefined, stamp, frame, { state: 'lwt' }));
  return findings;
};

const ABOUT: About = {
  devices: {
    zh: '手机上的 OwnTracks：位置、电量、围栏进出',
    en: 'OwnTracks on a phone: position, battery, regions entered and left',
  },
  specification: 'https://owntracks.org/booklet/tech/json/',
  examples: [
    {
      address: 'owntracks/li/phone',
      payload:
        '{"_type":"location","acc":12,"batt":53,"lat":48.856826,"lon":2.292713,"tid":"j1","tst":1767225599,"vel":0}',
    },
  ],
  notes: {
    zh: '手机系统会停止后台定位：不可作为唯一的安全依据。',
    en: 'Phones stop locating in the background: not to be relied on alone.',
  },
};

/** OwnTracks: the positions of phones. Device `<user>-<device>`. Source: owntracks.org/booklet/tech/json. */
export const owntracksDecoder = defineDecoder({
  kind: 'owntracks',
  topics: ['owntracks/{user}/{phone}', 'owntracks/{user}/{phone}/event', 'owntracks/{user}/{phone}/{other...}'],
  about: ABOUT,
  decode(frame, { params }) {
    // An empty payload clears a retained message.
    if (params.other !== undefined || frame.payload.length === 0) return NOTHING;
    return decodeMessage(frame, `${params.user ?? ''}-${params.phone ?? ''}`);
  },
});
