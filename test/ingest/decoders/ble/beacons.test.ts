import { describe, expect, it, test } from 'vitest';
import type { Decoded } from '../../../../ingest/model/sample.ts';
import { golden } from '../../../golden.ts';
import { type Case, vectors } from '../../../shared-vectors.ts';
import { codesOf } from '../decoding.ts';
import { hallOf, serviceAdvert } from './radio.ts';

const hear = (digits: string): Decoded => hallOf().hear('hci0', digits);

const published = golden('eddystone.jsonl');
const beacons = vectors('eddystone_ibeacon.jsonl');

/** What a published case names, in ours. */
const seenIn = ({ samples, occurrences }: Decoded) => {
  const { batteryVolts, temperatureCelsius, uptimeSeconds, txPowerDbm } = samples[0]?.metrics ?? {};
  const { beacon, ...identity } = occurrences[0]?.attributes ?? {};
  return {
    ...identity,
    ...(beacon === undefined ? {} : { frame: `${beacon}`.replace('eddystone-', '') }),
    battery_mv: batteryVolts === undefined ? undefined : batteryVolts * 1000,
    temperature_c: temperatureCelsius,
    uptime_s: uptimeSeconds,
    adv_count: samples[0]?.sequence,
    tx_power_dbm: txPowerDbm,
  };
};

const expectBeacon = (one: Case): void => {
  const digits =
    typeof one.adv_payload_hex === 'string' ? one.adv_payload_hex : serviceAdvert('feaa', `${one.service_data_hex}`);
  const decoded = hear(digits);
  if (one.negative === true) {
    expect([decoded.samples, decoded.failures.length]).toEqual([[], 1]);
    return;
  }
  expect(decoded.failures).toEqual([]);
  const { version: _, ...expected } = JSON.parse(JSON.stringify(one.expected));
  expect(seenIn(decoded)).toMatchObject(expected);
};

describe.skipIf(beacons === undefined)('shared vectors of beacons (needs ../shared/vectors)', () => {
  it('has cases', () => expect(beacons?.length).toBe(6));

  for (const one of beacons ?? []) it(`${one.id}`, () => expectBeacon(one));
});

describe('cases of google/eddystone', () => {
  it('are all there', () => expect(published).toHaveLength(3));

  for (const one of published) it(`${one.id}`, () => expectBeacon(one));
});

describe('Eddystone', () => {
  test('says nothing of a battery or thermometer that it does not have', () => {
    const { samples } = hear(serviceAdvert('feaa', '200000008000000000010000000a'));
    expect(samples[0]?.metrics).toEqual({ uptimeSeconds: 1, rssiDbm: -60 });
  });

  test('identities that change by the hour are opaque, but heard', () => {
    const eid = hear(serviceAdvert('feaa', '30e80102030405060708'));
    expect([eid.samples[0]?.metrics, eid.occurrences, eid.hearings?.length]).toEqual([
      { txPowerDbm: -24, rssiDbm: -60 },
      [],
      1,
    ]);
    const encrypted = hear(serviceAdvert('feaa', `2001${'ab'.repeat(16)}`));
    expect([encrypted.samples[0]?.metrics, encrypted.failures]).toEqual([{ rssiDbm: -60 }, []]);
  });

  test.each([
    ['00', 'wrong-length'],
    ['00ec0001', 'wrong-length'],
    ['2000138815', 'wrong-length'],
    ['30e801', 'wrong-length'],
    ['4000', 'unknown-version'],
  ])('refuses %s', (digits, code) => {
    expect(codesOf(hear(serviceAdvert('feaa', digits)))).toEqual([code]);
  });

  test('tells who it is once, and again when that changes', () => {
    const hall = hallOf();
    const uid = (last: string): string => serviceAdvert('feaa', `00ec00010203040506070809aabbccddee${last}0000`);
    const told = ['ff', 'ff', '00', '00'].map((last, at) => hall.hear('a', uid(last), at).occurrences.length);
    expect(told).toEqual([1, 0, 1, 0]);
  });
});

describe('an iBeacon', () => {
  test('of another length is refused', () => {
    expect(codesOf(hear('04ff4c000215'.replace('04', '05')))).toEqual(['wrong-length']);
  });
});

