import type { Frame } from '../../model/frame.ts';
import type { Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure, Occurrence } from '../../model/sample.ts';
import { createOccurrence, createSample, stampOfArrival } from '../../model/stamp.ts';
import { decodeAvailability } from '../availability.ts';
import { defineDecoder } from '../decoder.ts';
import { cutText, hasMetrics, NOTHING, onlyFailures, readFlag, readMetric } from '../findings.ts';
import { type JsonObject, parseJsonObject } from '../json.ts';

type Scale = (value: number) => number;

const milliG: Scale = (value) => value / 1000;
const plainG: Scale = (value) => value;
/**
 * Theengs Decoder computes a RuuviTag's acceleration as mg / 10000 x 9.80665 and calls it m/s² (its own test: 1.036 g
 * comes out as 1.01596894): a tenth of m/s².
 */
const tenthOfMetresPerSecond2: Scale = (value) => value / 0.980665;

/**
 * What `accx accy accz` of a model are really in: theengs/decoder labels all of them m/s², but passes on what the
 * beacon sends (src/devices: RuuviTag_RAWv2, KKM_K9, KKM_K6P, BC08). Releases before the field `type` gave RuuviTags
 * in g.
 */
const accelerationScale = (message: JsonObject): Scale | undefined => {
  switch (message.model_id) {
    case 'RuuviTag_RAWv1':
    case 'RuuviTag_RAWv2':
      return message.type === undefined ? plainG : tenthOfMetresPerSecond2;
    case 'K6P':
    case 'K9':
    case 'KSensor':
      return milliG;
    default:
      return undefined;
  }
};

const readAcceleration = (message: JsonObject, metrics: Metrics, failures: DecodeFailure[]): void => {
  if (message.accx === undefined && message.accy === undefined && message.accz === undefined) return;
  const scale = accelerationScale(message);
  if (scale === undefined) {
    // A guessed unit would make a lying badge stand upright.
    failures.push({ code: 'wrong-unit', where: 'accx', expected: 'a model whose acceleration has a known unit' });
    return;
  }
  readMetric(metrics, 'accelerationXG', message.accx, 'accx', failures, scale);
  readMetric(metrics, 'accelerationYG', message.accy, 'accy', failures, scale);
  readMetric(metrics, 'accelerationZG', message.accz, 'accz', failures, scale);
};

const pascalsOfHectopascals: Scale = (value) => value * 100;

const readMetrics = (message: JsonObject, failures: DecodeFailure[]): Metrics => {
  const metrics: Metrics = {};
  readMetric(metrics, 'temperatureCelsius', message.tempc, 'tempc', failures);
  readMetric(metrics, 'humidityPercent', message.hum, 'hum', failures);
  readMetric(metrics, 'dewPointCelsius', message.dp, 'dp', failures);
  readMetric(metrics, 'pressurePascals', message.pres, 'pres', failures, pascalsOfHectopascals);
  readMetric(metrics, 'illuminanceLux', message.lux, 'lux', failures);
  readMetric(metrics, 'co2Ppm', message.co2, 'co2', failures);
  readMetric(metrics, 'batteryVolts', message.volt, 'volt', failures);
  readMetric(metrics, 'batteryPercent', message.batt, 'batt', failures);
  readAcceleration(message, metrics, failures);
  // A counter with RuuviTags, a truth value with motion sensors.
  if (typeof message.mov === 'boolean') readFlag(metrics, 'moving', message.mov, 'mov', failures);
  else readMetric(metrics, 'movementCount', message.mov, 'mov', failures);
  readMetric(metrics, 'txPowerDbm', message.tx ?? message.txpower, 'tx', failures);
  readMetric(metrics, 'rssiDbm', message.rssi, 'rssi', failures);
  return metrics;
};

/** Theengs' own numbers for presses (SBBT_002C): they differ from BTHome's. 0 is "none", sent as a sign of life. */
const PRESSES: ReadonlyMap<number, string> = new Map([
  [1, 'single'],
  [2, 'double'],
  [3, 'triple'],
  [9, 'long'],
  [11, 'hold'],
]);

const sequenceOf = (message: JsonObject): number | undefined => {
  const raw = message.seq ?? message.packet;
  return typeof raw === 'number' && Number.isSafeInteger(raw) && raw >= 0 ? raw : undefined;
};

const readButton = (message: JsonObject, device: string, frame: Frame, failures: DecodeFailure[]): Occurrence[] => {
  const { button } = message;
  if (button === undefined || button === null || button === 0) return [];
  if (typeof button !== 'number' && typeof button !== 'string') {
    failures.push({ code: 'wrong-type', where: 'button', expected: 'the number of a kind of press' });
    return [];
  }
  const press = typeof button === 'number' ? (PRESSES.get(button) ?? 'other') : cutText(button);
  const sequence = sequenceOf(message);
  const id = sequence === undefined ? undefined : `${sequence}`;
  const attributes = { press, code: typeof button === 'number' ? button : null };
  return [createOccurrence(device, 'button', id, stampOfArrival(frame.arrivedMs), frame, attributes)];
};

const decodeBeacon = (frame: Frame, device: string): Decoded => {
  const failures: DecodeFailure[] = [];
  const message = parseJsonObject(frame.payload, failures);
  if (message === undefined) return onlyFailures(failures);
  const metrics = readMetrics(message, failures);
  const occurrences = readButton(message, device, frame, failures);
  const { arrivedMs } = frame;
  const sequence = sequenceOf(message);
  const samples = hasMetrics(metrics)
    ? [createSample(device, '', arrivedMs, 'arrival', arrivedMs, sequence, metrics)]
    : [];
  return { samples, occurrences, failures };
};

/**
 * Theengs Gateway and OpenMQTTGateway: Bluetooth LE adverts, decoded by theengs/decoder. Device: the MAC as the topic
 * writes it. Source: theengs/gateway docs/use/use.md.
 */
export const theengsDecoder = defineDecoder({
  kind: 'theengs',
  topics: [
    'home/{gateway}/BTtoMQTT/{mac}',
    'home/{gateway}/LWT',
    'home/{gateway}/SYStoMQTT',
    'home/{gateway}/BTtoMQTT',
  ],
  decode(frame, { params }) {
    if (params.mac !== undefined) return params.mac === 'undecoded' ? NOTHING : decodeBeacon(frame, params.mac);
    return frame.address.endsWith('/LWT') ? decodeAvailability(frame, params.gateway ?? '') : NOTHING;
  },
});
