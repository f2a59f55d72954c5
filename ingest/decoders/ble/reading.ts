import { isMetricName, METRICS, type MetricName, type Metrics } from '../../model/metrics.ts';
import type { DecodeFailure, FailureCode, Occurrence } from '../../model/sample.ts';
import { setMetric } from '../findings.ts';

/** A button's event: `single`, `double`, `triple`, `long`, `long-double`, `long-triple`, `hold`, `trigger`, `other`. */
export interface Press {
  readonly press: string;
  /** Which of the device's buttons, from 1. */
  readonly button: number;
  /** The number that the format has for this event. */
  readonly code: number | null;
  /** Of a dimmer: how far it was turned. */
  readonly steps?: number;
}

/** A text or an identity: worth telling when it changes, not with every advert. */
export interface Remark {
  readonly about: string;
  readonly attributes: Occurrence['attributes'];
}

/** What one advert says of itself, before anybody asks whether that is news. */
export interface Reading {
  readonly metrics: Metrics;
  /** Further objects of a kind: channels `2`, `3`, …; undefined where there are none. */
  others: Map<string, Metrics> | undefined;
  presses: Press[] | undefined;
  remarks: Remark[] | undefined;
  /** Packet id, sequence or counter: a repetition of the advert carries the same one. */
  packet: number | undefined;
  /** What the counter is called and how wide it is: counters of different formats are not compared. */
  counter: string;
  packetBits: number;
  /** The device's own stamp, Unix milliseconds; NaN: unreadable. */
  stampMs: number | undefined;
  /** Stands for the content, to tell a repetition; 0: not known. */
  hash: number;
  readonly failures: DecodeFailure[];
}

export const startReading = (counter: string, packetBits: number): Reading => ({
  metrics: {},
  others: undefined,
  presses: undefined,
  remarks: undefined,
  packet: undefined,
  counter,
  packetBits,
  stampMs: undefined,
  hash: 0,
  failures: [],
});

export const fail = (reading: Reading, code: FailureCode, where: string, expected: string): void => {
  reading.failures.push({ code, where, expected });
};

/** A value of the format's own; undefined stands for its "not available". */
export const put = (reading: Reading, name: MetricName, value: number | undefined): void => {
  if (value === undefined) return;
  const { min, max } = METRICS[name];
  if (value >= min && value <= max) reading.metrics[name] = value;
  else setMetric(reading.metrics, name, value, name, reading.failures);
};

/** The `nth` value of its kind, from 1: the first on the default channel, the others on channels of their number. */
export const putNth = (reading: Reading, name: MetricName, value: number, nth: number): void => {
  if (nth === 1) {
    put(reading, name, value);
    return;
  }
  reading.others ??= new Map();
  const channel = `${nth}`;
  const metrics = reading.others.get(channel) ?? {};
  setMetric(metrics, name, value, `${name} ${channel}`, reading.failures);
  reading.others.set(channel, metrics);
};

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a, 32 bit, never 0: tells a repetition among the last few adverts of one badge. */
export const hashOf = (bytes: Uint8Array, from: number, to: number): number => {
  let hash = FNV_OFFSET;
  for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME);
  return hash === 0 ? 1 : hash;
};

const value = new Float64Array(1);
const words = new Int32Array(value.buffer);

/** The same of values by name, where somebody else took the advert apart. */
export const hashOfValues = (metrics: Metrics): number => {
  let hash = FNV_OFFSET;
  for (const name in metrics) {
    if (!isMetricName(name)) continue;
    value[0] = metrics[name] ?? 0;
    hash = Math.imul(hash ^ name.length, FNV_PRIME);
    hash = Math.imul(hash ^ name.charCodeAt(0), FNV_PRIME);
    hash = Math.imul(hash ^ (words[0] ?? 0), FNV_PRIME);
    hash = Math.imul(hash ^ (words[1] ?? 0) ^ (hash >>> 15), FNV_PRIME);
  }
  return hash === 0 ? 1 : hash;
};
