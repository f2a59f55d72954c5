import { isMetricName, METRICS, type MetricName } from '../../ingest/model/metrics.ts';
import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { History } from '../api/ports.ts';
import type { LastSamples } from '../last-samples.ts';
import type { ShownInput } from './words.ts';

/** What a device reported around a decision. */
export interface ShownSeries {
  readonly device: string;
  readonly channel: string;
  readonly metric: MetricName;
  readonly unit: string;
  /** `[timeMs, value]`, in order of time. */
  readonly points: readonly (readonly [number, number])[];
}

const BEFORE_MS = 15 * 60_000;
const AFTER_MS = 60_000;
const METRICS_MAX = 6;
const POINTS_MAX = 30;
const READ_MAX = 2000;

const pairs = (values: Float64Array): readonly (readonly [number, number])[] => {
  const points: (readonly [number, number])[] = [];
  for (let at = 0; at + 1 < values.length; at += 2) points.push([values[at] ?? 0, values[at + 1] ?? 0]);
  return points;
};

/** Of a zone or a whole rule the device whose word decided; else the device that the alarm is of. */
const placeOf = (
  alarm: Alarm,
  input: ShownInput | undefined,
): { readonly device: string; readonly channel: string } => {
  if (input?.device !== undefined) return { device: input.device, channel: input.channel ?? '' };
  const [device = alarm.subject, ...channel] = alarm.subject.split('/');
  return { device, channel: channel.join('/') };
};

export interface SamplesOptions {
  readonly history: History | undefined;
  readonly lastSamples: Pick<LastSamples, 'get'>;
}

const metricsOf = (
  { lastSamples }: SamplesOptions,
  input: ShownInput | undefined,
  device: string,
  channel: string,
): readonly MetricName[] => {
  const told = Object.keys(input?.metrics ?? {});
  const known = told.length > 0 ? told : Object.keys(lastSamples.get(device)?.get(channel)?.metrics ?? {});
  return known.filter(isMetricName).slice(0, METRICS_MAX);
};

/** The last readings of what was judged, from a quarter of an hour before the decision to a minute after it. */
export const samplesAround = async (
  options: SamplesOptions,
  alarm: Alarm,
  atMs: number,
  input: ShownInput | undefined,
): Promise<readonly ShownSeries[]> => {
  const { history } = options;
  if (history === undefined) return [];
  const { device, channel } = placeOf(alarm, input);
  const window = { fromMs: Math.max(0, atMs - BEFORE_MS), toMs: atMs + AFTER_MS, limit: READ_MAX };
  const series = await Promise.all(
    metricsOf(options, input, device, channel).map(async (metric) => {
      const { values } = await history.query({ device, channel, metric, ...window });
      return { device, channel, metric, unit: METRICS[metric].unit, points: pairs(values).slice(-POINTS_MAX) };
    }),
  );
  return series.filter(({ points }) => points.length > 0);
};
