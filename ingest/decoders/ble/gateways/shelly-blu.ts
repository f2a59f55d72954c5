import type { Frame } from '../../../model/frame.ts';
import type { Decoded, DecodeFailure } from '../../../model/sample.ts';
import type { About } from '../../about.ts';
import { defineDecoder } from '../../decoder.ts';
import { hasMetrics, onlyFailures, refused } from '../../findings.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../../json.ts';
import { badgeOf, decodeAdvert } from '../advert.ts';
import { type Badges, NO_BADGES } from '../badges.ts';
import { canonicalMac } from '../mac.ts';
import { hashOfValues } from '../reading.ts';
import { onlyHeard, refusesPlain, settle } from '../settle.ts';
import { readShellyBlu } from './shelly-blu-fields.ts';

const KIND = 'shelly-blu';

/** A BTHome advert that a script on a Shelly has decoded. It cannot decrypt: then it says only that there was one. */
const decodeFields = (message: JsonObject, mac: string, receiver: string, frame: Frame, badges: Badges): Decoded => {
  const badge = badgeOf(badges, KIND, mac, frame.keyHex);
  const { arrivedMs, retained } = frame;
  const rssiDbm = typeof message.rssi === 'number' ? message.rssi : undefined;
  const heard = { mac, receiver, rssiDbm, arrivedMs, retained };
  if (message.encryption === true) return onlyHeard(heard);
  const reading = readShellyBlu(message);
  if (reading.packet === undefined) {
    reading.hash = hashOfValues(reading.metrics);
    if (!hasMetrics(reading.metrics) && reading.presses === undefined) return onlyFailures(reading.failures);
  }
  return refusesPlain(badge) ?? settle(reading, heard, badge);
};

const ABOUT: About = {
  devices: {
    zh: 'Shelly BLU 按钮、门磁、人体感应、温湿度，由 Shelly 上的脚本转发',
    en: 'Shelly BLU buttons, contacts, motion and climate, passed on by a script on a Shelly',
  },
  specification: 'https://github.com/ALLTERCO/shelly-script-examples',
  examples: [
    {
      address: 'shelly-blu/events/b0:c7:de:11:22:33',
      payload: '{"encryption":false,"BTHome_version":2,"pid":7,"battery":98,"temperature":21.5,"rssi":-61}',
    },
  ],
};

/**
 * The script of Shelly that publishes what BLU devices say: `shelly-blu/events/<MAC>`. It does not say which Shelly
 * heard it; the session's user name, or else the source, stands for that.
 * Source: ALLTERCO/shelly-script-examples, ble-shelly-blu-mqtt.js.
 */
export const shellyBluDecoder = defineDecoder({
  kind: KIND,
  topics: ['shelly-blu/events/{mac}'],
  about: ABOUT,
  passesAdverts: true,
  decode(frame, { params, badges = NO_BADGES }) {
    const mac = canonicalMac(params.mac ?? '');
    if (mac === undefined) return refused('wrong-device', 'topic', 'the MAC address of a BLU device');
    const failures: DecodeFailure[] = [];
    const message = parseJsonObject(frame.payload, failures);
    if (message === undefined) return onlyFailures(failures);
    return decodeFields(message, mac, `${KIND}:${frame.client ?? frame.source}`, frame, badges);
  },
});

/** Adverts in one event of the scanner script; the script sends at most 16. */
const SCANNED_MAX = 64;

const decodeScanned = (entry: unknown, receiver: string, frame: Frame, badges: Badges): Decoded => {
  const [address, rssi, advertised, response]: readonly unknown[] = Array.isArray(entry) ? entry : [];
  const mac = typeof address === 'string' ? canonicalMac(address) : undefined;
  if (mac === undefined || typeof advertised !== 'string' || advertised.length > 2500) {
    return refused('wrong-shape', 'data', 'address, RSSI, advertising data and scan response in base64');
  }
  const parts = [advertised, typeof response === 'string' && response.length <= 2500 ? response : ''];
  const data = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  const { arrivedMs, retained } = frame;
  const rssiDbm = typeof rssi === 'number' ? rssi : undefined;
  return decodeAdvert({ mac, receiver, rssiDbm, arrivedMs, retained, data }, badgeOf(badges, KIND, mac, frame.keyHex));
};

/** `[version, address, rssi, advert, response]` in version 1; `[2, [[address, rssi, advert, response], …]]` in 2. */
const scannedIn = (data: readonly unknown[]): readonly unknown[] => {
  const [version, batch]: readonly unknown[] = data;
  if (version === 2 && Array.isArray(batch)) return batch.slice(0, SCANNED_MAX);
  return [data.slice(1)];
};

/**
 * Adverts in an event that a script on a Shelly emits: `ble.scan_result` (raw; aioshelly, the Bluetooth proxy of Home
 * Assistant) and `shelly-blu` (decoded). Undefined for any other event.
 */
export const decodeShellyScriptEvent = (
  event: JsonObject,
  shelly: string,
  frame: Frame,
  badges: Badges,
): readonly Decoded[] | undefined => {
  const { data } = event;
  const receiver = `shelly:${shelly}`;
  if (event.event === 'ble.scan_result') {
    if (!Array.isArray(data)) return [refused('wrong-shape', 'data', 'a list of adverts')];
    return scannedIn(data).map((entry) => decodeScanned(entry, receiver, frame, badges));
  }
  if (event.event !== 'shelly-blu') return undefined;
  const mac = isJsonObject(data) && typeof data.address === 'string' ? canonicalMac(data.address) : undefined;
  if (!isJsonObject(data) || mac === undefined) return [refused('wrong-shape', 'data', 'an object with an address')];
  return [decodeFields(data, mac, receiver, frame, badges)];
};
