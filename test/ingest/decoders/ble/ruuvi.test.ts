import { describe, expect, it } from 'vitest';
import { readRuuvi3 } from '../../../../ingest/decoders/ble/formats/ruuvi3.ts';
import { readRuuvi5 } from '../../../../ingest/decoders/ble/formats/ruuvi5.ts';
import { canonicalMac } from '../../../../ingest/decoders/ble/mac.ts';
import { AdvertScan } from '../../../../ingest/decoders/ble/structures.ts';
import { decodeFrame } from '../../../../ingest/decoders/decode-frame.ts';
import { createMemories } from '../../../../ingest/decoders/memories.ts';
import { createRouter } from '../../../../ingest/decoders/router.ts';
import { vectors } from '../../../shared-vectors.ts';
import { ARRIVED_MS, codesOf, decode } from '../decoding.ts';

const VALID = '0512fc5394c37c0004fffc040cac364200cdcbb8334c884f';
const hex = (digits: string) => Buffer.from(digits, 'hex');

const decodeRuuvi5 = (bytes: Uint8Array) => readRuuvi5(bytes, 0, bytes.length);

/** Names of the published cases and ours. */
const NAMES = {
  temperature_c: 'temperatureCelsius',
  pressure_pa: 'pressurePascals',
  humidity_rh: 'humidityPercent',
  accel_x_g: 'accelerationXG',
  accel_y_g: 'accelerationYG',
  accel_z_g: 'accelerationZG',
  tx_power_dbm: 'txPowerDbm',
  battery_v: 'batteryVolts',
  movement_counter: 'movementCount',
} as const;

const expectWhole = (digits: string, expected: Readonly<Record<string, unknown>>): void => {
  const bytes = hex(digits);
  const reading = (bytes[0] === 3 ? readRuuvi3 : readRuuvi5)(bytes, 0, bytes.length);
  for (const [name, metric] of Object.entries(NAMES)) {
    const wanted = expected[name];
    if (wanted === undefined) continue;
    if (wanted === null) expect(reading.metrics, name).not.toHaveProperty(metric);
    else expect(reading.metrics[metric], name).toBeCloseTo(Number(wanted), 9);
  }
  expect(reading.failures).toEqual([]);
  expect(reading.packet).toBe(expected.sequence ?? undefined);
};

/** Field → offset of its bytes, how its raw value is placed, and what it becomes. */
const FIELDS: Readonly<
  Record<string, readonly [at: number, shift: number, read: keyof typeof NAMES | 'sequence', scale: number]>
> = {
  temperature: [1, 0, 'temperature_c', 1],
  humidity: [3, 0, 'humidity_rh', 1],
  pressure_pa: [5, 0, 'pressure_pa', 1],
  acceleration_mg: [7, 0, 'accel_x_g', 1000],
  battery_mv: [13, 5, 'battery_v', 1000],
  tx_power_dbm: [13, 0, 'tx_power_dbm', 1],
  sequence: [16, 0, 'sequence', 1],
};

const expectField = (one: Readonly<Record<string, unknown>>): void => {
  const bytes = hex(VALID);
  const raw = typeof one.raw_hex === 'string' ? Number.parseInt(one.raw_hex, 16) : Number(one.raw_uint);
  if (one.field === 'movement') {
    bytes[15] = raw;
    expect(decodeRuuvi5(bytes).metrics.movementCount, `${one.id}`).toBe(one.expected ?? undefined);
    return;
  }
  const field = FIELDS[`${one.field}`];
  if (field === undefined) throw new Error(`no such field: ${one.field}`);
  const [at, shift, name, scale] = field;
  bytes.writeUInt16BE((raw << shift) & 0xffff, at);
  const reading = decodeRuuvi5(bytes);
  const value = name === 'sequence' ? reading.packet : reading.metrics[NAMES[name]];
  if (one.expected === null) expect(value, `${one.id}`).toBeUndefined();
  else expect((value ?? Number.NaN) * scale, `${one.id}`).toBeCloseTo(Number(one.expected), 9);
};

describe('Ruuvi data format 5', () => {
  it('decodes the valid case of the specification', () => {
    expectWhole(VALID, {
      temperature_c: 24.3,
      pressure_pa: 100_044,
      humidity_rh: 53.49,
      accel_x_g: 0.004,
      accel_y_g: -0.004,
      accel_z_g: 1.036,
      tx_power_dbm: 4,
      battery_v: 2.977,
      movement_counter: 66,
      sequence: 205,
      mac: 'CB:B8:33:4C:88:4F',
    });
  });

  const cases = vectors('ruuvi.jsonl')?.filter(({ format, field }) => format === 5 || field === undefined);
  it.skipIf(cases === undefined)('decodes the shared vectors (needs ../shared/vectors)', () => {
    expect(cases?.length).toBeGreaterThan(25);
    for (const one of cases ?? []) {
      if (typeof one.payload_hex !== 'string') expectField(one);
      else expectWhole(one.payload_hex, JSON.parse(JSON.stringify(one.expected)));
    }
  });

  it.each([VALID.slice(2), VALID.slice(0, -2), `${VALID}00`, ''])('refuses %s', (digits) => {
    const { metrics, failures } = decodeRuuvi5(hex(digits));
    expect([metrics, failures.map(({ code }) => code)]).toEqual([{}, ['wrong-length']]);
  });
});

