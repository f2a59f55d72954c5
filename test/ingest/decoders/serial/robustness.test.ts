import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SenmlRecord } from '../../../../firmware-sim/senml.ts';
import { createLines } from '../../../../firmware-sim/wire/lines.ts';
import { METRIC_NAMES, METRICS } from '../../../../ingest/model/metrics.ts';
import { type Decoded, FAILURE_CODES } from '../../../../ingest/model/sample.ts';
import { ARRIVED_MS } from '../decoding.ts';
import { startLine, withChecksum } from './lines.ts';

const expectSound = ({ samples, failures }: Decoded): void => {
  for (const { metrics, timeMs } of samples) {
    expect(Object.keys(metrics).length).toBeGreaterThan(0);
    for (const name of Object.keys(metrics)) expect(METRIC_NAMES).toContain(name);
    for (const name of METRIC_NAMES) {
      const value = metrics[name];
      if (value !== undefined) expect(value >= METRICS[name].min && value <= METRICS[name].max).toBe(true);
    }
    expect(timeMs).toBeLessThanOrEqual(ARRIVED_MS + 86_400_000);
    expect(timeMs).toBeGreaterThanOrEqual(946_684_800_000);
  }
  for (const { code, where } of failures) {
    expect(Object.hasOwn(FAILURE_CODES, code)).toBe(true);
    expect(where.length).toBeLessThanOrEqual(300);
  }
};

const profile = fc.constantFrom(undefined, 'emontx', 'nmea');
const given = (name: string | undefined) => (name === undefined ? {} : { profile: name });

const field = fc.oneof(
  fc.constantFrom('A', 'V', 'N', 'E', 'W', 'S', 'M', 'T', 'K', '', '0', '1', '2', '-1', '9', '99.9', '1e308', 'NaN'),
  fc.constantFrom('120000.00', '235959', '240000', '010626', '310299', '5201.0809', '00832.0852', '18000.000'),
  fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[,*$!\r\n]/g, '')),
  fc.double().map(String),
);
const sentence = fc
  .tuple(fc.constantFrom('GPRMC', 'GNGGA', 'GPGLL', 'GPVTG', 'GNGSA', 'GPXXX'), fc.array(field, { maxLength: 20 }))
  .map(([address, fields]) => withChecksum([address, ...fields].join(',')));

const name = fc.oneof(
  fc.constantFrom('MSG', 'Vrms', 'vrms', 'P1', 'E12', 'I3', 'pf1', 'T1', 't1', 'pulse', 'ct1', 'V2', '__proto__'),
  fc.string({ maxLength: 6 }),
);
const line = fc
  .array(fc.tuple(name, field), { maxLength: 30 })
  .map((pairs) => pairs.map((pair) => pair.join(':')).join(','));

describe('whatever comes over a serial line', () => {
  it('no bytes make a decoder throw or say what cannot be', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), profile, (payloads, format) => {
        const port = startLine();
        for (const payload of payloads) expectSound(port.decode(payload, given(format)));
      }),
    );
  });

  it('nor do sentences of right form and checksum with any fields, one after the other', () => {
    fc.assert(
      fc.property(fc.array(sentence, { maxLength: 8 }), (sentences) => {
        const port = startLine();
        for (const each of sentences) expectSound(port.decode(each));
      }),
      { numRuns: 500 },
    );
  });

  it('nor lines of pairs with any names and values', () => {
    fc.assert(
      fc.property(line, (text) => expectSound(startLine().decode(text, { profile: 'emontx' }))),
      { numRuns: 500 },
    );
  });

  it('its memory is plain JSON: after a restart the same lines say the same', () => {
    const lines = createLines('nmea');
    const at = (seconds: number) => ({
      device: 'gps',
      stampMs: ARRIVED_MS + seconds * 1000,
      records: [
        { n: 'latitude', u: 'lat', v: 31.2 },
        { n: 'longitude', u: 'lon', v: 121.5 },
      ],
    });
    const port = startLine();
    for (const text of lines(at(0))) port.decode(text);
    expect(JSON.parse(JSON.stringify(port.saved()))).toEqual(port.saved());
    const again = startLine(JSON.parse(JSON.stringify(port.saved())));
    const [, gga = ''] = lines(at(1));
    expect(again.decode(gga)).toEqual(port.decode(gga));
  });
});

