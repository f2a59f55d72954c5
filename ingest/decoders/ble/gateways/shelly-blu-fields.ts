import type { MetricName } from '../../../model/metrics.ts';
import type { JsonObject } from '../../json.ts';
import { bthomePress } from '../formats/bthome.ts';
import { fail, putNth, type Reading, startReading } from '../reading.ts';

type Field = readonly [key: string, metric: MetricName, convert?: (value: number) => number];

const inverted = (value: number): number => (value === 0 ? 1 : 0);

/** Objects of BTHome under the names that Shelly's scripts give them. */
const FIELDS: readonly Field[] = [
  ['battery', 'batteryPercent'],
  ['temperature', 'temperatureCelsius'],
  ['humidity', 'humidityPercent'],
  ['illuminance', 'illuminanceLux'],
  ['pressure', 'pressurePascals', (hectopascals) => hectopascals * 100],
  ['rotation', 'tiltDegrees'],
  ['motion', 'motionDetected'],
  ['vibration', 'vibrating'],
  ['moisture', 'waterDetected'],
  ['window', 'contactClosed', inverted],
  ['door', 'contactClosed', inverted],
  ['distance', 'distanceMeters', (millimeters) => millimeters / 1000],
];

/** One number, or several of an object that was sent more than once. */
const numbersIn = (reading: Reading, raw: unknown, key: string): readonly number[] => {
  if (raw === undefined || raw === null) return [];
  const list: readonly unknown[] = Array.isArray(raw) ? raw.slice(0, 16) : [raw];
  const numbers = list.filter((each): each is number => typeof each === 'number');
  if (numbers.length < list.length) fail(reading, 'wrong-type', key, 'a number, or a list of numbers');
  return numbers;
};

/** What a script on a Shelly made of a BTHome advert. Source: ALLTERCO/shelly-script-examples, ble-shelly-blu.js. */
export const readShellyBlu = (message: JsonObject): Reading => {
  const reading = startReading('bthome', 8);
  for (const [key, metric, convert] of FIELDS) {
    numbersIn(reading, message[key], key).forEach((value, index) => {
      putNth(reading, metric, convert === undefined ? value : convert(value), index + 1);
    });
  }
  numbersIn(reading, message.button, 'button').forEach((code, index) => {
    if (code === 0) return;
    reading.presses ??= [];
    reading.presses.push({ press: bthomePress(code), button: index + 1, code });
  });
  const { pid } = message;
  if (typeof pid === 'number' && Number.isInteger(pid) && pid >= 0 && pid < 256) reading.packet = pid;
  return reading;
};
