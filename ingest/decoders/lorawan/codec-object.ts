import type { MetricName, Metrics } from '../../model/metrics.ts';
import type { DecodeFailure } from '../../model/sample.ts';
import { cutText, setMetric } from '../findings.ts';
import type { JsonObject } from '../json.ts';
import { quantityOf } from '../quantities.ts';

const FIELDS_MAX = 256;
const MAX_CHANNEL_CHARACTERS = 32;

interface Target {
  readonly channel: string;
  readonly metric: MetricName;
  readonly convert?: (value: number) => number;
}

/** Names that vendors' published codecs give, where they are no usual words for a quantity; `n` is the number in it. */
const NAMES: readonly (readonly [pattern: RegExp, target: (n: string) => Target])[] = [
  [/^line_(\d{1,2})_total_in$/, (n) => ({ channel: `line${n}`, metric: 'entriesTotal' })],
  [/^line_(\d{1,2})_total_out$/, (n) => ({ channel: `line${n}`, metric: 'exitsTotal' })],
  [/^region_(\d{1,2})_count$/, (n) => ({ channel: `region${n}`, metric: 'occupancyPersons' })],
  [/^people_count_all$/, () => ({ channel: '', metric: 'occupancyPersons' })],
  [/^people_total_in$/, () => ({ channel: '', metric: 'entriesTotal' })],
  [/^people_total_out$/, () => ({ channel: '', metric: 'exitsTotal' })],
  [/^(?:gpio_)?counter_(\d{1,2})$/, (n) => ({ channel: `in${n}`, metric: 'pulsesTotal' })],
  [/^illumination$/, () => ({ channel: '', metric: 'illuminanceLux' })],
];

const targetOf = (key: string): Target | undefined => {
  for (const [pattern, target] of NAMES) {
    const found = pattern.exec(key);
    if (found !== null) return target(found[1] ?? '');
  }
  const quantity = quantityOf(key, '', '');
  if (quantity === undefined) return undefined;
  const { prefix, metric, convert } = quantity;
  return { channel: prefix.slice(0, MAX_CHANNEL_CHARACTERS), metric, convert };
};

/** The numbers of an object that the network server's codec made of a payload, by channel. */
export const readCodecObject = (object: JsonObject, failures: DecodeFailure[]): ReadonlyMap<string, Metrics> => {
  const channels = new Map<string, Metrics>();
  for (const key of Object.keys(object).slice(0, FIELDS_MAX)) {
    const value = object[key];
    const target = typeof value === 'number' ? targetOf(key) : undefined;
    if (target === undefined || typeof value !== 'number') continue;
    const { channel, metric, convert } = target;
    const metrics = channels.get(channel) ?? {};
    setMetric(metrics, metric, convert === undefined ? value : convert(value), `object.${cutText(key)}`, failures);
    channels.set(channel, metrics);
  }
  return channels;
};
