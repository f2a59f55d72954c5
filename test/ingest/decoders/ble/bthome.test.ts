import { describe, expect, it, test } from 'vitest';
import { readBthomeObjects } from '../../../../ingest/decoders/ble/formats/bthome.ts';
import { BTHOME_OBJECTS } from '../../../../ingest/decoders/ble/formats/bthome-objects.ts';
import { decodeRadioFrame } from '../../../../ingest/decoders/ble/radio.ts';
import { isMetricName, METRICS, type MetricName } from '../../../../ingest/model/metrics.ts';
import type { Decoded } from '../../../../ingest/model/sample.ts';
import { golden } from '../../../golden.ts';
import { type Case, vectors } from '../../../shared-vectors.ts';
import { codesOf } from '../decoding.ts';
import { bthome, hallOf, hex, MAC, radioFrame } from './radio.ts';

const read = (digits: string) => readBthomeObjects(hex(digits), 0, digits.length / 2);

const codes = (digits: string): string[] => read(digits).failures.map(({ code }) => code);

/** A published property → the metric, and from its unit to the published one. */
const SENSORS: Readonly<Record<string, readonly [metric: MetricName, factor?: number]>> = {
  acceleration: ['accelerationG', 9.80665],
  battery: ['batteryPercent'],
  co2: ['co2Ppm'],
  conductivity: ['conductivityMicrosiemensPerCm'],
  count: ['countTotal'],
  current: ['currentAmps'],
  dewpoint: ['dewPointCelsius'],
  'distance (mm)': ['distanceMeters', 1000],
  'distance (m)': ['distanceMeters'],
  duration: ['durationSeconds'],
  energy: ['energyWattHours', 1 / 1000],
  gas: ['gasCubicMeters'],
  gyroscope: ['angularRateDegreesPerSecond'],
  humidity: ['humidityPercent'],
  illuminance: ['illuminanceLux'],
  'mass (kg)': ['massKilograms'],
  'mass (lb)': ['massKilograms', 1 / 0.45359237],
  moisture: ['moisturePercent'],
  'pm2.5': ['pm25MicrogramsPerM3'],
  pm10: ['pm10MicrogramsPerM3'],
  power: ['powerWatts'],
  pressure: ['pressurePascals', 1 / 100],
  rotation: ['tiltDegrees'],
  speed: ['speedMetersPerSecond'],
  temperature: ['temperatureCelsius'],
  tvoc: ['tvocMicrogramsPerM3'],
  voltage: ['voltageVolts'],
  volume: ['volumeLiters'],
  'volume storage': ['storedLiters'],
  'volume flow rate': ['flowCubicMetersPerHour'],
  'UV index': ['uvIndex'],
  water: ['waterLiters'],
  direction: ['directionDegrees'],
  precipitation: ['precipitationMillimeters'],
};

const STATES: Readonly<Record<string, readonly [metric: MetricName, whenTrue?: 0 | 1]>> = {
  battery: ['batteryLow'],
  'battery charging': ['charging'],
  'carbon monoxide': ['carbonMonoxideDetected'],
  cold: ['coldDetected'],
  connectivity: ['connected'],
  door: ['contactClosed', 0],
  'garage door': ['contactClosed', 0],
  gas: ['gasDetected'],
  'generic boolean': ['genericState'],
  heat: ['heatDetected'],
  light: ['lightDetected'],
  lock: ['unlocked'],
  moisture: ['waterDetected'],
  motion: ['motionDetected'],
  moving: ['moving'],
  occupancy: ['occupied'],
  opening: ['contactClosed', 0],
  plug: ['pluggedIn'],
  power: ['switchedOn'],
  presence: ['present'],
  problem: ['problem'],
  running: ['running'],
  safety: ['safe'],
  smoke: ['smokeDetected'],
  sound: ['soundDetected'],
  tamper: ['tampered'],
  vibration: ['vibrating'],
  window: ['contactClosed', 0],
};

const PRESSES: Readonly<Record<string, string>> = {
  press: 'single',
  double_press: 'double',
  triple_press: 'triple',
  long_press: 'long',
  long_double_press: 'long-double',
  long_triple_press: 'long-triple',
  hold_press: 'hold',
};

interface Expected {
  readonly property?: string;
  readonly value?: unknown;
  readonly unit?: string | null;
  readonly device?: string;
  readonly event?: string | null;
  readonly steps?: number | null;
}

const expectedOf = (one: Case): Expected => JSON.parse(JSON.stringify(one.expected));

const expectSensor = (decoded: Decoded, { property = '', value, unit }: Expected): void => {
  const [metric, factor = 1] = SENSORS[property] ?? [];
  if (metric === undefined) throw new Error(`no such property: ${property}`);
  const perUnit = unit === 'mL' ? 1000 : factor;
  expect((decoded.samples[0]?.metrics[metric] ?? Number.NaN) * perUnit, property).toBeCloseTo(Number(value), 6);
};

