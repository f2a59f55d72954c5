import { isJsonObject } from '../json.ts';
import type { SparkplugMetric } from './payload.ts';

/** What a birth certificate said of a metric. */
type Announced = readonly [name: string, datatype: number, unit: string];

/** What is known of an edge node; `a:<alias>` and `n:<device>/<name>` lead to what was announced. */
export interface SparkplugMemory {
  isBorn: boolean;
  /** Of the last message, 0 to 255; -1: none. */
  seq: number;
  /** Which birth is in force; -1: unknown. */
  bdSeq: number;
  /** Type, seq and time of the last message: the same again is a repetition. */
  last: string;
  devices: string[];
  metrics: Record<string, Announced>;
}

export const startSparkplugMemory = (): SparkplugMemory => ({
  isBorn: false,
  seq: -1,
  bdSeq: -1,
  last: '',
  devices: [],
  metrics: {},
});

const KEYS_MAX = 2048;
const DEVICES_MAX = 256;
const NAME_CHARACTERS_MAX = 128;

/** Memories come back from disk, where they may have been of another shape. */
export const mend = (memory: SparkplugMemory): SparkplugMemory => {
  const { isBorn, seq, bdSeq, last, devices, metrics }: Readonly<Record<keyof SparkplugMemory, unknown>> = memory;
  const isSound =
    typeof isBorn === 'boolean' &&
    typeof seq === 'number' &&
    typeof bdSeq === 'number' &&
    typeof last === 'string' &&
    Array.isArray(devices) &&
    isJsonObject(metrics);
  return isSound ? memory : Object.assign(memory, startSparkplugMemory());
};

const sound = (entry: unknown): Announced | undefined => {
  if (!Array.isArray(entry)) return undefined;
  const [name, datatype, unit]: unknown[] = entry;
  return typeof name === 'string' && typeof datatype === 'number' && typeof unit === 'string'
    ? [name, datatype, unit]
    : undefined;
};

const keysOf = (device: string, metric: Pick<SparkplugMetric, 'alias' | 'name'>): readonly string[] => [
  ...(metric.alias === undefined ? [] : [`a:${metric.alias}`]),
  ...(metric.name === undefined ? [] : [`n:${device}/${metric.name}`]),
];

/** Keeps what a birth certificate says of a metric: data may come by alias or by name. False: there is no room for it. */
export const announce = (memory: SparkplugMemory, device: string, metric: SparkplugMetric): boolean => {
  const { name, datatype, unit } = metric;
  if (name === undefined || name.length > NAME_CHARACTERS_MAX || unit.length > NAME_CHARACTERS_MAX) return false;
  for (const key of keysOf(device, metric)) {
    const isNew = !Object.hasOwn(memory.metrics, key);
    if (isNew && Object.keys(memory.metrics).length >= KEYS_MAX) return false;
    memory.metrics[key] = [name, datatype, unit];
  }
  return true;
};

/** What a metric is called and what it is: as the message says, else as its birth certificate said. */
export const announced = (memory: SparkplugMemory, device: string, metric: SparkplugMetric): Announced | undefined => {
  for (const key of keysOf(device, metric)) {
    const entry = Object.hasOwn(memory.metrics, key) ? sound(memory.metrics[key]) : undefined;
    if (entry === undefined) continue;
    return [entry[0], metric.datatype === 0 ? entry[1] : metric.datatype, metric.unit === '' ? entry[2] : metric.unit];
  }
  return metric.name === undefined ? undefined : [metric.name, metric.datatype, metric.unit];
};

export const addDevice = (memory: SparkplugMemory, device: string): void => {
  if (memory.devices.includes(device) || memory.devices.length >= DEVICES_MAX) return;
  memory.devices.push(device);
};

export const hasDevice = (memory: SparkplugMemory, device: string): boolean =>
  memory.devices.includes(device) || memory.devices.length >= DEVICES_MAX;