describe('what firmware-sim writes is read as it was meant', () => {
  const stampMs = fc.integer({ min: ARRIVED_MS - 3_600_000, max: ARRIVED_MS }).map((ms) => ms - (ms % 10));

  it('positions, accuracy and time of a tracker', () => {
    const fix = fc.record({
      // 0/0 is what a receiver sends that knows nothing.
      latitude: fc.double({ min: -89.9, max: 89.9, noNaN: true }).filter((value) => Math.abs(value) > 0.001),
      longitude: fc.double({ min: -179.9, max: 179.9, noNaN: true }),
      accuracy: fc.double({ min: 0.5, max: 200, noNaN: true }),
      stampMs,
    });
    fc.assert(
      fc.property(fix, ({ latitude, longitude, accuracy, stampMs: at }) => {
        const records: readonly SenmlRecord[] = [
          { n: 'latitude', u: 'lat', v: latitude },
          { n: 'longitude', u: 'lon', v: longitude },
          { n: 'accuracy', u: 'm', v: accuracy },
        ];
        const port = startLine();
        const decoded = createLines('nmea')({ device: 'gps', stampMs: at, records }).map((text) => port.decode(text));
        expect(decoded.flatMap(({ failures }) => failures)).toEqual([]);
        const sample = decoded.at(-1)?.samples[0];
        expect(sample).toMatchObject({ timeMs: at, timeFrom: 'device' });
        expect(sample?.metrics.latitudeDegrees).toBeCloseTo(latitude, 6);
        expect(sample?.metrics.longitudeDegrees).toBeCloseTo(longitude, 6);
        expect(Math.abs((sample?.metrics.accuracyMeters ?? 0) - accuracy)).toBeLessThan(0.03);
      }),
    );
  });

  it('how fast and whereto it moves', () => {
    const lines = createLines('nmea');
    const port = startLine();
    const at = (seconds: number, latitude: number) =>
      lines({
        device: 'gps',
        stampMs: ARRIVED_MS + seconds * 1000,
        records: [
          { n: 'latitude', v: latitude },
          { n: 'longitude', v: 121.5 },
        ],
      }).flatMap((text) => port.decode(text, { arrivedMs: ARRIVED_MS + seconds * 1000 }).samples);
    at(0, 31.2);
    const [moved] = at(10, 31.2 + 15 / 111_320);
    expect(moved?.metrics.speedMetersPerSecond).toBeCloseTo(1.5, 2);
    expect(moved?.metrics.courseDegrees).toBe(0);
  });

  it('currents, power, voltage and energy of clamps', () => {
    const clamp = fc.record({
      amps: fc.double({ min: 0, max: 400, noNaN: true }),
      watts: fc.double({ min: -100_000, max: 100_000, noNaN: true }),
    });
    const clamps = fc.array(clamp, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(clamps, fc.double({ min: 90, max: 277, noNaN: true }), stampMs, (each, volts, at) => {
        const records = each.flatMap(({ amps, watts }, index): SenmlRecord[] => [
          { n: `current/c${index}`, u: 'A', v: amps },
          { n: `voltage/c${index}`, u: 'V', v: volts },
          { n: `power/c${index}`, u: 'W', v: watts },
        ]);
        const lines = createLines('emontx');
        lines({ device: 'clamp', stampMs: at - 3_600_000, records });
        const [text = ''] = lines({ device: 'clamp', stampMs: at, records });
        const { samples, failures } = startLine().decode(text);
        expect(failures).toEqual([]);
        expect(samples[0]).toMatchObject({
          channel: '',
          sequence: 2,
          metrics: { voltageVolts: Number(volts.toFixed(2)) },
        });
        each.forEach(({ amps, watts }, index) => {
          const metrics = samples.find(({ channel }) => channel === `ct${index + 1}`)?.metrics;
          expect(metrics?.currentAmps).toBeCloseTo(amps, 2);
          expect(Math.abs((metrics?.powerWatts ?? Number.NaN) - watts)).toBeLessThanOrEqual(0.5);
          expect(Math.abs((metrics?.energyWattHours ?? Number.NaN) - watts)).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});
