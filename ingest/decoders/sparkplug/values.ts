import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import { createOccurrence, createSample, type Stamp, stampOf } from '../../model/stamp.ts';
import { cutText, type Findings, hasMetrics, setMetric } from '../findings.ts';
import { isCall, meaningOf } from './meaning.ts';
import { announced, type SparkplugMemory } from './memory.ts';
import type { SparkplugMetric, SparkplugPayload } from './payload.ts';
import { isNumeric, numberOf } from './value.ts';

/** Where the values of a message belong. */
export interface Place {
  readonly frame: Frame;
  /** As in a sample: `<group>/<edge node>[/<device>]`. */
  readonly name: string;
  /** Device of the edge node; '' for the node itself. */
  readonly device: string;
  readonly memory: SparkplugMemory;
}

interface Group {
  readonly channel: string;
  readonly stamp: Stamp;
  readonly isHistorical: boolean;
  readonly metrics: Metrics;
}

type Groups = Map<string, Group>;

const metricsAt = (groups: Groups, channel: string, stamp: Stamp, isHistorical: boolean): Metrics => {
  const key = `${channel}|${stamp.timeMs}|${isHistorical}`;
  const known = groups.get(key);
  if (known !== undefined) return known.metrics;
  const metrics: Metrics = {};
  groups.set(key, { channel, stamp, isHistorical, metrics });
  return metrics;
};

const takeCall = (place: Place, name: string, stamp: Stamp, findings: Findings): void => {
  const attributes = { metric: cutText(name) };
  const id = stamp.timeFrom === 'device' ? cutText(`${name}@${stamp.timeMs}`) : undefined;
  findings.occurrences.push(createOccurrence(place.name, 'sos', id, stamp, place.frame, attributes));
};

/** False: the metric comes by an alias that nobody announced. */
const takeMetric = (
  place: Place,
  metric: SparkplugMetric,
  sentMs: number | undefined,
  groups: Groups,
  findings: Findings,
): boolean => {
  const { frame, memory, device } = place;
  const { failures } = findings;
  const what = announced(memory, device, metric);
  if (what === undefined) return false;
  const [name, datatype, unit] = what;
  // Null is "not known", never zero (section 6.4.3).
  if (metric.isNull || metric.value === undefined || !isNumeric(datatype) || metric.value.type === 'other') return true;
  const stamp = stampOf(metric.timestampMs ?? sentMs, frame.arrivedMs, cutText(name), failures);
  if (metric.value.type === 'boolean' && isCall(name)) {
    if (metric.value.value) takeCall(place, name, stamp, findings);
    return true;
  }
  const meaning = meaningOf(name, unit);
  if (meaning === undefined) return true;
  const where = cutText(name);
  const value = numberOf(metric.value, datatype);
  if (!meaning.isUnitKnown) failures.push({ code: 'wrong-unit', where, expected: `a unit of ${meaning.metric}` });
  else if (value === undefined)
    failures.push({ code: 'wrong-type', where, expected: 'a number that fits its datatype' });
  else {
    const metrics = metricsAt(groups, meaning.channel, stamp, metric.isHistorical);
    setMetric(metrics, meaning.metric, meaning.convert(value), where, failures);
  }
  return true;
};

/** Puts the values of a message among the findings. False: at least one came by an alias that nobody announced. */
export const takeValues = (place: Place, payload: SparkplugPayload, findings: Findings): boolean => {
  const groups: Groups = new Map();
  let isComplete = true;
  for (const metric of payload.metrics) {
    if (!takeMetric(place, metric, payload.timestampMs, groups, findings)) isComplete = false;
  }
  const { arrivedMs } = place.frame;
  for (const { channel, stamp, isHistorical, metrics } of groups.values()) {
    if (!hasMetrics(metrics)) continue;
    const sample = createSample(place.name, channel, stamp.timeMs, stamp.timeFrom, arrivedMs, undefined, metrics);
    // Kept under its own time: it must not pass for what is now (section 6.4.3, is_historical).
    sample.historical = isHistorical;
    findings.samples.push(sample);
  }
  return isComplete;
};
