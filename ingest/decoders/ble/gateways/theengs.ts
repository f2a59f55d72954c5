import type { Frame } from '../../../model/frame.ts';
import type { Decoded, DecodeFailure } from '../../../model/sample.ts';
import type { About } from '../../about.ts';
import { decodeAvailability } from '../../availability.ts';
import { defineDecoder } from '../../decoder.ts';
import { hasMetrics, NOTHING, onlyFailures } from '../../findings.ts';
import { type JsonObject, parseJsonObject } from '../../json.ts';
import { badgeOf, decodeAdvert } from '../advert.ts';
import { type Badges, NO_BADGES } from '../badges.ts';
import { bytesOfHex, canonicalMac } from '../mac.ts';
import { hashOfValues } from '../reading.ts';
import { type Heard, onlyHeard, refusesPlain, settle } from '../settle.ts';
import { AdvertScan, joinStructures } from '../structures.ts';
import { readTheengs } from './theengs-fields.ts';

const KIND = 'theengs';

const hexIn = (raw: unknown): Uint8Array | undefined => (typeof raw === 'string' ? bytesOfHex(raw) : undefined);

/** `fcd2`, `0xfcd2` and the long form with the Bluetooth base UUID all occur. */
const UUID_16 = /^(?:0x)?([0-9a-f]{4})$|^0000([0-9a-f]{4})-0000-1000-8000-00805f9b34fb$/i;

const uuidIn = (raw: unknown): number | undefined => {
  const digits = typeof raw === 'string' ? UUID_16.exec(raw) : null;
  const found = digits?.[1] ?? digits?.[2];
  return found === undefined ? undefined : Number.parseInt(found, 16);
};

const scan = new AdvertScan();

/** The advert itself, where the gateway passes it on and it is of a format that we read better than by its fields. */
const advertIn = (message: JsonObject): Uint8Array | undefined => {
  const { servicedata, servicedatauuid, manufacturerdata } = message;
  if (servicedata === undefined && manufacturerdata === undefined) return undefined;
  const data = joinStructures(uuidIn(servicedatauuid), hexIn(servicedata), hexIn(manufacturerdata));
  return data !== undefined && scan.open(data) && scan.format !== undefined ? data : undefined;
};

/** An iBeacon may be published under its UUID: the MAC address is then within. */
const nameOf = (topic: string, { id, mac }: JsonObject): string => {
  for (const text of [topic, mac, id]) {
    const found = typeof text === 'string' ? canonicalMac(text) : undefined;
    if (found !== undefined) return found;
  }
  return topic;
};

const decodeFields = (message: JsonObject, heard: Heard, badges: Badges, frame: Frame): Decoded => {
  const badge = badgeOf(badges, KIND, heard.mac, frame.keyHex);
  const reading = readTheengs(message);
  const isEmpty = !hasMetrics(reading.metrics) && reading.presses === undefined;
  if (isEmpty && reading.failures.length > 0) return onlyFailures(reading.failures);
  // A telephone, or a badge whose format Theengs does not know: that it is there.
  if (isEmpty) return onlyHeard(heard);
  if (badge !== undefined && reading.packet === undefined) reading.hash = hashOfValues(reading.metrics);
  return refusesPlain(badge) ?? settle(reading, heard, badge);
};

const decodeBeacon = (frame: Frame, gateway: string, topic: string, badges: Badges): Decoded => {
  const failures: DecodeFailure[] = [];
  const message = parseJsonObject(frame.payload, failures);
  if (message === undefined) return onlyFailures(failures);
  const mac = nameOf(topic, message);
  const { arrivedMs, retained } = frame;
  const rssiDbm = typeof message.rssi === 'number' ? message.rssi : undefined;
  const heard = { mac, receiver: `${KIND}:${gateway}`, rssiDbm, arrivedMs, retained };
  const data = advertIn(message);
  if (data === undefined) return topic === UNDECODED ? NOTHING : decodeFields(message, heard, badges, frame);
  if (canonicalMac(mac) === undefined) return NOTHING;
  return decodeAdvert({ ...heard, data }, badgeOf(badges, KIND, mac, frame.keyHex));
};

/** Where a gateway that leaves the decoding to others publishes. */
const UNDECODED = 'undecoded';

const ABOUT: About = {
  devices: {
    zh: 'Theengs Gateway、OpenMQTTGateway 听到的蓝牙设备',
    en: 'Bluetooth devices heard by Theengs Gateway or OpenMQTTGateway',
  },
  specification: 'https://gateway.theengs.io/use/use.html',
  examples: [
    {
      address: 'home/TheengsGateway/BTtoMQTT/CBB8334C884F',
      payload:
        '{"id":"CB:B8:33:4C:88:4F","rssi":-82,"brand":"BlueMaestro","model":"TempoDisc","model_id":"BM_V23","tempc":24.1,"hum":44.7,"volt":2.56}',
    },
  ],
  notes: {
    zh: '默认扫描 5 秒、停 5 秒：短促的按键可能正好落在停顿中。',
    en: 'By default it scans for 5 s and pauses for 5 s: a short press may fall into the pause.',
  },
};

/**
 * Theengs Gateway and OpenMQTTGateway: Bluetooth LE adverts, decoded by theengs/decoder, or as they are (`undecoded`, and
 * with `pubadvdata`). Device: the MAC address. Sources: theengs/gateway docs/use/use.md; 1technophile/OpenMQTTGateway
 * docs/use/ble.md.
 */
export const theengsDecoder = defineDecoder({
  kind: KIND,
  topics: [
    'home/{gateway}/BTtoMQTT/{mac}',
    'home/{gateway}/LWT',
    'home/{gateway}/SYStoMQTT',
    'home/{gateway}/BTtoMQTT',
  ],
  about: ABOUT,
  passesAdverts: true,
  decode(frame, { params, badges = NO_BADGES }) {
    const gateway = params.gateway ?? '';
    if (params.mac !== undefined) return decodeBeacon(frame, gateway, params.mac, badges);
    return frame.address.endsWith('/LWT') ? decodeAvailability(frame, gateway) : NOTHING;
  },
});
