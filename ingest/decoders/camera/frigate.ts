import type { Frame } from '../../model/frame.ts';
import type { MetricName, Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure } from '../../model/sample.ts';
import { createSample } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { decodeAvailability } from '../availability.ts';
import { defineDecoder } from '../decoder.ts';
import { hasMetrics, NOTHING, onlyFailures, refused, setMetric } from '../findings.ts';
import { parseText } from '../json.ts';
import { decodeObjectNote, decodeTrackedObject } from './frigate-events.ts';

const COUNT = /^\d{1,15}$/;

const decodeCount = (frame: Frame, device: string, metric: MetricName): Decoded => {
  const text = parseText(frame.payload, 32);
  if (text === undefined || !COUNT.test(text)) return refused('not-text', '', 'a whole number from 0');
  const failures: DecodeFailure[] = [];
  const metrics: Metrics = {};
  setMetric(metrics, metric, Number(text), '', failures);
  if (!hasMetrics(metrics)) return onlyFailures(failures);
  const { arrivedMs } = frame;
  const sample = createSample(device, '', arrivedMs, 'arrival', arrivedMs, undefined, metrics);
  return { samples: [sample], occurrences: [], failures };
};

/** Counts by the topic's end. `all` counts whatever is tracked; other kinds of object are of no concern here. */
const COUNTS: ReadonlyMap<string, MetricName> = new Map([
  ['person', 'occupancyPersons'],
  ['person/active', 'activePersons'],
  ['all', 'presentObjects'],
  ['all/active', 'activeObjects'],
]);

/** Topics of one level below `frigate/`. */
const decodeSystem = (frame: Frame, report: string): Decoded => {
  switch (report) {
    case 'available':
      return decodeAvailability(frame, 'frigate');
    case 'events':
      return decodeTrackedObject(frame);
    case 'tracked_object_update':
      return decodeObjectNote(frame, 'object');
    case 'triggers':
      return decodeObjectNote(frame, 'trigger');
    default:
      // reviews, stats, camera_activity, …
      return NOTHING;
  }
};

const ABOUT: About = {
  devices: {
    zh: 'Frigate 摄像机人数与跟踪对象',
    en: 'persons and tracked objects of cameras, by Frigate',
  },
  specification: 'https://docs.frigate.video/integrations/mqtt',
  examples: [
    { address: 'frigate/front_door/person', payload: '3' },
    { address: 'frigate/available', payload: 'online' },
  ],
  notes: {
    zh: '只在变化时发送且不保留：网关重启后，有人走动前人数未知。',
    en: 'Sent on change only and not retained: after a restart of the gateway a count is unknown until somebody moves.',
  },
};

/**
 * Frigate: persons seen by cameras. Device: the zone or camera whose count it is, `frigate` for the program itself.
 * Counts are sent on change only, so silence says nothing; `frigate/available` does.
 * Source: blakeblackshear/frigate docs/docs/integrations/mqtt.md.
 */
export const frigateDecoder = defineDecoder({
  kind: 'frigate',
  topics: ['frigate/{report}', 'frigate/{place}/status/{part}', 'frigate/{place}/{object...}'],
  about: ABOUT,
  decode(frame, { params }) {
    const { report, place, part, object } = params;
    if (report !== undefined) return decodeSystem(frame, report);
    if (place === undefined) return NOTHING;
    // Without detection a camera counts nobody; recording and audio are another matter.
    if (part !== undefined) return part === 'detect' ? decodeAvailability(frame, place) : NOTHING;
    const metric = COUNTS.get(object ?? '');
    return metric === undefined ? NOTHING : decodeCount(frame, place, metric);
  },
});
