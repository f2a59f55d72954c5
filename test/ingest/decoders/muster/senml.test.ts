import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARRIVED_MS, channelsOf, codesOf, decode, type Options } from '../decoding.ts';

const TOPIC = 'muster/riverside/up/gate-a';
const senml = (records: unknown, options?: Options) =>
  decode(TOPIC, typeof records === 'string' ? records : JSON.stringify(records), options);

describe('SenML of Muster devices', () => {
  it('decodes one reading', () => {
    expect(senml([{ n: 'temperature', u: 'Cel', v: 23.1 }])).toEqual({
      samples: [
        {
          type: 'sample',
          device: 'gate-a',
          seat: -1,
          channel: '',
          timeMs: ARRIVED_MS,
          timeFrom: 'arrival',
          arrivedMs: ARRIVED_MS,
          nowMs: ARRIVED_MS,
          historical: false,
          sequence: undefined,
          metrics: { temperatureCelsius: 23.1 },
        },
      ],
      occurrences: [],
      failures: [],
    });
  });

  it('decodes every name of the contract', () => {
    const { samples, failures } = senml([
      { bn: 'gate-a/', n: 'temperature', u: 'Cel', v: 21 },
      { n: 'humidity', u: '%RH', v: 40 },
      { n: 'current', u: 'A', v: 3 },
      { n: 'voltage', u: 'V', v: 230 },
      { n: 'power', u: 'W', v: 690 },
      { n: 'occupancy', u: 'count', v: 12 },
      { n: 'entries', u: 'count', v: 100 },
      { n: 'exits', u: 'count', v: 88 },
      { n: 'movements', u: 'count', v: 7 },
      { n: 'acceleration/x', u: 'm/s2', v: 0 },
      { n: 'acceleration/y', u: 'm/s2', v: -9.80665 },
      { n: 'acceleration/z', u: 'm/s2', v: 19.6133 },
      { n: 'battery', u: '%EL', v: 80 },
      { n: 'latitude', u: 'lat', v: 30.2 },
      { n: 'longitude', u: 'lon', v: 120.1 },
      { n: 'accuracy', u: 'm', v: 5 },
      { n: 'charging', vb: true },
      { n: 'onDuty', vb: false },
    ]);
    expect(failures).toEqual([]);
    expect(samples).toHaveLength(1);
    expect(samples[0]?.metrics).toEqual({
      temperatureCelsius: 21,
      humidityPercent: 40,
      currentAmps: 3,
      voltageVolts: 230,
      powerWatts: 690,
      occupancyPersons: 12,
      entriesTotal: 100,
      exitsTotal: 88,
      movementCount: 7,
      accelerationXG: 0,
      accelerationYG: -1,
      accelerationZG: 2,
      batteryPercent: 80,
      latitudeDegrees: 30.2,
      longitudeDegrees: 120.1,
      accuracyMeters: 5,
      charging: 1,
      onDuty: 0,
    });
  });

  it('makes one sample of each channel', () => {
    const decoded = senml([
      { n: 'current/a', u: 'A', v: 1 },
      { n: 'current/b', u: 'A', v: 2 },
      { n: 'voltage/a', u: 'V', v: 230 },
    ]);
    expect(channelsOf(decoded)).toEqual({ a: { currentAmps: 1, voltageVolts: 230 }, b: { currentAmps: 2 } });
  });

  it('makes one sample of each moment, in order of time', () => {
    const { samples, failures } = senml([
      { bt: ARRIVED_MS / 1000, n: 'temperature', v: 23, t: 0 },
      { n: 'temperature', v: 22, t: -10 },
      { n: 'humidity', v: 50, t: -10 },
    ]);
    expect(failures).toEqual([]);
    expect(samples.map(({ timeMs, timeFrom, metrics }) => [timeMs - ARRIVED_MS, timeFrom, metrics])).toEqual([
      [-10_000, 'device', { temperatureCelsius: 22, humidityPercent: 50 }],
      [0, 'device', { temperatureCelsius: 23 }],
    ]);
  });

  it('converts units of the same quantity and refuses others', () => {
    const decoded = senml([
      { n: 'temperature', u: 'K', v: 300 },
      { n: 'current', u: 'mA', v: 1500 },
      { n: 'power', u: 'kW', v: 2 },
      { n: 'voltage', u: 'A', v: 2 },
    ]);
    expect(decoded.samples[0]?.metrics.temperatureCelsius).toBeCloseTo(26.85, 10);
    expect(decoded.samples[0]?.metrics).toMatchObject({ currentAmps: 1.5, powerWatts: 2000 });
    expect(decoded.failures).toEqual([{ code: 'wrong-unit', where: '[3].u', expected: 'V' }]);
  });

  it('keeps the rest when one value cannot be', () => {
    const decoded = senml([
      { n: 'humidity', u: '%RH', v: 400 },
      { n: 'temperature', u: 'Cel', v: 150 },
      { n: 'nonsense', v: 1 },
      { n: 'power', vb: true },
    ]);
    expect(decoded.samples.map(({ metrics }) => metrics)).toEqual([{ temperatureCelsius: 150 }]);
    expect(codesOf(decoded)).toEqual(['out-of-range', 'unknown-name', 'wrong-type']);
  });

  it('points at the record as it stands in the pack, whatever its time', () => {
    const { failures } = senml([
      { n: 'humidity', u: 'V', v: 1 },
      { n: 'temperature', v: 1, t: -60, ignored: true },
    ]);
    expect(failures).toMatchObject([{ code: 'wrong-unit', where: '[0].u' }]);
  });

  it('takes the sequence number as identity, wherever it stands', () => {
    const records = [
      { n: 'temperature', v: 20 },
      { n: 'current/a', v: 2 },
      { n: 'sos', vb: true },
    ];
    for (const pack of [
      [{ n: 'seq', v: 41 }, ...records],
      [...records, { n: 'seq', v: 41 }],
    ]) {
      const { samples, occurrences } = senml(pack);
      expect(samples.map(({ sequence }) => sequence)).toEqual([41, 41]);
      expect(occurrences.map(({ kind, id }) => [kind, id])).toEqual([['sos', '41']]);
    }
  });

  it('gives the sequence number to one moment of a channel only', () => {
    const { samples } = senml([
      { n: 'temperature', v: 20, t: -20 },
      { n: 'temperature', v: 21, t: -10 },
      { n: 'temperature', v: 22, t: -5 },
      { n: 'seq', v: 7 },
    ]);
    expect(samples.map(({ sequence }) => sequence)).toEqual([undefined, undefined, 7]);
  });

  it('takes a sequence number alone as a sign of life', () => {
    const { samples } = senml([{ n: 'seq', u: 'count', v: 7 }]);
    expect(samples.map(({ sequence, metrics }) => [sequence, metrics])).toEqual([[7, { sequence: 7 }]]);
  });

  it.each([-1, 1.5, 1e300])('refuses the sequence number %d', (v) => {
    const decoded = senml([
      { n: 'seq', v },
      { n: 'temperature', v: 20 },
    ]);
    expect(codesOf(decoded)).toEqual(['wrong-type']);
    expect(decoded.samples[0]?.sequence).toBeUndefined();
  });

  it('makes occurrences', () => {
    const { occurrences, samples, failures } = senml([
      { n: 'sos', vb: true },
      { n: 'cancel', vb: true },
      { n: 'checkin', vb: true },
      { n: 'done', vs: 'command-9' },
      { n: 'sos', vb: false },
    ]);
    expect([samples, failures]).toEqual([[], []]);
    expect(occurrences.map(({ kind, attributes }) => [kind, attributes])).toEqual([
      ['sos', {}],
      ['cancel', {}],
      ['checkin', {}],
      ['done', { id: 'command-9' }],
    ]);
  });

  it('hears a call for help in a wrong spelling, and says what was wrong', () => {
    const decoded = senml([
      { n: 'sos', v: 1 },
      { n: 'checkin', v: 1 },
    ]);
    expect(decoded.occurrences.map(({ kind }) => kind)).toEqual(['sos']);
    expect(codesOf(decoded)).toEqual(['wrong-type', 'wrong-type']);
  });

  it('marks occurrences of a retained message', () => {
    expect(senml([{ n: 'sos', vb: true }], { retained: true }).occurrences[0]?.retained).toBe(true);
  });

  it('falls back to arrival for an impossible time, once said', () => {
    const decoded = senml([
      { bt: 86_400 * 365 * 60, n: 'temperature', v: 20 },
      { n: 'humidity', v: 50 },
    ]);
    expect(decoded.samples.map(({ timeMs, timeFrom }) => [timeMs, timeFrom])).toEqual([[ARRIVED_MS, 'arrival']]);
    expect(codesOf(decoded)).toEqual(['wrong-time']);
  });

  it.each([
    [[{ bn: 'gate-b/', n: 'temperature', v: 1 }]],
    [[{ bn: 'urn:dev:ow:10e2073a0108006:', n: 'voltage', v: 1 }]],
    [[{ bn: 'gate-a', n: 'x/temperature', v: 1 }]],
    [[{ n: 'gate-b/temperature', v: 1 }]],
    [[{ n: 'gate-b/current/a', v: 1 }]],
    [[{ n: 'gate-b/acceleration/x', v: 1 }]],
    [
      [
        { n: 'temperature', v: 1 },
        { bn: 'gate-b/', n: 'humidity', v: 1 },
      ],
    ],
  ])('refuses another device: %j', (records) => {
    const decoded = senml(records);
    expect(codesOf(decoded)).toContain('wrong-device');
    expect(decoded.samples).toEqual([]);
  });

  it.each([
    [[{ bn: 'gate-a/', n: 'temperature', v: 1 }]],
    [[{ bn: 'gate-a', n: '/temperature', v: 1 }]],
    [[{ bn: 'gate-a/temperature', v: 1 }]],
    [[{ n: 'gate-a/temperature', v: 1 }]],
    [[{ bn: 'gate-a/', bu: 'Cel', bv: 0.5, n: 'temperature', v: 0.5 }]],
  ])('takes its own name: %j', (records) => {
    const decoded = senml(records);
    expect([decoded.failures, decoded.samples[0]?.metrics]).toEqual([[], { temperatureCelsius: 1 }]);
  });

  it.each([
    ['{"n":"temperature","v":1}', 'wrong-shape'],
    ['[]', 'wrong-shape'],
    ['[{"n":"temperature","u":"Cel","v":23.1}', 'not-json'],
    ['', 'not-json'],
    ['[{"n":"temperature","v":"23"}]', 'wrong-type'],
    ['[{"n":"temperature","v":NaN}]', 'not-json'],
    ['[{"n":"temperature","v":1e999}]', 'not-a-number'],
    ['[{"__proto__":{"v":1},"n":"temperature"}]', 'unknown-name'],
    ['[{"n":"__proto__","v":1}]', 'wrong-shape'],
    ['[{"n":"constructor","v":1}]', 'unknown-name'],
    ['[{"n":"temperature","bver":11,"v":1}]', 'unknown-version'],
    [`${'['.repeat(5000)}${']'.repeat(5000)}`, 'wrong-shape'],
    [JSON.stringify(Array.from({ length: 1001 }, () => ({ n: 'temperature', v: 1 }))), 'too-large'],
    [`[{"n":"temperature","v":1}${' '.repeat(1_000_000)}]`, 'too-large'],
  ])('refuses %.60s', (payload, code) => {
    const decoded = senml(payload);
    expect(codesOf(decoded)).toEqual([code]);
    expect(decoded.samples).toEqual([]);
  });

  it('refuses every truncation', () => {
    const whole = JSON.stringify([{ n: 'temperature', u: 'Cel', v: 23.1 }]);
    for (let length = 0; length < whole.length; length += 1) {
      expect(codesOf(senml(whole.slice(0, length)))).toEqual(['not-json']);
    }
  });

  it('decodes plain packs on the short way as on the long one', () => {
    const value = fc.oneof(fc.double({ min: -400, max: 400, noNaN: true }), fc.integer({ min: -5, max: 500 }));
    const record = fc.record(
      {
        n: fc.constantFrom('temperature', 'humidity', 'current/a', 'acceleration/x', 'seq', 'charging', 'sos', 'odd'),
        u: fc.constantFrom('Cel', '%RH', 'A', 'm/s2', 'mA'),
        v: value,
        t: fc.constantFrom(0, -5, 1_767_225_500, 300_000_000),
      },
      { requiredKeys: ['n', 'v'] },
    );
    const truth = fc.record({
      n: fc.constantFrom('charging', 'onDuty', 'sos', 'cancel', 'humidity'),
      vb: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.oneof(record, truth), { minLength: 1, maxLength: 6 }), (records) => {
        // An unknown field is ignored, but takes the long way.
        const long = records.map((one, index) => (index === 0 ? { ...one, ignored: 1 } : one));
        const outcome = (pack: object[]) => {
          const { samples, occurrences, failures } = senml(pack);
          const place = ({ timeMs, channel }: { timeMs: number; channel: string }) => `${timeMs} ${channel}`;
          return {
            samples: [...samples].sort((one, other) => place(one).localeCompare(place(other))),
            occurrences: occurrences.map(({ kind, id }) => `${kind} ${id}`).sort(),
            failures: failures.map(({ code }) => code).sort(),
          };
        };
        // The long way takes records in order of time; where one value overwrites another, order decides.
        fc.pre(new Set(records.map((one) => one.n)).size === records.length);
        expect(outcome(records)).toEqual(outcome(long));
      }),
      { numRuns: 300 },
    );
  });
});
