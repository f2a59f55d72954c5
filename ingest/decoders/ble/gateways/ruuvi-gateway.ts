import type { Frame } from '../../../model/frame.ts';
import type { Decoded, DecodeFailure } from '../../../model/sample.ts';
import { msOfSeconds } from '../../../model/stamp.ts';
import type { About } from '../../about.ts';
import { decodeAvailability } from '../../availability.ts';
import { defineDecoder } from '../../decoder.ts';
import { hasMetrics, onlyFailures, readMetric, refused } from '../../findings.ts';
import { type JsonObject, parseJsonObject } from '../../json.ts';
import { badgeOf, decodeAdvert } from '../advert.ts';
import { type Badges, NO_BADGES } from '../badges.ts';
import { bytesOfHex, canonicalMac, macByte } from '../mac.ts';
import { type Reading, startReading } from '../reading.ts';
import { refusesPlain, settle } from '../settle.ts';
import { AdvertScan } from '../structures.ts';

const KIND = 'ruuvi-gateway';

/** The gateway's option "decoded": fields by name, in the tag's units, beside or instead of the raw data. */
const readDecoded = (message: JsonObject, failures: DecodeFailure[]): Reading | undefined => {
  const isExtended = message.dataFormat === 'E1' || message.PM10 !== undefined;
  const reading = startReading(isExtended ? 'ruuvi-e1' : 'ruuvi5', isExtended ? 24 : 16);
  const { metrics } = reading;
  readMetric(metrics, 'temperatureCelsius', message.temperature, 'temperature', failures);
  readMetric(metrics, 'humidityPercent', message.humidity, 'humidity', failures);
  readMetric(metrics, 'pressurePascals', message.pressure, 'pressure', failures);
  readMetric(metrics, 'accelerationXG', message.accelX, 'accelX', failures);
  readMetric(metrics, 'accelerationYG', message.accelY, 'accelY', failures);
  readMetric(metrics, 'accelerationZG', message.accelZ, 'accelZ', failures);
  readMetric(metrics, 'batteryVolts', message.voltage, 'voltage', failures);
  readMetric(metrics, 'txPowerDbm', message.txPower, 'txPower', failures);
  readMetric(metrics, 'movementCount', message.movementCounter, 'movementCounter', failures);
  const sequence = message.measurementSequenceNumber;
  if (typeof sequence === 'number' && Number.isSafeInteger(sequence) && sequence >= 0) reading.packet = sequence;
  if (hasMetrics(metrics)) return reading;
  failures.push({ code: 'wrong-shape', where: 'data', expected: 'advertising data in hexadecimal' });
  return undefined;
};

const scan = new AdvertScan();
const RUUVI_5_BYTES = 24;
const MAC_AT = 18;

/** Ruuvi data format 5 ends with the MAC address, which has to be the topic's; all FF: it does not know it. */
const isOfAnother = (data: Uint8Array, mac: string): boolean => {
  if (!scan.open(data) || scan.format !== 'ruuvi' || data[scan.from] !== 5) return false;
  const at = scan.from + MAC_AT;
  if (scan.to - scan.from !== RUUVI_5_BYTES || data.subarray(at, scan.to).every((byte) => byte === 0xff)) return false;
  for (let index = 0; index < 6; index += 1) if (data[at + index] !== macByte(mac, index)) return true;
  return false;
};

const within = (decoded: Decoded): Decoded => ({
  ...decoded,
  failures: decoded.failures.map((failure) => ({ ...failure, where: failure.where === '' ? 'data' : failure.where })),
});

const decodeTag = (frame: Frame, gateway: string, tag: string, badges: Badges): Decoded => {
  const mac = canonicalMac(tag);
  if (mac === undefined) return refused('wrong-device', 'topic', 'the MAC address of a tag');
  const failures: DecodeFailure[] = [];
  const message = parseJsonObject(frame.payload, failures);
  if (message === undefined) return onlyFailures(failures);
  const badge = badgeOf(badges, KIND, mac, frame.keyHex);
  const { arrivedMs, retained } = frame;
  const rssiDbm = typeof message.rssi === 'number' ? message.rssi : undefined;
  // `ts` is when the gateway heard the tag, as text; the variant without time has `cnt` instead.
  const stampMs = msOfSeconds(message.ts);
  const heard = { mac, receiver: `${KIND}:${gateway}`, rssiDbm, arrivedMs, retained, stampMs };
  if (message.data === undefined) {
    const reading = readDecoded(message, failures);
    if (reading === undefined) return onlyFailures(failures);
    reading.failures.push(...failures);
    return refusesPlain(badge) ?? settle(reading, heard, badge);
  }
  const data = typeof message.data === 'string' ? bytesOfHex(message.data) : undefined;
  if (data === undefined) return refused('wrong-type', 'data', 'advertising data in hexadecimal');
  if (isOfAnother(data, mac)) return refused('wrong-device', 'data', `the MAC address of the topic, ${mac}`);
  return within(decodeAdvert({ ...heard, data }, badge));
};

const ABOUT: About = {
  devices: {
    zh: 'Ruuvi Gateway 听到的 RuuviTag 与其他蓝牙广播',
    en: 'RuuviTags and other Bluetooth adverts heard by a Ruuvi Gateway',
  },
  specification: 'https://docs.ruuvi.com/gw-data-formats',
  examples: [
    {
      address: 'ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6',
      payload:
        '{"gw_mac":"C8:25:2D:8E:9C:2C","rssi":-26,"aoa":[],"gwts":"1767225599","ts":"1767225599","data":"0201061BFF99040515AE4C6DC6D7000CFFF803F4ADB6AD697FF41F0C28CBD6","coords":""}',
    },
  ],
};

/**
 * Ruuvi Gateway: raw adverts of tags, of whatever format they are, and the gateway's own status.
 * Source: ruuvi/docs, ruuvi-gateway-firmware/data-formats/mqtt-*.md.
 */
export const ruuviGatewayDecoder = defineDecoder({
  kind: KIND,
  topics: ['ruuvi/{gateway}/gw_status', 'ruuvi/{gateway}/{tag}'],
  about: ABOUT,
  passesAdverts: true,
  decode(frame, { params, badges = NO_BADGES }) {
    const gateway = params.gateway ?? '';
    if (params.tag === undefined) return decodeAvailability(frame, gateway);
    return decodeTag(frame, gateway, params.tag, badges);
  },
});