const expectCase = (one: Case): void => {
  const expected = expectedOf(one);
  const decoded = hallOf().hear('hci0', bthome(`${one.service_data_hex}`));
  expect(decoded.failures, `${one.id}`).toEqual([]);
  if (one.kind === 'binary') {
    const [metric, whenTrue = 1] = STATES[expected.property ?? ''] ?? [];
    if (metric === undefined) throw new Error(`no such state: ${expected.property}`);
    expect(decoded.samples[0]?.metrics[metric], `${one.id}`).toBe(expected.value === true ? whenTrue : 1 - whenTrue);
    return;
  }
  if (one.id === 'bthome-docs/sensor_0x54') expect(decoded.occurrences[0]?.attributes).toEqual({ raw: expected.value });
  else if (one.id === 'bthome-docs/sensor_0x53') {
    expect(decoded.occurrences[0]?.attributes).toEqual({ text: expected.value });
  } else if (one.id === 'bthome-docs/sensor_0x50') {
    expect(decoded.samples[0]).toMatchObject({ timeFrom: 'device', timeMs: Date.parse(`${expected.value}`) });
  } else if (one.kind === 'sensor') expectSensor(decoded, expected);
  else if (one.id === 'bthome-docs/event_two_buttons') {
    expect(decoded.occurrences).toMatchObject([{ kind: 'button', attributes: { press: 'single', button: 2 } }]);
  } else if (one.kind === 'event') {
    const name = PRESSES[expected.event ?? ''] ?? expected.event?.replace('_', '-');
    const presses = decoded.occurrences.map(({ attributes }) => [attributes.press, attributes.steps ?? null]);
    expect(presses, `${one.id}`).toEqual(expected.event === null ? [] : [[name, expected.steps ?? null]]);
  } else if (one.kind === 'misc') expect(decoded.samples[0]?.sequence).toBe(expected.value);
  // Type and firmware of the device are no quantities.
  else expect(decoded.samples[0]?.metrics).toEqual({ rssiDbm: -60 });
};

describe('BTHome v2', () => {
  const published = vectors('bthome_v2_bthome.io-docs.jsonl');

  it.skipIf(published === undefined)('decodes every published object (needs ../shared/vectors)', () => {
    const objects = published?.filter(({ kind }) => kind !== 'raw_adv' && kind !== 'encrypted') ?? [];
    expect(objects.length).toBeGreaterThan(95);
    objects.forEach(expectCase);
  });

  it.skipIf(published === undefined)('decodes the published advert and the encrypted one', () => {
    for (const one of published ?? []) {
      const temperature = one.kind === 'raw_adv' ? 25 : 25.06;
      if (one.kind === 'raw_adv') {
        expect(hallOf().hear('hci0', `${one.adv_payload_hex}`).samples[0]?.metrics).toMatchObject({
          temperatureCelsius: temperature,
          humidityPercent: 50.55,
        });
      }
      if (one.kind !== 'encrypted') continue;
      const hall = hallOf({ [`${one.mac}`]: `${one.bindkey}` });
      const { samples } = hall.hear('hci0', bthome(`${one.service_data_hex}`), 0, `${one.mac}`);
      expect(samples[0]?.metrics).toMatchObject({ temperatureCelsius: temperature, humidityPercent: 50.55 });
    }
  });

  it('knows every object of the tables, each within the range of its metric', () => {
    const known = BTHOME_OBJECTS.flatMap((object, id) => (object === undefined ? [] : [id]));
    expect(known).toHaveLength(93);
    for (const id of known) {
      const object = BTHOME_OBJECTS[id];
      if (object?.role !== 'value' || object.signed) continue;
      const { min, max } = METRICS[object.metric];
      expect(0 >= min && object.times / object.per <= max, `${id}`).toBe(true);
    }
  });

  it('gives objects of one quantity channels of their own', () => {
    const { metrics, others } = read('02ca0902cf09451101');
    expect([metrics.temperatureCelsius, ...(others ?? new Map())]).toEqual([
      25.06,
      ['2', { temperatureCelsius: 25.11 }],
      ['3', { temperatureCelsius: 27.3 }],
    ]);
  });

  it('takes three signed accelerations for axes, and unsigned ones never', () => {
    expect(read('630057D0FF630000000063a0a29500').metrics).toEqual({
      accelerationXG: -3.123456 / 9.80665,
      accelerationYG: 0,
      accelerationZG: 9.806496 / 9.80665,
    });
    const unsigned = read('518756518756518756');
    expect(Object.keys(unsigned.metrics)).toEqual(['accelerationG']);
    expect(unsigned.others?.size).toBe(2);
    expect(read('630057D0FF').metrics.accelerationG).toBeCloseTo(-3.123456 / 9.80665, 9);
  });

  test.each([
    ['3afe', 'hold', 0xfe],
    ['3a80', 'hold', 0x80],
    ['3a07', 'other', 7],
  ])('%s is the press %s', (digits, press, code) => {
    expect(read(digits).presses).toEqual([{ press, button: 1, code }]);
  });

  test('an unknown id ends the reading, a short object is left out, and what came before stands', () => {
    expect([read('015dfe5d0903b718').metrics, codes('015dfe5d')]).toEqual([{ batteryPercent: 93 }, ['unknown-name']]);
    expect([read('015d02ca').metrics, codes('015d02ca')]).toEqual([{ batteryPercent: 93 }, ['wrong-length']]);
    expect([codes('53'), codes('5305aa'), codes('00'), codes('5300')]).toEqual([
      ['wrong-length'],
      ['wrong-length'],
      ['wrong-length'],
      [],
    ]);
  });

  test('a value that cannot be fails alone', () => {
    expect([read('01c8022010').metrics, codes('01c8022010')]).toEqual([
      { temperatureCelsius: 41.28 },
      ['out-of-range'],
    ]);
  });

  test('another version, and the address of another device, are refused', () => {
    expect(codesOf(hallOf().hear('hci0', bthome('e102000c0404138a01')))).toEqual(['unknown-version']);
    expect(codesOf(hallOf().hear('hci0', bthome('42b3188d38c1a404138a01')))).toEqual(['wrong-device']);
    expect(hallOf().hear('hci0', bthome('42b2188d38c1a404138a01')).samples[0]?.metrics.pressurePascals).toBe(100_883);
  });

  it('cut at any byte yields no value that it does not have whole', () => {
    const whole = '400009015d02ca0903bf133a04';
    const all = hallOf().hear('hci0', bthome(whole)).samples[0]?.metrics ?? {};
    for (let length = 2; length < whole.length; length += 2) {
      const { samples } = hallOf().hear('hci0', bthome(whole.slice(0, length)));
      for (const [name, value] of Object.entries(samples[0]?.metrics ?? {})) {
        if (isMetricName(name) && name !== 'sequence') expect(all[name]).toBe(value);
      }
      // The AD structure itself cut: nothing at all.
      const cut = hex(bthome(whole)).subarray(0, 4 + length / 2);
      expect(decodeRadioFrame(radioFrame('hci0', MAC, cut), hallOf().badges).samples).toEqual([]);
    }
  });
});

