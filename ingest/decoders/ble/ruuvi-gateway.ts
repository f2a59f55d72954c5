import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure } from '../../model/sample.ts';
import { createSample, msOfSeconds, stampOf } from '../../model/stamp.ts';
import { decodeAvailability } from '../availability.ts';
import { defineDecoder } from '../decoder.ts';
import { hasMetrics, onlyFailures, readMetric, refused } from '../findings.ts';
import { type JsonObject, parseJsonObject } from '../json.ts';
import { canonicalMac } from './mac.ts';
import { bytesOfHex, readRuuviAdvertisement } from './ruuvi-advertisement.ts';
import type { RuuviReading } from './ruuvi5.ts';

/** The gateway's option "decoded": fields by name, in the tag's units, beside or instead of the raw data. */
const readDecoded = (message: JsonObject, failures: DecodeFailure[]): RuuviReading | undefined => {
  const metrics: Metrics = {};
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
  if (hasMetrics(metrics)) {
    return { metrics, sequence: typeof sequence === 'number' ? sequence : undefined, mac: undefined };
  }
  failures.push({ code: 'wrong-shape', where: 'data', expected: 'advertising data in hexadecimal' });
  return undefined;
};

const readReading = (message: JsonObject, failures: DecodeFailure[]): RuuviReading | undefined => {
  if (message.data === undefined) return readDecoded(message, failures);
  const bytes = typeof message.data === 'string' ? bytesOfHex(message.data) : undefined;
  if (bytes !== undefined) return readRuuviAdvertisement(bytes, 'data', failures);
  failures.push({ code: 'wrong-type', where: 'data', expected: 'advertising data in hexadecimal' });
  return undefined;
};

const decodeTag = (frame: Frame, gateway: string, tag: string): Decoded => {
  const device = canonicalMac(tag);
  if (device === undefined) return refused('wrong-device', 'topic', 'the MAC address of a tag');
  const failures: DecodeFailure[] = [];
  const message = parseJsonObject(frame.payload, failures);
  const reading = message === undefined ? undefined : readReading(message, failures);
  if (message === undefined || reading === undefined) return onlyFailures(failures);
  if (reading.mac !== undefined && reading.mac !== device) {
    return refused('wrong-device', 'data', `the MAC address of the topic, ${device}`);
  }
  readMetric(reading.metrics, 'rssiDbm', message.rssi, 'rssi', failures);
  // `ts` is when the gateway heard the tag, as text; the variant without time has `cnt` instead.
  const { arrivedMs } = frame;
  const { timeMs, timeFrom } = stampOf(msOfSeconds(message.ts), arrivedMs, 'ts', failures);
  const sample = createSample(device, '', timeMs, timeFrom, arrivedMs, reading.sequence, reading.metrics);
  const receiver = `ruuvi-gateway:${gateway}`;
  const hearing = { device, receiver, rssiDbm: reading.metrics.rssiDbm, arrivedMs };
  return { samples: [sample], occurrences: [], hearings: [hearing], failures };
};

/**
 * Ruuvi Gateway: raw adverts of tags, and the gateway's own status.
 * Source: ruuvi/docs, ruuvi-gateway-firmware/data-formats/mqtt-*.md.
 */
export const ruuviGatewayDecoder = defineDecoder({
  kind: 'ruuvi-gateway',
  topics: ['ruuvi/{gateway}/gw_status', 'ruuvi/{gateway}/{tag}'],
  decode(frame, { params }) {
    const gateway = params.gateway ?? '';
    return params.tag === undefined ? decodeAvailability(frame, gateway) : decodeTag(frame, gateway, params.tag);
  },
});
