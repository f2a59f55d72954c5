import type { Frame } from '../../model/frame.ts';
import type { Decoded } from '../../model/sample.ts';
import { createOccurrence, createSample, msOfDate, type Stamp, stampOf } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { decodeAvailability } from '../availability.ts';
import { defineDecoder } from '../decoder.ts';
import { cutText, type Findings, hasMetrics, NOTHING, onlyFailures, startFindings } from '../findings.ts';
import { type JsonObject, parseJsonObject } from '../json.ts';
import { readZigbeeValues } from './zigbee2mqtt-values.ts';

/** `emergency`, `panic`, `sos`, also as `1_emergency` or `panic_button`. */
const EMERGENCY = /(?:^|_)(?:sos|emergency|panic)(?:_|$)/i;

/** `hold`, and `2_hold` of a remote control with several buttons. */
const PRESS = /^(?:([1-9])_)?(single|double|triple|long|hold)$/;

/** The action as it came, and the press that it is, in the words that all formats share. */
const attributesOf = (action: string) => {
  const [, button = '1', press] = PRESS.exec(action) ?? [];
  return { action: cutText(action), ...(press === undefined ? {} : { press, button: Number(button) }) };
};

const takeAction = (message: JsonObject, device: string, stamp: Stamp, frame: Frame, findings: Findings): void => {
  const { action } = message;
  // Zigbee2MQTT once followed every action by an empty one.
  if (action === undefined || action === null || action === '') return;
  if (typeof action !== 'string') {
    findings.failures.push({ code: 'wrong-type', where: 'action', expected: 'a text' });
    return;
  }
  const isEmergency = EMERGENCY.test(action);
  if (frame.retained) {
    findings.failures.push({ code: 'retained-action', where: 'action', expected: 'an action as it happens' });
    // Nobody knows when it was pressed: an ordinary press is void, a call for help has to be looked into.
    if (!isEmergency) return;
  }
  const kind = isEmergency ? 'sos' : 'button';
  findings.occurrences.push(createOccurrence(device, kind, undefined, stamp, frame, attributesOf(action)));
};

const decodeDevice = (frame: Frame, device: string): Decoded => {
  const findings = startFindings();
  const message = parseJsonObject(frame.payload, findings.failures);
  if (message === undefined) return onlyFailures(findings.failures);
  const stamp = stampOf(msOfDate(message.last_seen), frame.arrivedMs, 'last_seen', findings.failures);
  for (const [channel, metrics] of readZigbeeValues(message, findings.failures)) {
    if (!hasMetrics(metrics)) continue;
    findings.samples.push(
      createSample(device, channel, stamp.timeMs, stamp.timeFrom, frame.arrivedMs, undefined, metrics),
    );
  }
  takeAction(message, device, stamp, frame, findings);
  return findings;
};

const AVAILABILITY = '/availability';
/** Commands to devices pass the same broker. */
const COMMAND = /\/(?:set|get)(?:\/|$)/;

const ABOUT: About = {
  devices: {
    zh: 'Zigbee2MQTT 支持的全部 Zigbee 设备：温湿度、门磁、人体感应、插座、按钮',
    en: 'every Zigbee device that Zigbee2MQTT supports: climate, contacts, presence, plugs, buttons',
  },
  specification: 'https://www.zigbee2mqtt.io/guide/usage/mqtt_topics_and_messages.html',
  examples: [
    { address: 'zigbee2mqtt/hall', payload: '{"temperature":27.34,"humidity":44.72,"battery":91}' },
    { address: 'zigbee2mqtt/button', payload: '{"action":"emergency"}' },
  ],
  notes: {
    zh: '动作名含 sos、emergency、panic 即为求助。只报变化的设备以 bridge 的状态为在线依据。',
    en: 'An action named sos, emergency or panic is a call for help. Devices that report changes only are alive as long as the bridge is.',
  },
};

/**
 * Zigbee2MQTT. A friendly name may contain `/`. The bridge counts as device `bridge`: devices that report only changes
 * are alive as long as it is. Source: zigbee2mqtt.io, guide/usage/mqtt_topics_and_messages.
 */
export const zigbee2mqttDecoder = defineDecoder({
  kind: 'zigbee2mqtt',
  topics: ['zigbee2mqtt/bridge/state', 'zigbee2mqtt/bridge/{bridge...}', 'zigbee2mqtt/{device...}'],
  about: ABOUT,
  decode(frame, { params }) {
    if (params.bridge !== undefined) return NOTHING;
    const { device } = params;
    if (device === undefined) return decodeAvailability(frame, 'bridge');
    // An empty payload clears a retained message.
    if (frame.payload.length === 0) return NOTHING;
    if (device.endsWith(AVAILABILITY)) return decodeAvailability(frame, device.slice(0, -AVAILABILITY.length));
    return COMMAND.test(device) ? NOTHING : decodeDevice(frame, device);
  },
});
