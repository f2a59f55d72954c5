import type { MetricName, Metrics } from '../../model/metrics.ts';
import type { DecodeFailure } from '../../model/sample.ts';
import { readFlag, readMetric } from '../findings.ts';
import type { JsonObject } from '../json.ts';

type Convert = (value: number) => number;

const hundredfold: Convert = (value) => value * 100;
const thousandfold: Convert = (value) => value * 1000;
const thousandth: Convert = (value) => value / 1000;

const NUMBERS: readonly (readonly [key: string, metric: MetricName, convert?: Convert])[] = [
  ['temperature', 'temperatureCelsius'],
  ['humidity', 'humidityPercent'],
  ['pressure', 'pressurePascals', hundredfold],
  ['co2', 'co2Ppm'],
  ['battery', 'batteryPercent'],
  ['linkquality', 'linkQuality'],
];

const FLAGS: readonly (readonly [key: string, metric: MetricName])[] = [
  ['occupancy', 'occupied'],
  ['presence', 'occupied'],
  ['vibration', 'moving'],
  ['moving', 'moving'],
  ['contact', 'contactClosed'],
];

const ELECTRIC: ReadonlyMap<string, readonly [metric: MetricName, convert?: Convert]> = new Map([
  ['current', ['currentAmps']],
  ['voltage', ['voltageVolts']],
  ['power', ['powerWatts']],
  ['power_apparent', ['apparentPowerVoltAmps']],
  ['power_reactive', ['reactivePowerVars']],
  ['power_factor', ['powerFactor']],
  ['ac_frequency', ['frequencyHertz']],
  ['energy', ['energyWattHours', thousandfold]],
]);

/** `current_phase_b` of a three-phase meter whose first phase is plain `current`; `current_a` of others. */
const PHASED = /^(current|voltage|power|power_factor|energy)_(?:phase_)?([abc]|neutral)$/;

/** A battery's voltage is in millivolts, a mains voltage in volts, both under the name `voltage`. */
const isBatteryVoltage = (message: JsonObject): boolean =>
  message.power === undefined &&
  message.current === undefined &&
  (message.battery !== undefined || (typeof message.voltage === 'number' && message.voltage > 1000));

const readElectric = (message: JsonObject, channels: Map<string, Metrics>, failures: DecodeFailure[]): void => {
  const bare = message.current_phase_b === undefined && message.voltage_phase_b === undefined ? '' : 'a';
  for (const key of Object.keys(message)) {
    const phased = PHASED.exec(key);
    const target = ELECTRIC.get(phased?.[1] ?? key);
    if (target === undefined || (key === 'voltage' && isBatteryVoltage(message))) continue;
    const [metric, convert] = target;
    const isDeviceWide = metric === 'energyWattHours' || metric === 'frequencyHertz';
    const channel = phased?.[2] === 'neutral' ? 'n' : (phased?.[2] ?? (isDeviceWide ? '' : bare));
    const metrics = channels.get(channel) ?? {};
    readMetric(metrics, metric, message[key], key, failures, convert);
    channels.set(channel, metrics);
  }
};

/** The measurements of a Zigbee2MQTT message by channel. Source: zigbee2mqtt.io, "exposes" of the devices. */
export const readZigbeeValues = (message: JsonObject, failures: DecodeFailure[]): ReadonlyMap<string, Metrics> => {
  const metrics: Metrics = {};
  const channels = new Map([['', metrics]]);
  for (const [key, metric, convert] of NUMBERS) readMetric(metrics, metric, message[key], key, failures, convert);
  for (const [key, metric] of FLAGS) readFlag(metrics, metric, message[key], key, failures);
  // Older releases: `illuminance` raw and `illuminance_lux`; newer ones: `illuminance` in lux.
  const lux = message.illuminance_lux === undefined ? 'illuminance' : 'illuminance_lux';
  if (typeof message[lux] === 'number') readMetric(metrics, 'illuminanceLux', message[lux], lux, failures);
  if (isBatteryVoltage(message)) readMetric(metrics, 'batteryVolts', message.voltage, 'voltage', failures, thousandth);
  readElectric(message, channels, failures);
  return channels;
};
