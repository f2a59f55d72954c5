import type { Frame } from '../model/frame.ts';
import { METRICS, type MetricName, type Metrics } from '../model/metrics.ts';
import type { Decoded, DecodeFailure, FailureCode, Hearing, Occurrence, Sample } from '../model/sample.ts';

/** What a decoder gathers while it reads a frame. */
export interface Findings {
  readonly samples: Sample[];
  readonly occurrences: Occurrence[];
  /** Begun by who has radios to tell of. */
  hearings?: Hearing[];
  readonly failures: DecodeFailure[];
}

export const startFindings = (): Findings => ({ samples: [], occurrences: [], failures: [] });

const NONE: readonly never[] = Object.freeze([]);

/** A frame that carries nothing for us, and rightly so. Also lends its empty lists to the hot path. */
export const NOTHING: Decoded = Object.freeze({ samples: NONE, occurrences: NONE, failures: NONE });

/** A frame that could not be used at all. */
export const refused = (code: FailureCode, where: string, expected: string): Decoded => ({
  samples: NONE,
  occurrences: NONE,
  failures: [{ code, where, expected }],
});

/** A frame of an address that nobody here reads. */
export const unknownTopic = (frame: Frame): Decoded =>
  refused('unknown-topic', frame.address.slice(0, 256), `a ${frame.transport} format that Muster knows`);

export const onlyFailures = (failures: readonly DecodeFailure[]): Decoded => ({
  samples: NONE,
  occurrences: NONE,
  failures,
});

export const withOccurrence = (occurrence: Occurrence): Decoded => ({
  samples: NONE,
  occurrences: [occurrence],
  failures: NONE,
});

const outOfRange = (name: MetricName, value: number, where: string): DecodeFailure =>
  Number.isFinite(value)
    ? {
        code: 'out-of-range',
        where,
        expected: `${METRICS[name].min} to ${METRICS[name].max} ${METRICS[name].unit}`,
      }
    : { code: 'not-a-number', where, expected: `a finite number of ${METRICS[name].unit}` };

/** Keeps a value that the sensor can physically report; anything else is a failure of this metric alone. */
export const setMetric = (
  metrics: Metrics,
  name: MetricName,
  value: number,
  where: string,
  failures: DecodeFailure[],
): void => {
  const { min, max } = METRICS[name];
  if (value >= min && value <= max) metrics[name] = value;
  else failures.push(outOfRange(name, value, where));
};

/** As setMetric, of a field of unknown type. Absent and null mean "not reported". `convert` is to the metric's unit. */
export const readMetric = (
  metrics: Metrics,
  name: MetricName,
  raw: unknown,
  where: string,
  failures: DecodeFailure[],
  convert?: (value: number) => number,
): void => {
  if (raw === undefined || raw === null) return;
  if (typeof raw === 'number') setMetric(metrics, name, convert === undefined ? raw : convert(raw), where, failures);
  else failures.push({ code: 'wrong-type', where, expected: 'a number' });
};

/** As readMetric for a truth value: 1 true, 0 false. */
export const readFlag = (
  metrics: Metrics,
  name: MetricName,
  raw: unknown,
  where: string,
  failures: DecodeFailure[],
): void => {
  if (raw === undefined || raw === null) return;
  if (typeof raw === 'boolean') metrics[name] = raw ? 1 : 0;
  else failures.push({ code: 'wrong-type', where, expected: 'true or false' });
};

export const hasMetrics = (metrics: Metrics): boolean => {
  for (const _ in metrics) return true;
  return false;
};

const MAX_TEXT_CHARACTERS = 256;

/** Text kept from a payload, cut to a bounded length. */
export const cutText = (text: string): string =>
  text.length > MAX_TEXT_CHARACTERS ? text.slice(0, MAX_TEXT_CHARACTERS) : text;

/** Text of a field of unknown type, or null: for attributes. */
export const textOrNull = (raw: unknown): string | null => (typeof raw === 'string' ? cutText(raw) : null);
