import type { Frame } from '../../model/frame.ts';
import type { MetricName, Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure } from '../../model/sample.ts';
import { createSample } from '../../model/stamp.ts';
import type { About } from '../about.ts';
import { decodeAvailability } from '../availability.ts';
import { defineDecoder } from '../decoder.ts';
import { hasMetrics, NOTHING, onlyFailures, readMetric } from '../findings.ts';
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.ts';

type Convert = (value: number) => number;
type Field = readonly [key: string, metric: MetricName, convert?: Convert | undefined];

const ENERGY_FIELDS: readonly Field[] = [
  ['Current', 'currentAmps'],
  ['Voltage', 'voltageVolts'],
  ['Power', 'powerWatts'],
  ['ApparentPower', 'apparentPowerVoltAmps'],
  ['ReactivePower', 'reactivePowerVars'],
  ['Factor', 'powerFactor'],
  ['Frequency', 'frequencyHertz'],
  ['Total', 'energyWattHours', (kilowattHours) => kilowattHours * 1000],
];

/** Tasmota's ENERGY driver knows up to eight phases. */
const PHASES = 'abcdefgh';
const MAX_SENSOR_BLOCKS = 32;

/** Metrics by channel, in order of first use. */
type Channels = Map<string, Metrics>;

const metricsOf = (channels: Channels, channel: string): Metrics => {
  const known = channels.get(channel);
  if (known !== undefined) return known;
  const metrics: Metrics = {};
  channels.set(channel, metrics);
  return metrics;
};

/** One number for a single meter, an array of them for several phases: channels a, b, c, … */
const readEnergy = (energy: JsonObject, channels: Channels, failures: DecodeFailure[]): void => {
  for (const [key, metric, convert] of ENERGY_FIELDS) {
    const raw = energy[key];
    const where = `ENERGY.${key}`;
    if (!Array.isArray(raw)) readMetric(metricsOf(channels, ''), metric, raw, where, failures, convert);
    else if (raw.length > PHASES.length) {
      failures.push({ code: 'wrong-shape', where, expected: `at most ${PHASES.length} phases` });
    } else {
      raw.forEach((value: unknown, index) => {
        const metrics = metricsOf(channels, PHASES[index] ?? '');
        readMetric(metrics, metric, value, `${where}[${index}]`, failures, convert);
      });
    }
  }
};

const celsiusOfFahrenheit: Convert = (value) => (value - 32) / 1.8;

/** PressureUnit as Tasmota's SetOption24 and 139 name it. */
const PASCALS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  [undefined, 100],
  ['hPa', 100],
  ['mmHg', 133.322387415],
  ['inHg', 3386.389],
]);

const sensorFields = (message: JsonObject): readonly Field[] => {
  const temperature = message.TempUnit === 'F' ? celsiusOfFahrenheit : undefined;
  const pascals = PASCALS.get(message.PressureUnit);
  return [
    ['Temperature', 'temperatureCelsius', temperature],
    ['Humidity', 'humidityPercent'],
    ['DewPoint', 'dewPointCelsius', temperature],
    ...(pascals === undefined ? [] : [['Pressure', 'pressurePascals', (value: number) => value * pascals] as const]),
    ['Illuminance', 'illuminanceLux'],
    ['CarbonDioxide', 'co2Ppm'],
  ];
};

/** `DS18B20-1`, `SHT3X-0x44`: one of several sensors of a kind. */
const NUMBERED = /^[A-Za-z0-9_]{1,24}-(?:\d{1,3}|0x[0-9A-Fa-f]{2})$/;
const PLAIN = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * A block such as `"AM2301": {"Temperature": 21, "Humidity": 40}`. A sensor alone of its kind reports on the default
 * channel, numbered ones and one that would overwrite another's value on a channel of their name.
 */
const readSensor = (
  name: string,
  block: JsonObject,
  fields: readonly Field[],
  channels: Channels,
  failures: DecodeFailure[],
): void => {
  const metrics: Metrics = {};
  for (const [key, metric, convert] of fields) {
    readMetric(metrics, metric, block[key], `${name}.${key}`, failures, convert);
  }
  if (!hasMetrics(metrics)) return;
  const shared = metricsOf(channels, '');
  const isTaken = fields.some(([, metric]) => metrics[metric] !== undefined && shared[metric] !== undefined);
  if (isTaken || NUMBERED.test(name)) Object.assign(metricsOf(channels, name), metrics);
  else Object.assign(shared, metrics);
};

const readSensors = (message: JsonObject, channels: Channels, failures: DecodeFailure[]): void => {
  const fields = sensorFields(message);
  const names = Object.keys(message).filter((name) => name !== 'ENERGY' && PLAIN.test(name));
  for (const name of names.slice(0, MAX_SENSOR_BLOCKS)) {
    const block = message[name];
    if (isJsonObject(block)) readSensor(name, block, fields, channels, failures);
  }
};

const decodeSensor = (frame: Frame, device: string): Decoded => {
  const failures: DecodeFailure[] = [];
  const message = parseJsonObject(frame.payload, failures);
  if (message === undefined) return onlyFailures(failures);
  const channels: Channels = new Map();
  const energy = message.ENERGY;
  if (isJsonObject(energy)) readEnergy(energy, channels, failures);
  else if (energy !== undefined) failures.push({ code: 'wrong-type', where: 'ENERGY', expected: 'an object' });
  readSensors(message, channels, failures);
  const { arrivedMs } = frame;
  // `Time` is local time without a zone (docs/Commands.md, Timezone): of no use as a stamp.
  const samples = [...channels]
    .filter(([, metrics]) => hasMetrics(metrics))
    .map(([channel, metrics]) => createSample(device, channel, arrivedMs, 'arrival', arrivedMs, undefined, metrics));
  return { samples, occurrences: [], failures };
};

const ABOUT: About = {
  devices: {
    zh: 'Tasmota 插座、电表及其传感器',
    en: 'Tasmota plugs, meters and their sensors',
  },
  specification: 'https://tasmota.github.io/docs/MQTT/',
  examples: [
    {
      address: 'tele/pow1/SENSOR',
      payload: '{"Time":"2026-01-01T00:00:00","ENERGY":{"Power":2635,"Voltage":227,"Current":11.661}}',
    },
  ],
  notes: {
    zh: 'TelePeriod 默认 300 秒，对过流规则太慢：设为 10。多相为通道 a、b、c。',
    en: 'TelePeriod is 300 s by default, too slow for overcurrent: set it to 10. Phases are channels a, b, c.',
  },
};

/** Tasmota plugs and meters. Source: arendst/Tasmota docs, devices/Sonoff-Pow.md and Rules.md. */
export const tasmotaDecoder = defineDecoder({
  kind: 'tasmota',
  topics: [
    'tele/{device}/{report}',
    // The other usual FullTopic, %topic%/%prefix%/.
    '{device}/tele/{report}',
    'stat/{rest...}',
    'cmnd/{rest...}',
    'tasmota/discovery/{rest...}',
  ],
  about: ABOUT,
  decode(frame, { params }) {
    const { device, report } = params;
    if (device === undefined) return NOTHING;
    if (report === 'SENSOR') return decodeSensor(frame, device);
    if (report === 'LWT') return decodeAvailability(frame, device);
    // STATE, INFO1, UPTIME, …: about the device itself.
    return NOTHING;
  },
});
