import { describe, expect, it } from 'vitest';
import { readMilesight } from '../../../../ingest/decoders/lorawan/milesight.ts';
import type { DecodeFailure } from '../../../../ingest/model/sample.ts';

const read = (hex: string, model = '') => {
  const failures: DecodeFailure[] = [];
  const readings = readMilesight(Buffer.from(hex.replaceAll(' ', ''), 'hex'), model, failures);
  return { readings, codes: failures.map(({ code }) => code), failures };
};

const channels = (hex: string, model = '') =>
  Object.fromEntries(read(hex, model).readings.map(({ channel, metrics }) => [channel, metrics]));

/** The examples of the READMEs of Milesight-IoT/SensorDecoders: bytes, and the values beside them. */
const EXAMPLES: readonly (readonly [model: string, hex: string, expected: object])[] = [
  [
    'VS133',
    '03D248000000 04D2C8000000 06D200000000 07D200000000 09D200000000 0AD200000000 0CD2B4140000 0DD28D1A0000',
    {
      line1: { entriesTotal: 72, exitsTotal: 200 },
      line2: { entriesTotal: 0, exitsTotal: 0 },
      line3: { entriesTotal: 0, exitsTotal: 0 },
      line4: { entriesTotal: 5300, exitsTotal: 6797 },
    },
  ],
  ['VS133', '05CC00000000 08CC00000000 0BCC00000000 0ECC05000700', {}],
  [
    'VS133',
    '0FE302100709',
    {
      region1: { occupancyPersons: 2 },
      region2: { occupancyPersons: 16 },
      region3: { occupancyPersons: 7 },
      region4: { occupancyPersons: 9 },
    },
  ],
  ['VS133', '10E40109101121 10E40275217533 10E40381212389 10E40476001387', {}],
  ['VS121', 'FF0101 FF086600B0940976 FF090100 FF1F1F07004B', {}],
  ['VS121', '04C9030800A1 06CD05', { '': { occupancyPersons: 3 } }],
  ['VS121', '05CC02000100', {}],
  ['VS121', '0DCC02000100', { '': { entriesTotal: 2, exitsTotal: 1 } }],
  ['VS121', '09DA0001000200000000 0ADA0000000000000000 0BDA0000000000000012 0CDA0000000000000000', {}],
  [
    'EM300-TH',
    '01755C 03673401 046865',
    { '': { batteryPercent: 92, temperatureCelsius: 30.8, humidityPercent: 50.5 } },
  ],
  [
    'EM500-CO2',
    '017564 03671901 046873 057D6704 06736827',
    {
      '': {
        batteryPercent: 100,
        temperatureCelsius: 28.1,
        humidityPercent: 57.5,
        co2Ppm: 1127,
        pressurePascals: 100_880,
      },
    },
  ],
  ['EM500-LGT', '017564 039450000000', { '': { batteryPercent: 100, illuminanceLux: 80 } }],
  [
    'UC300',
    '03C80A000000 04C814000000 050000 060000 070101 080101',
    { in1: { pulsesTotal: 10 }, in2: { pulsesTotal: 20 } },
  ],
  ['UC300', '0B0290010000 0C0290010000 0D0248010000 0E0249010000', {}],
  ['UC300', '09670201 0A670201', { pt1: { temperatureCelsius: 25.8 }, pt2: { temperatureCelsius: 25.8 } }],
  ['UC300', '0BE20044004400440044 0DE28F425C428F428D42', {}],
  ['UC300', 'ff190002020b00 ff190102020200 017550', { '': { batteryPercent: 80 } }],
  ['CT101', 'FF0BFF FF0101 FF166746D38802580000 FF090100 FF0A0101 FF0F00', {}],
  ['CT101', '039710270000', {}],
  ['CT101', '0498B80B', { '': { currentAmps: 30 } }],
  ['CT101', '8498B80BD007C40905', { '': { currentAmps: 25 } }],
];

