import { METRICS, type Metrics } from '../../model/metrics.ts';
import type { DecodeFailure } from '../../model/sample.ts';
import { readMetric } from '../findings.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { type ShellyComponent, shellyChannel } from './shelly-components.ts';

/** What a Shelly last said of each component: attribute → [value, when it was last reported, Unix ms]. */
export interface ShellyMemory {
  components: Record<string, Record<string, readonly [value: number, seenMs: number]>>;
}

export const startShellyMemory = (): ShellyMemory => ({ components: {} });

const MAX_COMPONENTS = 32;
/**
 * A notification leaves out what did not change, so an attribute that was not repeated still holds; but a voltage that
 * has not moved within an hour means that messages were lost.
 */
const HOLDS_MS = 3_600_000;

const keyOf = (component: ShellyComponent): string => `${component.type}:${component.instance}`;

const attributeAt = (status: JsonObject, path: string): unknown => {
  const dot = path.indexOf('.');
  if (dot < 0) return status[path];
  const inner = status[path.slice(0, dot)];
  return isJsonObject(inner) ? inner[path.slice(dot + 1)] : undefined;
};

const remembered = (memory: ShellyMemory, key: string): Record<string, readonly [number, number]> => {
  const { components } = memory;
  const known = Object.hasOwn(components, key) ? components[key] : undefined;
  if (isJsonObject(known)) return known;
  const oldest = Object.keys(components)[0];
  if (oldest !== undefined && Object.keys(components).length >= MAX_COMPONENTS) delete components[oldest];
  const fresh = {};
  components[key] = fresh;
  return fresh;
};

/** False for what an earlier program may have saved in another shape. */
const isEntry = (entry: unknown): entry is readonly [number, number] =>
  Array.isArray(entry) && typeof entry[0] === 'number' && typeof entry[1] === 'number';

/** Forgets a component, before a full status of it. */
export const forgetComponent = (memory: ShellyMemory, component: ShellyComponent): void => {
  delete memory.components[keyOf(component)];
};

/**
 * Lays a status of one component over what is known of it. Only channels in which the message itself says something
 * come out, completed by what still holds; what was never seen stays absent, and null makes an attribute absent.
 * @returns metrics by channel
 */
export const overlayStatus = (
  memory: ShellyMemory,
  component: ShellyComponent,
  status: JsonObject,
  arrivedMs: number,
  failures: DecodeFailure[],
): ReadonlyMap<string, Metrics> => {
  const key = keyOf(component);
  const held = remembered(memory, key);
  const touched = new Set<string>();
  for (const { path, metric, phase } of component.attributes) {
    const raw = attributeAt(status, path);
    if (raw === undefined) continue;
    delete held[path];
    const read: Metrics = {};
    readMetric(read, metric, raw, `${key}.${path}`, failures);
    const value = read[metric];
    if (value === undefined) continue;
    held[path] = [value, arrivedMs];
    touched.add(phase);
  }
  const channels = new Map<string, Metrics>();
  for (const { path, metric, phase } of component.attributes) {
    const entry = Object.hasOwn(held, path) ? held[path] : undefined;
    if (!isEntry(entry) || !touched.has(phase) || arrivedMs - entry[1] > HOLDS_MS) continue;
    const channel = shellyChannel(component, phase);
    const metrics = channels.get(channel) ?? {};
    if (entry[0] >= METRICS[metric].min && entry[0] <= METRICS[metric].max) metrics[metric] = entry[0];
    channels.set(channel, metrics);
  }
  return channels;
};
