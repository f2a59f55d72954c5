import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { modbusDevice, registersOf, spaceOf } from '../../../../firmware-sim/wire/modbus-devices.ts';
import { decodeFrame } from '../../../../ingest/decoders/decode-frame.ts';
import { createMemories } from '../../../../ingest/decoders/memories.ts';
import { REGISTER_MAP_NAMES, REGISTER_MAPS } from '../../../../ingest/decoders/modbus/maps/index.ts';
import { createRouter } from '../../../../ingest/decoders/router.ts';
import { METRIC_NAMES, METRICS, type Metrics } from '../../../../ingest/model/metrics.ts';
import { type Decoded, FAILURE_CODES } from '../../../../ingest/model/sample.ts';
import { vectors } from '../../../shared-vectors.ts';
import { registersIn } from '../../sources/modbus/rtu-frames.ts';
import { ARRIVED_MS, channelsOf, codesOf } from '../decoding.ts';

const router = createRouter([]);
const memories = createMemories();

const decoded = (profile: string | undefined, payload: Uint8Array, address = 'power/5/0'): Decoded => {
  const frame = {
    source: 'power',
    transport: 'modbus',
    address,
    payload,
    arrivedMs: ARRIVED_MS,
    retained: false,
  } as const;
  return decodeFrame(profile === undefined ? frame : { ...frame, profile }, router, memories).decoded;
};

const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Values of the public cases, by the names that those use. */
const NAMES: Readonly<Record<string, string>> = {
  voltage_V: 'voltageVolts',
  current_A: 'currentAmps',
  power_W: 'powerWatts',
  energy_Wh: 'energyWattHours',
  frequency_Hz: 'frequencyHertz',
  power_factor: 'powerFactor',
  temperature_C: 'temperatureCelsius',
  humidity_pct: 'humidityPercent',
};

const PROFILES: Readonly<Record<string, string>> = { 'PZEM-004T v3': 'pzem-004t-v3', 'XY-MD02': 'xy-md02' };

const answers = (vectors('modbus_frames.jsonl') ?? []).filter(({ device }) => String(device) in PROFILES);
const readable = answers.filter(({ direction }) => direction === 'response');