const peer = golden('bthome-ble.jsonl');

interface Step {
  readonly adv: { readonly service_data: { readonly fcd2: string }; readonly mac: string };
  readonly expect: {
    readonly update?: {
      readonly values: Readonly<Record<string, { readonly value: number }>>;
      readonly binary: Readonly<Record<string, { readonly value: boolean }>>;
      readonly events: Readonly<Record<string, { readonly event_type: string }>>;
    };
    readonly state?: { readonly packet_id?: number };
  };
}

const PEER_VALUES: Readonly<Record<string, readonly [channel: string, metric: MetricName, factor?: number]>> = {
  temperature: ['', 'temperatureCelsius'],
  temperature_1: ['', 'temperatureCelsius'],
  temperature_2: ['2', 'temperatureCelsius'],
  humidity: ['', 'humidityPercent'],
  battery: ['', 'batteryPercent'],
  pressure: ['', 'pressurePascals', 1 / 100],
};

const expectStep = (decoded: Decoded, step: Step, id: string): void => {
  const { update, state } = step.expect;
  if (state?.packet_id !== undefined) expect(decoded.samples[0]?.sequence, id).toBe(state.packet_id);
  for (const [name, { value }] of Object.entries(update?.values ?? {})) {
    if (name === 'packet_id') continue;
    const [channel, metric, factor = 1] = PEER_VALUES[name] ?? [];
    if (metric === undefined) throw new Error(`no such value: ${name}`);
    const sample = decoded.samples.find((each) => each.channel === channel);
    expect((sample?.metrics[metric] ?? Number.NaN) * factor, `${id} ${name}`).toBeCloseTo(value, 9);
  }
  if (update?.binary.motion !== undefined) expect(decoded.samples[0]?.metrics.motionDetected).toBe(1);
  const presses = Object.entries(update?.events ?? {}).map(([name, event]) => [
    Number(name.split('_')[1] ?? 1),
    PRESSES[event.event_type],
  ]);
  expect(decoded.occurrences.map(({ attributes }) => [attributes.button, attributes.press])).toEqual(presses);
};

describe('sequences of bthome-ble', () => {
  it('are all there', () => expect(peer).toHaveLength(12));

  for (const one of peer) {
    it(`${one.id}`, () => {
      const steps: readonly Step[] = JSON.parse(JSON.stringify(one.steps));
      const mac = steps[0]?.adv.mac ?? MAC;
      const hall = hallOf(one.bindkey === null ? {} : { [mac]: `${one.bindkey}` }, [mac]);
      for (const [index, step] of steps.entries()) {
        const decoded = hall.hear('hci0', bthome(step.adv.service_data.fcd2), index, mac);
        if (one.negative === true && one.bindkey !== null) expect(codesOf(decoded)).toEqual(['bad-signature']);
        else if (one.negative === true) expect(decoded.failures.length).toBe(1);
        else expect(decoded.failures).toEqual([]);
        expectStep(decoded, step, `${one.id}`);
      }
    });
  }
});
