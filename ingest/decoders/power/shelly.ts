import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import type { Decoded } from '../../model/sample.ts';
import { createOccurrence, createSample, msOfSeconds, type Stamp, stampOf, stampOfArrival } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { decodeAvailability } from '../availability.ts';
import { type Badges, NO_BADGES } from '../ble/badges.ts';
import { decodeShellyScriptEvent } from '../ble/gateways/shelly-blu.ts';
import { defineDecoder } from '../decoder.ts';
import { cutText, type Findings, NOTHING, onlyFailures, startFindings } from '../findings.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.ts';
import { isForeignRoot } from '../reserved-roots.ts';
import { shellyComponent } from './shelly-components.ts';
import { forgetComponent, overlayStatus, type ShellyMemory, startShellyMemory } from './shelly-overlay.ts';

/** Metrics of one message by channel: the components of a device may share a channel. */
type Channels = Map<string, Metrics>;

const takeStatus = (
  key: string,
  status: JsonObject,
  isFull: boolean,
  memory: ShellyMemory,
  arrivedMs: number,
  channels: Channels,
  findings: Findings,
): void => {
  const component = shellyComponent(key);
  if (component === undefined) return;
  if (isFull) forgetComponent(memory, component);
  for (const [channel, metrics] of overlayStatus(memory, component, status, arrivedMs, findings.failures)) {
    const shared = channels.get(channel) ?? {};
    channels.set(channel, Object.assign(shared, metrics));
  }
};

const pushSamples = (channels: Channels, device: string, stamp: Stamp, arrivedMs: number, findings: Findings): void => {
  for (const [channel, metrics] of channels) {
    findings.samples.push(createSample(device, channel, stamp.timeMs, stamp.timeFrom, arrivedMs, undefined, metrics));
  }
};

const decodeComponent = (frame: Frame, device: string, component: string, memory: ShellyMemory): Decoded => {
  if (shellyComponent(component) === undefined) return NOTHING;
  const findings = startFindings();
  const status = parseJsonObject(frame.payload, findings.failures);
  if (status === undefined) return onlyFailures(findings.failures);
  const channels: Channels = new Map();
  takeStatus(component, status, true, memory, frame.arrivedMs, channels, findings);
  pushSamples(channels, device, stampOfArrival(frame.arrivedMs), frame.arrivedMs, findings);
  return findings;
};

const PRESSES: ReadonlyMap<unknown, string> = new Map([
  ['single_push', 'single'],
  ['double_push', 'double'],
  ['triple_push', 'triple'],
  ['long_push', 'long'],
  ['long_double_push', 'long-double'],
  ['long_triple_push', 'long-triple'],
  ['hold_press', 'hold'],
]);
const MAX_EVENTS = 32;

/** Adverts that a script on the Shelly passes on, and which of them are not its own. */
const takeAdverts = (event: JsonObject, frame: Frame, device: string, badges: Badges, findings: Findings): boolean => {
  const adverts = decodeShellyScriptEvent(event, device, frame, badges);
  for (const { samples, occurrences, hearings, failures } of adverts ?? []) {
    findings.samples.push(...samples);
    findings.occurrences.push(...occurrences);
    if (hearings !== undefined) findings.hearings = [...(findings.hearings ?? []), ...hearings];
    findings.failures.push(...failures);
  }
  return adverts !== undefined;
};

/** `events: [{ component: "input:0", event: "single_push", ts }]`; edges (btn_down) and house-keeping are no presses. */
const takeEvents = (params: JsonObject, frame: Frame, device: string, badges: Badges, findings: Findings): void => {
  const { events } = params;
  if (!Array.isArray(events) || events.length > MAX_EVENTS) {
    findings.failures.push({ code: 'wrong-shape', where: 'params.events', expected: `at most ${MAX_EVENTS} events` });
    return;
  }
  const list: readonly unknown[] = events;
  list.forEach((event, index) => {
    if (!isJsonObject(event) || takeAdverts(event, frame, device, badges, findings)) return;
    const press = PRESSES.get(event.event);
    if (press === undefined) return;
    const where = `params.events[${index}].ts`;
    const stamp = stampOf(msOfSeconds(event.ts ?? params.ts), frame.arrivedMs, where, findings.failures);
    const component = typeof event.component === 'string' ? cutText(event.component) : '';
    findings.occurrences.push(createOccurrence(device, 'button', undefined, stamp, frame, { press, component }));
  });
};