describe('registers to samples', () => {
  it.skipIf(readable.length === 0).each(readable)('public frame $id', ({ device, frame_hex, expected }) => {
    const profile = PROFILES[String(device)] ?? '';
    const start = profile === 'xy-md02' ? 1 : 0;
    const { samples, failures } = decoded(profile, registersIn(hex(String(frame_hex))), `power/5/${start}`);
    expect(failures).toEqual([]);
    const values = Object.entries(Object(expected)).filter(([name]) => name in NAMES);
    expect(values.length).toBeGreaterThan(1);
    expect(samples).toMatchObject([
      {
        device: 'power/5',
        channel: '',
        metrics: Object.fromEntries(values.map(([name, value]) => [NAMES[name], value])),
      },
    ]);
  });

  it.each(['sdm120', 'sdm230', 'eastron-sdm120'])('the first float of an Eastron %s: 230.2 V', (profile) => {
    const { samples, failures } = decoded(profile, hex('43663334'));
    expect(failures).toEqual([]);
    expect(samples[0]?.metrics.voltageVolts).toBeCloseTo(230.2, 4);
    expect(Object.keys(samples[0]?.metrics ?? {})).toEqual(['voltageVolts']);
  });

  const maps = (vectors('modbus_register_maps.jsonl') ?? []).filter(({ id }) =>
    ['mbmd/sdm120', 'mbmd/sdm230', 'mbmd/sdm'].includes(String(id)),
  );
  const MBMD: readonly (readonly [pattern: RegExp, metric: string])[] = [
    [/^Voltage(L\d)?$/, 'voltageVolts'],
    [/^Current(L\d)?$/, 'currentAmps'],
    [/^Power(L\d)?$/, 'powerWatts'],
    [/^ApparentPower(L\d)?$/, 'apparentPowerVoltAmps'],
    [/^ReactivePower(L\d)?$/, 'reactivePowerVars'],
    [/^Cosphi(L\d)?$/, 'powerFactor'],
    [/^Frequency$/, 'frequencyHertz'],
    [/^Import$/, 'energyWattHours'],
  ];
  it.skipIf(maps.length === 0).each(maps)('addresses of $id are those of an independent map', ({ id, registers }) => {
    const map = REGISTER_MAPS.find(({ names }) => names[0] === (id === 'mbmd/sdm' ? 'sdm630' : String(id).slice(5)));
    const ours = new Set(map?.registers.map(({ address, metric, channel }) => `${address} ${metric} ${channel}`));
    const listed: readonly { readonly name: string; readonly address: string }[] = Array.isArray(registers)
      ? registers
      : [];
    const theirs = listed.flatMap(({ name, address }) => {
      const [, metric] = MBMD.find(([pattern]) => pattern.test(name)) ?? [];
      const phase = /L([123])$/.exec(name)?.[1];
      const whole = id === 'mbmd/sdm' ? 'total' : '';
      const channel = phase === undefined ? whole : ('abc'[Number(phase) - 1] ?? '');
      return metric === undefined ? [] : [`${Number(address)} ${metric} ${channel}`];
    });
    expect(theirs.length).toBeGreaterThanOrEqual(8);
    for (const entry of theirs) expect(ours).toContain(entry);
  });

  it('gives each phase its channel', () => {
    const registers = registersOf(
      'sdm630',
      [
        { n: 'current/a', v: 10 },
        { n: 'current/b', v: 20 },
        { n: 'current/c', v: 30.5 },
        { n: 'voltage/b', v: 229.5 },
        { n: 'power/c', v: -120 },
      ],
      1500,
    );
    const block = (start: number, count: number): Uint8Array =>
      Buffer.concat(
        Array.from({ length: count }, (_, at) => {
          const word = registers.get(start + at) ?? 0;
          return Buffer.from([word >> 8, word & 0xff]);
        }),
      );
    expect(channelsOf(decoded('sdm630', block(0, 58)))).toMatchObject({
      a: { currentAmps: 10, voltageVolts: 0 },
      b: { currentAmps: 20, voltageVolts: 229.5 },
      c: { currentAmps: 30.5, powerWatts: -120 },
      total: { currentAmps: 60.5, powerWatts: -120 },
    });
    expect(channelsOf(decoded('sdm630', block(0x3c, 14), 'power/5/60'))).toMatchObject({
      total: { frequencyHertz: 50, energyWattHours: 1500 },
    });
    expect(channelsOf(decoded('sdm630', block(0xe0, 2), 'power/5/224'))).toEqual({
      n: { currentAmps: expect.closeTo(17.755, 2) },
    });
  });

  it('takes negative temperatures, and half a block', () => {
    expect(channelsOf(decoded('xy-md02', hex('ff33 0222'), 'hall/1/1'))).toEqual({
      '': { temperatureCelsius: -20.5, humidityPercent: 54.6 },
    });
    expect(channelsOf(decoded('sht20', hex('0131'), ''))).toEqual({ '': { temperatureCelsius: 30.5 } });
  });

  it('makes a failure of what is not available, of that quantity alone', () => {
    const nothing = decoded('xy-md02', hex('7fff 0222'), 'hall/1/1');
    expect(channelsOf(nothing)).toEqual({ '': { humidityPercent: 54.6 } });
    expect(nothing.failures).toMatchObject([{ code: 'not-a-number', where: 'temperatureCelsius' }]);
    const notANumber = decoded('sdm630', hex('7fc00000 43663334 ffc00000'));
    expect(channelsOf(notANumber)).toEqual({ b: { voltageVolts: expect.closeTo(230.2, 4) } });
    expect(notANumber.failures.map(({ where }) => where)).toEqual(['voltageVolts/a', 'voltageVolts/c']);
    // A power factor of 3 is none, whatever the meter says.
    const impossible = decoded('sdm120', hex('40400000'), 'power/5/30');
    expect(codesOf(impossible)).toEqual(['out-of-range']);
  });

  it.each([
    ['no registers', '', 'power/5/0', ['wrong-length']],
    ['half a register', '09', 'power/5/0', ['wrong-length']],
    ['half a value', '08fc 006c', 'power/5/0', ['wrong-length']],
    ['registers beyond the map', '0001', 'power/5/400', ['wrong-length']],
    ['more than a frame holds', '00'.repeat(252), 'power/5/0', ['wrong-length']],
  ])('refuses %s', (_, bytes, address, codes) => {
    expect(codesOf(decoded('pzem-004t-v3', hex(bytes), address))).toEqual(codes);
  });

  it.each([undefined, 'sdm999', '__proto__'])('names the maps there are where %s is none', (profile) => {
    const { failures } = decoded(profile, hex('0001'));
    expect(failures).toMatchObject([{ code: 'unknown-name', expected: expect.stringContaining('sdm630') }]);
  });

  it('never throws and never returns what no sensor can report, whatever the bytes', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 260 }), fc.uint8Array({ minLength: 18, maxLength: 18 }));
    const address = fc.oneof(
      fc.nat(0x160).map((start) => `power/5/${start}`),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...REGISTER_MAP_NAMES), bytes, address, (profile, payload, at) => {
        const { samples, failures } = decoded(profile, payload, at);
        for (const { metrics } of samples) {
          for (const name of METRIC_NAMES) {
            const value = metrics[name];
            if (value !== undefined) expect(value >= METRICS[name].min && value <= METRICS[name].max).toBe(true);
          }
        }
        for (const { code, where } of failures) {
          expect(Object.hasOwn(FAILURE_CODES, code)).toBe(true);
          expect(where.length).toBeLessThan(300);
        }
        expect(samples.length + failures.length).toBeGreaterThan(0);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads back what a simulated device measures', () => {
    const measured = fc.record({
      volts: fc.float({ min: 0, max: 6000, noNaN: true }),
      amps: fc.float({ min: 0, max: 1000, noNaN: true }),
      celsius: fc.integer({ min: -400, max: 1250 }).map((tenths) => tenths / 10),
      percent: fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10),
    });
    fc.assert(
      fc.property(fc.constantFrom(...modbusDevice.options), measured, (device, { volts, amps, celsius, percent }) => {
        const phase = device === 'sdm630' ? '/a' : '';
        const records = [
          { n: `voltage${phase}`, v: volts },
          { n: `current${phase}`, v: amps },
          { n: `power${phase}`, v: volts * amps * 0.9 },
          { n: 'temperature', v: celsius },
          { n: 'humidity', v: percent },
        ];
        const registers = registersOf(device, records, 0);
        const { first } = spaceOf(device);
        const words = Array.from(
          { length: device === 'sdm630' ? 58 : 2 + (device === 'pzem-004t-v3' ? 7 : 0) },
          (_, at) => registers.get(first + at) ?? 0,
        );
        const payload = Buffer.from(words.flatMap((word) => [word >> 8, word & 0xff]));
        const metrics: Metrics = decoded(device, payload, `power/5/${first}`).samples[0]?.metrics ?? {};
        if (device === 'xy-md02') expect(metrics).toEqual({ temperatureCelsius: celsius, humidityPercent: percent });
        else expect(metrics.voltageVolts).toBeCloseTo(volts, 0);
        if (device === 'pzem-004t-v3' || device === 'sdm630') expect(metrics.currentAmps).toBeCloseTo(amps, 2);
      }),
    );
  });
});