describe('Milesight records', () => {
  it.each(EXAMPLES)('%s: %s', (model, hex, expected) => {
    expect(channels(hex, model)).toEqual(expected);
    expect(read(hex, model).failures).toEqual([]);
  });

  it('all of VS121’s regions', () => {
    const found = channels('07D50001000000000003 08D50100000000000000');
    expect(Object.keys(found)).toHaveLength(16);
    expect(found).toMatchObject({ region2: { occupancyPersons: 1 }, region8: { occupancyPersons: 3 } });
    expect(found).toMatchObject({ region9: { occupancyPersons: 1 }, region16: { occupancyPersons: 0 } });
  });

  it('carry the time that the device gives', () => {
    expect(read('04C9030800A1 0F8500C05569').readings).toMatchObject([{ timeMs: 0x6955c000 * 1000, isHistory: false }]);
  });

  it('tell of a covered counter', () => {
    expect(channels('50FC030001')).toEqual({ '': { problem: 1 } });
  });

  it('below zero', () => {
    expect(channels('0367CEFF')).toEqual({ '': { temperatureCelsius: -5 } });
  });

  it('with a current that could not be read', () => {
    expect(read('0498FFFF 017550')).toMatchObject({
      readings: [{ metrics: { batteryPercent: 80 } }],
      codes: ['not-a-number'],
    });
  });

  it.each([
    ['a battery beyond 100 %', '0175FF', 'out-of-range'],
    ['an unknown record', '4242 01', 'unknown-name'],
    ['a record that was cut off', '0367 34', 'wrong-length'],
    ['half of a head', '03', 'wrong-length'],
  ])('%s fails alone', (_name, hex, code) => {
    const { readings, codes } = read(`046865 ${hex}`);
    expect(readings).toMatchObject([{ metrics: { humidityPercent: 50.5 } }]);
    expect(codes).toEqual([code]);
  });

  it('answers to settings end the reading without a failure', () => {
    expect(read('017550 FE03B004').codes).toEqual([]);
    expect(read('017550 F88400001400').codes).toEqual([]);
  });

  it.each(EXAMPLES)('%s: %s, cut off anywhere', (model, hex) => {
    const whole = hex.replaceAll(' ', '');
    for (let digits = 2; digits < whole.length; digits += 2) {
      for (const code of read(whole.slice(0, digits), model).codes) expect(code).toBe('wrong-length');
    }
  });
});

describe('what a Milesight device kept', () => {
  it.each([
    ['EM300-TH', '20CE9E74466310015D00', { temperatureCelsius: 27.2, humidityPercent: 46.5 }],
    ['EM300-DI', '20CE9E74466310015D020000010000', { temperatureCelsius: 27.2, humidityPercent: 46.5 }],
    ['VS133', '20CE9E7446630348000000', { entriesTotal: 72 }],
    ['VS133', '20CE9E7446630F02100709', { occupancyPersons: 2 }],
  ])('%s: %s', (model, hex, metrics) => {
    const { readings, codes } = read(`017550 ${hex}`, `Milesight ${model}`);
    expect(codes).toEqual([]);
    expect(readings[0]).toMatchObject({ isHistory: false, metrics: { batteryPercent: 80 } });
    expect(readings[1]).toMatchObject({ isHistory: true, timeMs: 1_665_561_758_000, metrics });
  });

  it('counts its pulses', () => {
    const { readings } = read('20CE9E74466310015D020000010000', 'EM300-DI');
    expect(readings).toMatchObject([{ channel: '' }, { channel: 'in3', metrics: { pulsesTotal: 256 } }]);
  });

  it('cannot be read of a model that nobody names', () => {
    const { readings, codes } = read('017550 20CE9E74466310015D00');
    expect(readings).toMatchObject([{ metrics: { batteryPercent: 80 } }]);
    expect(codes).toEqual(['unknown-name']);
  });
});
