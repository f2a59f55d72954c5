import { isJsonObject } from '../json.ts';
import type { ValuePath } from './template.ts';

/** What was announced of one value. Plain JSON. */
export interface Entity {
  /** Topic of the announcement, which takes it back, too. */
  readonly config: string;
  readonly device: string;
  readonly component: 'sensor' | 'binary_sensor' | 'availability';
  readonly object: string;
  readonly path: ValuePath;
  readonly unit: string;
  readonly deviceClass: string;
  /** Texts that mean yes and no, upper case, of a binary sensor. */
  readonly on: string;
  readonly off: string;
}

/** State topics that were announced: `t:<topic>` leads to its entities, `c:<topic of the announcement>` to the topics. */
export interface DiscoveryMemory {
  topics: Record<string, Entity[]>;
  configs: Record<string, string[]>;
}

export const startDiscoveryMemory = (): DiscoveryMemory => ({ topics: {}, configs: {} });

/** One announcement is one value, or one device with all of its values. */
const CONFIGS_MAX = 2000;
const ENTITIES_MAX = 64;

/** Memories come back from disk, where they may have been of another shape. */
const mend = (memory: DiscoveryMemory): DiscoveryMemory =>
  isJsonObject(memory.topics) && isJsonObject(memory.configs) ? memory : Object.assign(memory, startDiscoveryMemory());

const isEntity = (value: unknown): value is Entity =>
  isJsonObject(value) &&
  ['config', 'device', 'component', 'object', 'unit', 'deviceClass', 'on', 'off'].every(
    (key) => typeof value[key] === 'string',
  ) &&
  Array.isArray(value.path) &&
  value.path.every((step) => typeof step === 'string');

const listAt = (record: Readonly<Record<string, unknown>>, key: string): readonly unknown[] => {
  const list = Object.hasOwn(record, key) ? record[key] : undefined;
  return Array.isArray(list) ? list : [];
};

/** What was announced of a topic's state; empty: nothing. */
export const entitiesOf = (memory: DiscoveryMemory, topic: string): readonly Entity[] =>
  listAt(mend(memory).topics, `t:${topic}`).filter(isEntity);

/** Takes back what an announcement said before. */
export const withdraw = (memory: DiscoveryMemory, config: string): void => {
  const { topics, configs } = mend(memory);
  for (const topic of listAt(configs, `c:${config}`)) {
    const key = `t:${topic}`;
    const left = listAt(topics, key)
      .filter(isEntity)
      .filter((entity) => entity.config !== config);
    if (left.length === 0) delete topics[key];
    else topics[key] = left;
  }
  delete configs[`c:${config}`];
};

/** Keeps an announcement, in place of what the same one said before. False: there was no room for all of it. */
export const keep = (
  memory: DiscoveryMemory,
  config: string,
  announced: readonly (readonly [topic: string, entity: Entity])[],
): boolean => {
  withdraw(memory, config);
  if (announced.length === 0) return true;
  const { topics, configs } = memory;
  const oldest = Object.keys(configs).length >= CONFIGS_MAX ? Object.keys(configs)[0] : undefined;
  if (oldest !== undefined) withdraw(memory, oldest.slice(2));
  let isWhole = announced.length <= ENTITIES_MAX;
  for (const [topic, entity] of announced.slice(0, ENTITIES_MAX)) {
    const key = `t:${topic}`;
    const before = listAt(topics, key).filter(isEntity);
    if (before.length >= ENTITIES_MAX) isWhole = false;
    else topics[key] = [...before, entity];
  }
  configs[`c:${config}`] = [...new Set(announced.slice(0, ENTITIES_MAX).map(([topic]) => topic))];
  return isWhole;
};
