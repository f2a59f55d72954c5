import type { MetricName, Metrics } from '../../model/metrics.ts';
import type { DecodeFailure } from '../../model/sample.ts';
import { setMetric } from '../findings.ts';

/** Where the values of a payload go. */
export interface Reader {
  /** The device's own stamp, Unix milliseconds. */
  timeMs: number | undefined;
  readonly failures: DecodeFailure[];
  /** The metrics of a channel. */
  at(channel: string): Metrics;
}

/** What follows a channel and type: so many bytes, and what they say. */
export interface Field {
  readonly length: number;
  readonly take?: (reader: Reader, view: DataView, at: number) => void;
}

const put = (reader: Reader, channel: string, metric: MetricName, value: number): void =>
  setMetric(reader.at(channel), metric, value, `${channel === '' ? '' : `${channel}.`}${metric}`, reader.failures);

type Take = NonNullable<Field['take']>;

/** All numbers are little endian. */
const u8 =
  (channel: string, metric: MetricName, divisor = 1): Take =>
  (reader, view, at) =>
    put(reader, channel, metric, view.getUint8(at) / divisor);
const u16 =
  (channel: string, metric: MetricName, factor = 1, divisor = 1): Take =>
  (reader, view, at) =>
    put(reader, channel, metric, (view.getUint16(at, true) * factor) / divisor);
const u32 =
  (channel: string, metric: MetricName): Take =>
  (reader, view, at) =>
    put(reader, channel, metric, view.getUint32(at, true));
const temperature =
  (channel: string): Take =>
  (reader, view, at) =>
    put(reader, channel, 'temperatureCelsius', view.getInt16(at, true) / 10);

const skip = (length: number): Field => ({ length });
const field = (length: number, take: Take): Field => ({ length, take });

/** Persons in regions, a byte each, numbered from `first`. */
const regions =
  (first: number, count: number): Take =>
  (reader, view, at) => {
    for (let index = 0; index < count; index += 1) {
      put(reader, `region${first + index}`, 'occupancyPersons', view.getUint8(at + index));
    }
  };

/** 0xFFFF: the sensor could not be read. */
const amps =
  (divisor: number, offset = 0): Take =>
  (reader, view, at) => {
    const raw = view.getUint16(at + offset, true);
    if (raw !== 0xffff) put(reader, '', 'currentAmps', raw / divisor);
    else reader.failures.push({ code: 'not-a-number', where: 'currentAmps', expected: 'a current that could be read' });
  };

const stamp: Take = (reader, view, at) => {
  reader.timeMs = view.getUint32(at, true) * 1000;
};

/** VS133 and its kin: up to four lines, for each what crossed it in all, and in the last period. */
const lines = (): [number, Field][] =>
  [0, 1, 2, 3].flatMap((index): [number, Field][] => [
    [((0x03 + 3 * index) << 8) | 0xd2, field(4, u32(`line${index + 1}`, 'entriesTotal'))],
    [((0x04 + 3 * index) << 8) | 0xd2, field(4, u32(`line${index + 1}`, 'exitsTotal'))],
    // The period's counts are in the totals already; children are counted among all.
    [((0x05 + 3 * index) << 8) | 0xcc, skip(4)],
    [((0x11 + 3 * index) << 8) | 0xd2, skip(4)],
    [((0x12 + 3 * index) << 8) | 0xd2, skip(4)],
    [((0x13 + 3 * index) << 8) | 0xcc, skip(4)],
  ]);

/** UC300 inputs 1 to 4 as counters; EM300-DI counts on the third of these. */
const inputs = (): [number, Field][] =>
  [1, 2, 3, 4].flatMap((input): [number, Field][] => [
    [((0x02 + input) << 8) | 0xc8, field(4, u32(`in${input}`, 'pulsesTotal'))],
    [((0x02 + input) << 8) | 0x00, skip(1)],
  ]);

