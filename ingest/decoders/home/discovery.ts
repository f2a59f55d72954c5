import type { DecodeFailure } from '../../model/sample.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.ts';
import { isForeignRoot } from '../reserved-roots.ts';
import { type DiscoveryMemory, type Entity, keep, withdraw } from './discovery-memory.ts';
import { pathOfTemplate } from './template.ts';

const MAX_CHARACTERS = 128;
const MAX_TOPIC_CHARACTERS = 256;
const COMPONENTS_MAX = 64;

/** The keys that are read, by the abbreviations that discovery allows (integrations/mqtt, "Supported abbreviations"). */
const SHORT: Readonly<Record<string, string>> = {
  state_topic: 'stat_t',
  value_template: 'val_tpl',
  unit_of_measurement: 'unit_of_meas',
  device_class: 'dev_cla',
  payload_on: 'pl_on',
  payload_off: 'pl_off',
  availability_topic: 'avty_t',
  availability: 'avty',
  topic: 't',
  device: 'dev',
  identifiers: 'ids',
  components: 'cmps',
  platform: 'p',
};

const read = (config: JsonObject, key: string): unknown => config[key] ?? config[SHORT[key] ?? ''];

const textAt = (config: JsonObject, key: string, longest = MAX_CHARACTERS): string => {
  const raw = read(config, key);
  return typeof raw === 'string' && raw.length <= longest ? raw : '';
};

/** `~` at either end of a topic stands for the announcement's base topic. */
const topicAt = (config: JsonObject, key: string): string => {
  const base = typeof config['~'] === 'string' ? config['~'] : '';
  const topic = textAt(config, key, MAX_TOPIC_CHARACTERS).replace(/^~|~$/, () => base);
  return topic.length <= MAX_TOPIC_CHARACTERS ? topic : '';
};

/** Topics of systems that have a decoder of their own are left to it. */
export const isOurs = (topic: string): boolean => {
  const [root = ''] = topic.split('/', 1);
  return root !== '' && (root === 'homeassistant' || !isForeignRoot(root));
};

const identifierOf = (config: JsonObject): string => {
  const device = read(config, 'device');
  const raw = isJsonObject(device) ? read(device, 'identifiers') : undefined;
  const first: unknown = Array.isArray(raw) ? raw[0] : raw;
  return typeof first === 'string' && first.length <= MAX_CHARACTERS ? first.trim() : '';
};

/** Where an announcement came from. */
export interface Announcement {
  readonly config: string;
  readonly component: string;
  /** Level of the topic between component and object; '' where there is none. */
  readonly node: string;
  readonly object: string;
}

type Announced = (readonly [topic: string, entity: Entity])[];

const availability = (config: JsonObject, plain: Omit<Entity, 'component' | 'path'>): Announced => {
  const listed = read(config, 'availability');
  const topics = [
    topicAt(config, 'availability_topic'),
    ...(Array.isArray(listed) ? listed.slice(0, 4) : [])
      .filter(isJsonObject)
      .map((one) => topicAt({ '~': config['~'], ...one }, 'topic')),
  ];
  return topics.filter(isOurs).map((topic) => [topic, { ...plain, component: 'availability', path: [] }]);
};

const announcedBy = (
  config: JsonObject,
  component: string,
  names: Pick<Entity, 'config' | 'device' | 'object'>,
  failures: DecodeFailure[],
): Announced => {
  if (component !== 'sensor' && component !== 'binary_sensor') return [];
  const plain = {
    ...names,
    unit: textAt(config, 'unit_of_measurement'),
    deviceClass: textAt(config, 'device_class'),
    on: (textAt(config, 'payload_on') || 'ON').toUpperCase(),
    off: (textAt(config, 'payload_off') || 'OFF').toUpperCase(),
  };
  const topic = topicAt(config, 'state_topic');
  const template = read(config, 'value_template');
  const path = pathOfTemplate(typeof template === 'string' ? template : '{{ value }}');
  if (path === undefined && isOurs(topic)) {
    failures.push({ code: 'wrong-shape', where: 'value_template', expected: 'a plain path: {{ value_json.x }}' });
  }
  const state: Announced = path === undefined || !isOurs(topic) ? [] : [[topic, { ...plain, component, path }]];
  return [...state, ...availability(config, plain)];
};

/** A device that announces all of its values at once: what they share stands outside. */
const announcedByDevice = (
  config: JsonObject,
  names: Pick<Entity, 'config' | 'device'>,
  failures: DecodeFailure[],
): Announced => {
  const components = read(config, 'components');
  if (!isJsonObject(components)) return [];
  const found: Announced = [];
  const shared = { '~': config['~'], state_topic: read(config, 'state_topic') };
  for (const object of Object.keys(components).slice(0, COMPONENTS_MAX)) {
    const own = components[object];
    if (!isJsonObject(own) || object.length > MAX_CHARACTERS) continue;
    const component = textAt(own, 'platform');
    const merged = { ...shared, ...own, state_topic: read(own, 'state_topic') ?? shared.state_topic };
    found.push(...announcedBy(merged, component, { ...names, object }, failures));
  }
  return [...found, ...availability(config, { ...names, object: '', unit: '', deviceClass: '', on: '', off: '' })];
};

/** Keeps what a discovery message says of state topics; an empty payload takes it back. */
export const takeAnnouncement = (
  memory: DiscoveryMemory,
  { config: topic, component, node, object }: Announcement,
  payload: Uint8Array,
): DecodeFailure[] => {
  if (payload.length === 0) {
    withdraw(memory, topic);
    return [];
  }
  const failures: DecodeFailure[] = [];
  const config = parseJsonObject(payload, failures);
  if (config === undefined || topic.length > MAX_TOPIC_CHARACTERS) return failures;
  const names = { config: topic, device: (identifierOf(config) || node || object).slice(0, MAX_CHARACTERS), object };
  const announced =
    component === 'device'
      ? announcedByDevice(config, names, failures)
      : announcedBy(config, component, names, failures);
  if (!keep(memory, topic, announced)) {
    failures.push({ code: 'too-large', where: '', expected: 'at most 64 values a topic' });
  }
  return failures;
};