/** reelyactive/advlib-ble-services, test/unit/minew.test.js (MIT). */
describe('Minew', () => {
  test.each([
    ['a1016315803200aabbccddeeff', { batteryPercent: 99, temperatureCelsius: 21.5, humidityPercent: 50 }],
    ['a1024501aabbccddeeff', { batteryPercent: 69, lightDetected: 1 }],
    [
      'a10364ff8000000080aabbccddeeff',
      { batteryPercent: 100, accelerationXG: -0.5, accelerationYG: 0, accelerationZG: 0.5 },
    ],
    ['a10801aabbccddeeff504c5553', { batteryPercent: 1 }],
    ['a111320001aabbccddeeff', { batteryPercent: 50, motionDetected: 1 }],
    ['a113631973aabbccddeeff', { batteryPercent: 99, temperatureCelsius: 25.44921875 }],
    ['a118321234567801aabbccddeeff', { batteryPercent: 50, vibrating: 1 }],
    ['a1204501aabbccddeeff', { batteryPercent: 69, tampered: 1 }],
    ['a1216301aabbccddeeff', { batteryPercent: 99, waterDetected: 1 }],
  ])('decodes %s', (digits, metrics) => {
    const { samples, failures } = hear(serviceAdvert('ffe1', digits));
    expect([samples[0]?.metrics, failures]).toEqual([{ ...metrics, rssiDbm: -60 }, []]);
  });

  test('tells the name of a badge once', () => {
    const hall = hallOf();
    const info = serviceAdvert('ffe1', 'a10801aabbccddeeff504c5553');
    expect([hall.hear('a', info), hall.hear('a', info, 5)].map(({ occurrences }) => occurrences.length)).toEqual([
      1, 0,
    ]);
  });

  test('a battery above 100 % fails alone', () => {
    const { samples, failures } = hear(serviceAdvert('ffe1', 'a10365ff8000000080aabbccddeeff'));
    expect([samples[0]?.metrics.accelerationXG, failures[0]?.code]).toEqual([-0.5, 'out-of-range']);
  });

  test.each([
    ['a1', 'unknown-version'],
    ['b10364ff8000000080aabbccddeeff', 'unknown-version'],
    ['a177640000', 'unknown-version'],
    ['a10364ff80000000', 'wrong-length'],
    ['a10801aabb', 'wrong-length'],
  ])('refuses %s', (digits, code) => {
    expect(codesOf(hear(serviceAdvert('ffe1', digits)))).toEqual([code]);
  });
});

const manufacturer = (digits: string): string =>
  `${(digits.length / 2 + 3).toString(16).padStart(2, '0')}ff9904${digits}`;

/** Cases of ruuvi/docs, data-format-6.md and data-format-e1.md: reserved bytes filled in. */
describe('Ruuvi Air', () => {
  const SHORT = '06170c5668c79e007000c90501d9ffcd004c884f';
  const LONG = 'e1170c5668c79e0065007004bd11ca00c90a0213e0acffffffdecdee10ffffffffffcbb8334c884f';

  test('format 6', () => {
    const { samples, failures } = hear(manufacturer(SHORT));
    expect(failures).toEqual([]);
    expect(samples).toMatchObject([
      {
        sequence: 205,
        metrics: {
          temperatureCelsius: 29.5,
          humidityPercent: 55.3,
          pressurePascals: 101_102,
          pm25MicrogramsPerM3: 11.2,
          co2Ppm: 201,
          vocIndex: 10,
          noxIndex: 2,
          illuminanceLux: 13_026.67,
        },
      },
    ]);
  });

  test('format E1', () => {
    expect(hear(manufacturer(LONG)).samples).toMatchObject([
      {
        sequence: 14_601_710,
        metrics: {
          temperatureCelsius: 29.5,
          pm1MicrogramsPerM3: 10.1,
          pm25MicrogramsPerM3: 11.2,
          pm4MicrogramsPerM3: 121.3,
          pm10MicrogramsPerM3: 455.4,
          vocIndex: 20,
          noxIndex: 4,
          illuminanceLux: 13_027,
        },
      },
    ]);
  });

  test.each([
    [
      '067fff9c40fffe27109c40fafafeffff074c8f4f',
      { co2Ppm: 40_000, vocIndex: 500, noxIndex: 500, illuminanceLux: 65_535 },
    ],
    [
      '0680010000000000000000000000ff00004c884f',
      { temperatureCelsius: -163.835, pressurePascals: 50_000, vocIndex: 0 },
    ],
  ])('at its limits: %s', (digits, metrics) => {
    expect(hear(manufacturer(digits)).samples[0]?.metrics).toMatchObject(metrics);
  });

  test.each(['068000ffffffffffffffffffffffffffffffffff', `e18000${'ff'.repeat(37)}`])('not available: %s', (digits) => {
    const { samples, failures } = hear(manufacturer(digits));
    expect([samples[0]?.metrics, failures]).toEqual([{ rssiDbm: -60 }, []]);
  });

  test('the short form is left alone where the long one is heard', () => {
    const hall = hallOf();
    const counts = [SHORT, LONG, SHORT, SHORT].map(
      (digits, at) => hall.hear('a', manufacturer(digits), at).samples.length,
    );
    expect(counts).toEqual([1, 1, 0, 0]);
    expect(hall.hear('a', manufacturer(SHORT), 120).samples.length).toBe(1);
  });
});

test('every case cut at any byte yields no samples', () => {
  const whole = [
    serviceAdvert('feaa', '2000138815000000000100000001'),
    '0201061aff4c0002154142434445464748494041424344454600010002f8',
    serviceAdvert('ffe1', 'a10364ff8000000080aabbccddeeff'),
    manufacturer('06170c5668c79e007000c90501d9ffcd004c884f'),
    manufacturer('03291a1ece1efc18f94202ca0b53'),
    manufacturer('0512fc5394c37c0004fffc040cac364200cdcbb8334c884f'),
  ];
  for (const digits of whole) {
    expect(hear(digits).samples).toHaveLength(1);
    for (let length = 0; length < digits.length; length += 2) {
      expect(hear(digits.slice(0, length)).samples, digits.slice(0, length)).toEqual([]);
    }
  }
});