const FIELDS: ReadonlyMap<number, Field> = new Map<number, Field>([
  // About the device: versions, serial number, class, power on.
  [0xff01, skip(1)],
  [0xff09, skip(2)],
  [0xff0a, skip(2)],
  [0xff0b, skip(1)],
  [0xff0f, skip(1)],
  [0xff16, skip(8)],
  [0xff1f, skip(4)],
  [0xfffe, skip(1)],
  [0xffff, skip(2)],

  // Climate: EM300, EM500, AM300.
  [0x0175, field(1, u8('', 'batteryPercent'))],
  [0x0367, field(2, temperature(''))],
  [0x8367, field(3, temperature(''))],
  [0x83d7, field(5, temperature(''))],
  [0x0468, field(1, u8('', 'humidityPercent', 2))],
  [0x057d, field(2, u16('', 'co2Ppm'))],
  [0x077d, field(2, u16('', 'co2Ppm'))],
  [0x087d, skip(2)],
  [0x0673, field(2, u16('', 'pressurePascals', 10))],
  [0x0973, field(2, u16('', 'pressurePascals', 10))],
  [0x0394, field(4, u32('', 'illuminanceLux'))],
  [0x06cb, field(1, u8('', 'lightLevel'))],
  [0x0967, field(2, temperature('pt1'))],
  [0x0a67, field(2, temperature('pt2'))],
  [0x8967, field(3, temperature('pt1'))],

  // Counters: VS133, VS121.
  ...lines(),
  [0x0fe3, field(4, regions(1, 4))],
  [0x1de3, skip(4)],
  [0x10e4, skip(5)],
  [0x1ee4, skip(5)],
  // The view is covered: what is counted then says nothing.
  [0x50fc, field(3, (reader, view, at) => put(reader, '', 'problem', view.getUint8(at + 2)))],
  [0x04c9, field(4, u8('', 'occupancyPersons'))],
  [0x06cd, skip(1)],
  [0x07d5, field(8, regions(1, 8))],
  [0x08d5, field(8, regions(9, 8))],
  [0x09da, skip(8)],
  [0x0ada, skip(8)],
  [0x0bda, skip(8)],
  [0x0cda, skip(8)],
  [
    0x0dcc,
    field(4, (reader, view, at) => {
      u16('', 'entriesTotal')(reader, view, at);
      u16('', 'exitsTotal')(reader, view, at + 2);
    }),
  ],
  [0x0ee4, skip(5)],
  [0x0f85, field(4, stamp)],
  [0x10f7, skip(4)],

  // Pulses and other inputs: UC300, EM300-DI.
  ...inputs(),
  [0x05e1, skip(8)],
  [0x8500, skip(2)],
  [0x85e1, skip(9)],
  [0x0701, skip(1)],
  [0x0801, skip(1)],
  [0x0b02, skip(4)],
  [0x0c02, skip(4)],
  [0x0d02, skip(4)],
  [0x0e02, skip(4)],
  ...[0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e].map((channel): [number, Field] => [(channel << 8) | 0xe2, skip(8)]),
  [0xff15, skip(1)],

  // Current transformers: CT101 in hundredths, CT103 and CT105 in tenths of an ampere. 03 97 is a charge.
  [0x0397, skip(4)],
  [0x0498, field(2, amps(100))],
  [0x0499, field(2, amps(10))],
  [0x8498, field(7, amps(100, 4))],
  [0x8499, field(7, amps(10, 4))],
]);

const SERIAL_NUMBER = 0xff08;
const MODBUS = 0xff19;

const byteAt = (view: DataView, at: number): number | undefined =>
  at < view.byteLength ? view.getUint8(at) : undefined;

/** VS121: 6 bytes, or 8 of later ones. Digits in pairs hold no 0xFF; the record after it begins with one. */
const serialNumber = (view: DataView, at: number): Field => {
  const endsAt = (byte: number | undefined): boolean => byte === undefined || byte === 0xff;
  return skip(!endsAt(byteAt(view, at + 6)) && endsAt(byteAt(view, at + 8)) ? 8 : 6);
};

/** What stands at `at`, by channel and type in one number; undefined: nobody here knows. */
export const fieldAt = (key: number, view: DataView, at: number): Field | undefined => {
  if (key === SERIAL_NUMBER) return serialNumber(view, at);
  // UC300: number, size and type of a value that was read over Modbus. What it is of, only its settings say.
  if (key === MODBUS) return skip(3 + Math.min(byteAt(view, at + 1) ?? 0, 8));
  return FIELDS.get(key);
};
