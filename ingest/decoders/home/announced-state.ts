import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import type { Decoded } from '../../model/sample.ts';
import { decodeAvailability } from '../availability.ts';
import { cutText, type Findings, setMetric, startFindings } from '../findings.ts';
import { parseJson, parseText } from '../json.ts';
import { channelOf, flagOf, isEmergency, type NamedQuantity, quantityOf } from '../quantities.ts';
import type { Entity } from './discovery-memory.ts';
import { metricsAt, samplesOf, takeCall } from './json-state.ts';
import { valueAt } from './template.ts';

const NUMBER = /^[+-]?\d{1,32}(?:\.\d{1,32})?(?:e[+-]?\d{1,3})?$/i;

/** What the object is called, or where in the state its value stands: the first that names a quantity. */
const quantityOfEntity = ({ object, path, unit, deviceClass }: Entity): NamedQuantity | undefined => {
  const names = [path.join('_'), object].filter((name) => name !== '');
  const named = names.find((name) => quantityOf(name, '', '') !== undefined);
  return quantityOf(named ?? object, unit, deviceClass);
};

const numberOf = (value: unknown): number | undefined => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value.trim()) ? Number(value) : undefined;
};

type Channels = Map<string, Metrics>;

const takeNumber = (entity: Entity, value: unknown, channels: Channels, findings: Findings): void => {
  const { object, device } = entity;
  const where = cutText(object);
  const quantity = quantityOfEntity(entity);
  if (quantity === undefined) return;
  const number = numberOf(value);
  if (number === undefined) {
    // Home Assistant's own words for "not known".
    if (value === 'unknown' || value === 'unavailable' || value === '') return;
    findings.failures.push({ code: 'wrong-type', where, expected: 'a number' });
    return;
  }
  const metrics = metricsAt(channels, channelOf(quantity.prefix, device));
  setMetric(metrics, quantity.metric, quantity.convert(number), where, findings.failures);
};

const isOn = ({ on, off }: Entity, value: unknown): boolean | undefined => {
  const text = String(value).trim().toUpperCase();
  if (text === on || (value === true && on === 'ON')) return true;
  return text === off || (value === false && off === 'OFF') ? false : undefined;
};

const takeFlag = (frame: Frame, entity: Entity, value: unknown, channels: Channels, findings: Findings): void => {
  const { object, device, deviceClass, on, off } = entity;
  const state = typeof value === 'object' ? undefined : isOn(entity, value);
  if (state === undefined) {
    findings.failures.push({ code: 'not-text', where: cutText(object), expected: cutText(`${on} or ${off}`) });
    return;
  }
  const name = object.toLowerCase();
  if (isEmergency(name)) {
    if (state) takeCall(frame, device, object, findings);
    return;
  }
  const flag = flagOf(deviceClass, state) ?? flagOf(name, state);
  if (flag !== undefined) Object.assign(metricsAt(channels, ''), flag);
};

/** The payload as a template sees it: JSON where a path leads into it, else the text. */
const stateOf = (frame: Frame, entities: readonly Entity[], findings: Findings): unknown => {
  if (entities.some(({ path }) => path.length > 0)) return parseJson(frame.payload, findings.failures);
  const text = parseText(frame.payload);
  if (text === undefined) findings.failures.push({ code: 'too-large', where: '', expected: 'at most 256 bytes' });
  return text;
};

/** A state of which discovery said where its values stand and what they are. */
export const decodeAnnounced = (frame: Frame, entities: readonly Entity[]): Decoded => {
  const [first] = entities;
  if (first?.component === 'availability') return decodeAvailability(frame, first.device);
  const findings = startFindings();
  const state = stateOf(frame, entities, findings);
  if (state === undefined) return findings;
  const byDevice = new Map<string, Channels>();
  for (const entity of entities) {
    const value = valueAt(state, entity.path);
    if (value === undefined || value === null) continue;
    const channels: Channels = byDevice.get(entity.device) ?? new Map();
    byDevice.set(entity.device, channels);
    if (entity.component === 'sensor') takeNumber(entity, value, channels, findings);
    else takeFlag(frame, entity, value, channels, findings);
  }
  for (const [device, channels] of byDevice) samplesOf(frame, device, channels, findings);
  return findings;
};