describe('advertising data', () => {
  const scan = new AdvertScan();

  it('is looked through to the padding', () => {
    expect([scan.open(hex('02010603ffaafe0316d2fc00ff')), scan.format, scan.from, scan.to]).toEqual([
      true,
      'bthome',
      11,
      11,
    ]);
    expect([scan.open(hex('0201060000000316d2fc')), scan.format]).toEqual([true, undefined]);
  });

  it.each(['02', '020106ff', '1bff9904'])('is refused: %s', (digits) => {
    expect(scan.open(hex(digits))).toBe(false);
  });

  it.each([
    ['f41f0c28cbd6', 'F4:1F:0C:28:CB:D6'],
    ['F4-1F-0C-28-CB-D6', 'F4:1F:0C:28:CB:D6'],
    ['F4:1F:0C:28:CB', undefined],
    ['x'.repeat(100_000), undefined],
  ])('spells the MAC address %.20s', (text, expected) => {
    expect(canonicalMac(text)).toBe(expected);
  });
});

const radio = (address: string, digits: string) =>
  decodeFrame(
    {
      source: 'hci0',
      transport: 'ble',
      address,
      payload: hex(digits),
      arrivedMs: ARRIVED_MS,
      retained: false,
      rssiDbm: -60,
    },
    createRouter([]),
    createMemories(),
  );

describe('our own radio', () => {
  it('hears a Ruuvi tag', () => {
    const { kind, decoded } = radio('cb:b8:33:4c:88:4f', `0201061bff9904${VALID}`);
    expect(kind).toBe('ble');
    expect(decoded.samples).toMatchObject([
      { device: 'CB:B8:33:4C:88:4F', sequence: 205, metrics: { temperatureCelsius: 24.3, rssiDbm: -60 } },
    ]);
  });

  it.each([
    ['not-a-mac', `1bff9904${VALID}`, 'wrong-device'],
    ['cbb8334c884f', `1bff9904${VALID.slice(0, -2)}`, 'wrong-length'],
    ['cbb8334c884f', `11ff990404291a1ece1efc18f94202ca0b53`, 'unknown-version'],
    ['cbb8334c884f', '020106', 'wrong-shape'],
    ['cbb8334c884f', '04ff990405', 'wrong-length'],
  ])('refuses %s %s', (address, digits, code) => {
    expect(codesOf(radio(address, digits).decoded)).toEqual([code]);
  });
});

describe('Ruuvi Gateway', () => {
  const TOPIC = 'ruuvi/C8:25:2D:8E:9C:2C/F4:1F:0C:28:CB:D6';
  const DATA = '0201061BFF99040515AE4C6DC6D7000CFFF803F4ADB6AD697FF41F0C28CBD6';
  const message = { gw_mac: 'C8:25:2D:8E:9C:2C', rssi: -26, aoa: [], gwts: '1653668027', ts: '1653668027', data: DATA };

  it('decodes a tag, its times being texts', () => {
    const { samples, failures } = decode(TOPIC, message);
    expect(failures).toEqual([]);
    expect(samples).toMatchObject([
      {
        device: 'F4:1F:0C:28:CB:D6',
        timeMs: 1_653_668_027_000,
        timeFrom: 'device',
        sequence: 27_007,
        metrics: { temperatureCelsius: 27.75, humidityPercent: 48.9125, pressurePascals: 100_903, rssiDbm: -26 },
      },
    ]);
  });

  it('decodes the variant without time, and the decoded one', () => {
    const { ts: _, gwts: __, ...timeless } = message;
    expect(decode(TOPIC, { ...timeless, cnt: '338' }).samples).toMatchObject([{ timeFrom: 'arrival' }]);
    const named = { rssi: -50, temperature: 20, accelX: 0.1, voltage: 3, measurementSequenceNumber: 8 };
    expect(decode(TOPIC, named).samples).toMatchObject([
      { sequence: 8, metrics: { temperatureCelsius: 20, accelerationXG: 0.1, batteryVolts: 3, rssiDbm: -50 } },
    ]);
  });

  it('keeps the values when the time cannot be', () => {
    const decoded = decode(TOPIC, { ...message, ts: 'soon' });
    expect(decoded.samples).toMatchObject([{ timeFrom: 'arrival', metrics: { temperatureCelsius: 27.75 } }]);
    expect(codesOf(decoded)).toEqual(['wrong-time']);
  });

  it('tells the state of the gateway', () => {
    expect(decode('ruuvi/C8:25:2D:8E:9C:2C/gw_status', '{"state":"offline"}').occurrences).toMatchObject([
      { device: 'C8:25:2D:8E:9C:2C', kind: 'offline' },
    ]);
  });

  it.each([
    [{ data: DATA.slice(0, -2) }, 'wrong-length'],
    [{ data: 'XYZ' }, 'wrong-type'],
    [{ data: 5 }, 'wrong-type'],
    [{ data: '020106' }, 'wrong-shape'],
    [{ data: '11FF990404291A1ECE1EFC18F94202CA0B53' }, 'unknown-version'],
    [{ data: DATA.replace('CBD6', 'CBD7') }, 'wrong-device'],
    [{}, 'wrong-shape'],
    ['[]', 'wrong-shape'],
    ['{', 'not-json'],
  ])('refuses %j', (payload, code) => {
    const decoded = decode(TOPIC, payload);
    expect([codesOf(decoded), decoded.samples]).toEqual([[code], []]);
  });

  it('refuses a topic without a MAC address', () => {
    expect(codesOf(decode('ruuvi/gateway/tag', message))).toEqual(['wrong-device']);
  });
});
