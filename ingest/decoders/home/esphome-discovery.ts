import type { DecodeFailure } from '../../model/sample.ts';
import { isJsonObject, parseJson } from '../json.ts';

/** What Home Assistant's discovery said of a node's objects: `o:<object id>` → unit and device class. */
export interface EsphomeMemory {
  objects: Record<string, readonly [unit: string, deviceClass: string]>;
}

export const startEsphomeMemory = (): EsphomeMemory => ({ objects: {} });

const MAX_OBJECTS = 128;
const MAX_CHARACTERS = 64;

/** A prefix, so that no object id can meet a name that objects have by nature. */
const keyOf = (objectId: string): string => `o:${objectId}`;

const shortText = (raw: unknown): string => (typeof raw === 'string' && raw.length <= MAX_CHARACTERS ? raw : '');

/** Keeps what a discovery message says; ESPHome abbreviates its keys, other programs do not. */
export const takeDiscovery = (memory: EsphomeMemory, objectId: string, payload: Uint8Array): DecodeFailure[] => {
  // An empty payload takes an entity back.
  if (payload.length === 0 || objectId.length > MAX_CHARACTERS) return [];
  const failures: DecodeFailure[] = [];
  const config = parseJson(payload, failures);
  if (!isJsonObject(config)) return failures;
  const unit = shortText(config.unit_of_meas ?? config.unit_of_measurement);
  const deviceClass = shortText(config.dev_cla ?? config.device_class);
  if (!isJsonObject(memory.objects)) memory.objects = {};
  const { objects } = memory;
  const oldest = Object.keys(objects)[0];
  if (!Object.hasOwn(objects, keyOf(objectId)) && Object.keys(objects).length >= MAX_OBJECTS && oldest !== undefined) {
    delete objects[oldest];
  }
  objects[keyOf(objectId)] = [unit, deviceClass];
  return failures;
};

/** Unit and device class of an object, both '' where nobody announced it. */
export const discovered = (memory: EsphomeMemory, objectId: string): readonly [unit: string, deviceClass: string] => {
  const known: unknown = isJsonObject(memory.objects) ? memory.objects[keyOf(objectId)] : undefined;
  return Array.isArray(known) ? [shortText(known[0]), shortText(known[1])] : ['', ''];
};
