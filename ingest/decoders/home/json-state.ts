import type { Frame } from '../../model/frame.ts';
import { isMetricName, type Metrics } from '../../model/metrics.ts';
import type { Decoded } from '../../model/sample.ts';
import { createOccurrence, createSample, msOfDate, stampOf } from '../../model/stamp.ts';
import { cutText, type Findings, hasMetrics, onlyFailures, readMetric, startFindings } from '../findings.ts';
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';
import { channelOf, flagOf, isEmergency, quantityOf } from '../quantities.ts';

const KEYS_MAX = 128;

type Channels = Map<string, Metrics>;

export const metricsAt = (channels: Channels, channel: string): Metrics => {
  const known = channels.get(channel);
  if (known !== undefined) return known;
  const metrics: Metrics = {};
  channels.set(channel, metrics);
  return metrics;
};

/**
 * A press of a help button. Replayed from a broker's store it happened at an unknown time: that is said, and it stands.
 */
export const takeCall = (frame: Frame, device: string, button: string, findings: Findings): void => {
  if (frame.retained) {
    findings.failures.push({ code: 'retained-action', where: cutText(button), expected: 'a press as it happens' });
  }
  const stamp = { timeMs: frame.arrivedMs, timeFrom: 'arrival' } as const;
  findings.occurrences.push(createOccurrence(device, 'sos', undefined, stamp, frame, { button: cutText(button) }));
};

/** False: no name here for this key. */
const takeKey = (frame: Frame, device: string, key: string, value: unknown, channels: Channels, findings: Findings) => {
  const name = key.toLowerCase();
  if (typeof value === 'boolean') {
    if (isEmergency(name)) {
      if (value) takeCall(frame, device, key, findings);
      return true;
    }
    const flag = flagOf(name, value);
    if (flag !== undefined) Object.assign(metricsAt(channels, ''), flag);
    return flag !== undefined;
  }
  if (isMetricName(key)) {
    readMetric(metricsAt(channels, ''), key, value, cutText(key), findings.failures);
    return true;
  }
  const quantity = quantityOf(key, '', '');
  if (quantity === undefined) return false;
  const { metric, prefix, convert } = quantity;
  readMetric(metricsAt(channels, channelOf(prefix, device)), metric, value, cutText(key), findings.failures, convert);
  return true;
};

const takeKeys = (frame: Frame, device: string, state: JsonObject, channels: Channels, findings: Findings): void => {
  const keys = Object.keys(state).slice(0, KEYS_MAX);
  const known = keys.filter((key) => takeKey(frame, device, key, state[key], channels, findings));
  if (known.length === 0) {
    findings.failures.push({
      code: 'unknown-name',
      where: '',
      expected: 'a usual name for a quantity, as temperature',
    });
  }
};

export const samplesOf = (
  frame: Frame,
  device: string,
  channels: Channels,
  findings: Findings,
  time?: unknown,
): void => {
  const { arrivedMs } = frame;
  const { timeMs, timeFrom } = stampOf(msOfDate(time), arrivedMs, 'time', findings.failures);
  for (const [channel, metrics] of channels) {
    if (!hasMetrics(metrics)) continue;
    findings.samples.push(createSample(device, channel, timeMs, timeFrom, arrivedMs, undefined, metrics));
  }
};

/** A state that nobody announced: a JSON object of usual names, or one number whose topic says what it is. */
export const decodeJsonState = (frame: Frame, device: string): Decoded => {
  const findings = startFindings();
  const state = parseJson(frame.payload, findings.failures);
  if (state === undefined) return onlyFailures(findings.failures);
  const channels: Channels = new Map();
  if (isJsonObject(state)) takeKeys(frame, device, state, channels, findings);
  else if (typeof state === 'number') takeKeys(frame, device, { [device]: state }, channels, findings);
  else findings.failures.push({ code: 'wrong-shape', where: '', expected: 'a JSON object or a number' });
  samplesOf(frame, device, channels, findings, isJsonObject(state) ? state.time : undefined);
  return findings;
};
