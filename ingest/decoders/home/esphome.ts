import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure } from '../../model/sample.ts';
import { createOccurrence, createSample, stampOfArrival } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { decodeAvailability } from '../availability.ts';
import { defineDecoder } from '../decoder.ts';
import { cutText, hasMetrics, NOTHING, onlyFailures, refused, setMetric } from '../findings.ts';
import { parseText } from '../json.ts';
import { channelOf, flagOf, isEmergency, quantityOf } from '../quantities.ts';
import { isForeignRoot } from '../reserved-roots.ts';
import { discovered, type EsphomeMemory, startEsphomeMemory, takeDiscovery } from './esphome-discovery.ts';

const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const NOT_A_NUMBER = /^[+-]?(?:nan|inf|infinity)$/i;

const sampleOf = (frame: Frame, device: string, channel: string, metrics: Metrics) =>
  createSample(device, channel, frame.arrivedMs, 'arrival', frame.arrivedMs, undefined, metrics);

const decodeSensor = (frame: Frame, device: string, objectId: string, memory: EsphomeMemory): Decoded => {
  const [unit, deviceClass] = discovered(memory, objectId);
  const quantity = quantityOf(objectId, unit, deviceClass);
  if (quantity === undefined) return refused('unknown-name', cutText(objectId), 'an object of a known quantity');
  const text = parseText(frame.payload, 64);
  if (text !== undefined && NOT_A_NUMBER.test(text)) return refused('not-a-number', '', 'a finite number');
  if (text === undefined || !NUMBER.test(text)) return refused('not-text', '', 'a number');
  const failures: DecodeFailure[] = [];
  const metrics: Metrics = {};
  setMetric(metrics, quantity.metric, quantity.convert(Number(text)), '', failures);
  if (!hasMetrics(metrics)) return onlyFailures(failures);
  const sample = sampleOf(frame, device, channelOf(quantity.prefix, device), metrics);
  return { samples: [sample], occurrences: [], failures };
};

const BUTTON = /(?:^|_)button(?:_|$)/;

const press = (frame: Frame, device: string, objectId: string, isCall: boolean): Decoded => {
  const failures: DecodeFailure[] = frame.retained
    ? [{ code: 'retained-action', where: '', expected: 'a press as it happens' }]
    : [];
  // As with Zigbee2MQTT: an old press is void, an old call for help has to be looked into.
  if (frame.retained && !isCall) return onlyFailures(failures);
  const kind = isCall ? 'sos' : 'button';
  const attributes = { button: cutText(objectId) };
  const stamp = stampOfArrival(frame.arrivedMs);
  return {
    samples: [],
    occurrences: [createOccurrence(device, kind, undefined, stamp, frame, attributes)],
    failures,
  };
};

const decodeBinary = (frame: Frame, device: string, objectId: string, memory: EsphomeMemory): Decoded => {
  const text = parseText(frame.payload)?.toUpperCase();
  if (text !== 'ON' && text !== 'OFF') return refused('not-text', '', 'ON or OFF');
  const name = objectId.toLowerCase();
  const isCall = isEmergency(name);
  if (isCall || BUTTON.test(name)) return text === 'ON' ? press(frame, device, objectId, isCall) : NOTHING;
  const [, deviceClass] = discovered(memory, objectId);
  const metrics = flagOf(name, text === 'ON') ?? flagOf(deviceClass, text === 'ON');
  if (metrics === undefined) return refused('unknown-name', cutText(objectId), 'an object of a known kind');
  return { samples: [sampleOf(frame, device, '', metrics)], occurrences: [], failures: [] };
};

const ABOUT: About = {
  devices: {
    zh: 'ESPHome 节点（mqtt 组件）',
    en: 'ESPHome nodes (component mqtt)',
  },
  specification: 'https://esphome.io/components/mqtt.html',
  examples: [
    { address: 'hall-1/sensor/temperature/state', payload: '21.5' },
    { address: 'hall-1/sensor/ct1_current/state', payload: '8.25' },
  ],
  notes: {
    zh: '单位取自节点发布的 discovery，否则按名称。名称在量名之前的部分为通道。',
    en: 'The unit is that of the node’s discovery, else the name’s usual one. What precedes the quantity in a name is the channel.',
  },
};

/**
 * ESPHome over MQTT: one value a topic. The unit comes from Home Assistant's discovery where the node announces it,
 * else from the object id. Source: esphome.io/components/mqtt.
 */
export const esphomeDecoder = defineDecoder<EsphomeMemory>({
  kind: 'esphome',
  topics: ['{device}/{component}/{object}/state', '{device}/status'],
  about: ABOUT,
  overhears: ['homeassistant/{component}/{device}/{announced}/config'],
  accepts: (params) => !isForeignRoot(params.device),
  memoryKey: (params) => params.device ?? '',
  startMemory: startEsphomeMemory,
  decode(frame, { params, memory }) {
    const { device, component, object, announced } = params;
    if (device === undefined) return NOTHING;
    if (announced !== undefined) return onlyFailures(takeDiscovery(memory, announced, frame.payload));
    if (object === undefined) return decodeAvailability(frame, device);
    if (component === 'sensor') return decodeSensor(frame, device, object, memory);
    // Switches, lights and texts say nothing about safety.
    return component === 'binary_sensor' ? decodeBinary(frame, device, object, memory) : NOTHING;
  },
});