const decodeNotification = (frame: Frame, device: string, memory: ShellyMemory, badges: Badges): Decoded => {
  const findings = startFindings();
  const message = parseJsonObject(frame.payload, findings.failures);
  if (message === undefined) return onlyFailures(findings.failures);
  const { method, params } = message;
  if (!isJsonObject(params) || typeof method !== 'string') {
    findings.failures.push({ code: 'wrong-shape', where: '', expected: 'a notification with method and params' });
    return onlyFailures(findings.failures);
  }
  if (method === 'NotifyEvent') takeEvents(params, frame, device, badges, findings);
  else if (method === 'NotifyStatus' || method === 'NotifyFullStatus') {
    const stamp = stampOf(msOfSeconds(params.ts), frame.arrivedMs, 'params.ts', findings.failures);
    const isFull = method === 'NotifyFullStatus';
    const channels: Channels = new Map();
    for (const key of Object.keys(params).slice(0, 64)) {
      const status = params[key];
      if (isJsonObject(status)) takeStatus(key, status, isFull, memory, frame.arrivedMs, channels, findings);
      else if (shellyComponent(key) !== undefined) {
        findings.failures.push({ code: 'wrong-type', where: `params.${key}`, expected: 'an object' });
      }
    }
    pushSamples(channels, device, stamp, frame.arrivedMs, findings);
  }
  return findings;
};

/** What was saved by an earlier run may be of any shape. */
const soundMemory = (memory: ShellyMemory): ShellyMemory => {
  if (!isJsonObject(memory.components)) memory.components = {};
  return memory;
};

const ABOUT: About = {
  devices: {
    zh: 'Shelly 第二代及以后：电表、继电器、温湿度',
    en: 'Shelly of the second generation and later: meters, relays, climate',
  },
  specification: 'https://shelly-api-docs.shelly.cloud/gen2/ComponentsAndServices/Mqtt',
  examples: [
    {
      address: 'shellypro3em-aabbccddeeff/status/em:0',
      payload:
        '{"id":0,"a_current":9.592,"a_voltage":227,"b_current":0.044,"c_current":1.479,"total_act_power":2413.825}',
    },
  ],
  notes: {
    zh: '在设备的 MQTT 设置中启用“RPC status notifications”与“Generic status update”。',
    en: 'In the device’s MQTT settings, enable RPC status notifications and generic status updates.',
  },
};

/**
 * Shelly Gen2 and later. `NotifyStatus` carries only what changed: it is laid over the last status (see
 * shelly-overlay.ts); going offline or coming online forgets it, as changes may have been missed.
 * Source: shelly-api-docs gen2, Notifications and MQTT.
 */
export const shellyDecoder = defineDecoder<ShellyMemory>({
  kind: 'shelly',
  topics: ['{device}/events/rpc', '{device}/status/{component}', '{device}/online'],
  about: ABOUT,
  accepts: (params) => !isForeignRoot(params.device),
  memoryKey: (params) => params.device ?? '',
  startMemory: startShellyMemory,
  decode(frame, { params, memory, badges = NO_BADGES }) {
    const device = params.device ?? '';
    const known = soundMemory(memory);
    if (params.component !== undefined) return decodeComponent(frame, device, params.component, known);
    if (frame.address.endsWith('/events/rpc')) return decodeNotification(frame, device, known, badges);
    known.components = {};
    return decodeAvailability(frame, device);
  },
});
