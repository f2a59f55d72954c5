import { describe, expect, it } from 'vitest';
import { type Case, vectors } from '../../../shared-vectors.ts';
import { ARRIVED_MS, channelsOf, codesOf } from '../decoding.ts';
import { startLine } from './lines.ts';

const decode = (line: string, profile?: string) => startLine().decode(line, profile === undefined ? {} : { profile });

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const lines = (vectors('emon_serial.jsonl') ?? []).filter(({ line }) => !textOf(line).includes('<'));

/** Names of the vectors as channel and metric. */
const PLACES: Readonly<Record<string, readonly [channel: string, metric: string]>> = {
  Vrms: ['', 'voltageVolts'],
  P1: ['ct1', 'powerWatts'],
  E1: ['ct1', 'energyWattHours'],
  pulse: ['', 'pulsesTotal'],
  ct1: ['ct1', 'powerWatts'],
  ct2: ['ct2', 'powerWatts'],
};

const expectedOf = ({ expected }: Case): Record<string, number> => JSON.parse(JSON.stringify(expected));

describe.skipIf(lines.length === 0)('vectors of emonTx lines', () => {
  it.each(lines)('$id', (each) => {
    const { samples, failures } = decode(textOf(each.line));
    expect(failures).toEqual([]);
    const byChannel = channelsOf({ samples, failures, occurrences: [] });
    for (const [name, value] of Object.entries(expectedOf(each))) {
      if (name === 'MSG') expect(samples.map(({ sequence }) => sequence)).toEqual(samples.map(() => value));
      else {
        const [channel, metric] = PLACES[name] ?? [name, ''];
        expect(byChannel[channel], name).toHaveProperty(metric, value);
      }
    }
  });
});

describe('emonTx lines', () => {
  it('of continuous monitoring: volts, watts, watt hours, amperes, power factor, °C, pulses', () => {
    const line =
      'MSG:41,Vrms:238.07,P1:523,P2:-14,E1:1042,E2:0,I1:2.310,I2:0.074,T1:21.56,pulse:7,pf1:0.9512,pf2:-0.8014\r\n';
    expect(decode(line)).toMatchObject({
      failures: [],
      samples: [
        {
          device: 'port',
          channel: '',
          timeFrom: 'arrival',
          timeMs: ARRIVED_MS,
          sequence: 41,
          metrics: { voltageVolts: 238.07, pulsesTotal: 7 },
        },
        {
          channel: 'ct1',
          metrics: { powerWatts: 523, energyWattHours: 1042, currentAmps: 2.31, powerFactor: 0.9512 },
        },
        { channel: 'ct2', metrics: { powerWatts: -14, energyWattHours: 0, currentAmps: 0.074, powerFactor: -0.8014 } },
        { channel: 't1', metrics: { temperatureCelsius: 21.56 } },
      ],
    });
  });

  it.each([
    ['vrms:24681', 246.81],
    ['vrms:524', 5.24],
    ['vrms:52', 0.52],
    ['vrms:246', 246],
    ['vrms:120', 120],
    ['vrms:246.81', 246.81],
    ['Vrms:5.24', 5.24],
    ['Vrms:0.00', 0],
  ])('%s is %d V', (pair, volts) => {
    expect(channelsOf(decode(`ct1:100,${pair}`))).toEqual({
      ct1: { powerWatts: 100 },
      '': { voltageVolts: volts },
    });
  });

  it.each([
    ['t1:215', { t1: { temperatureCelsius: 21.5 } }, []],
    ['t1:21.5', { t1: { temperatureCelsius: 21.5 } }, []],
    ['T1:21.50', { t1: { temperatureCelsius: 21.5 } }, []],
    ['T2:-5.25', { t2: { temperatureCelsius: -5.25 } }, []],
    ['temp1:23', { t1: { temperatureCelsius: 23 } }, []],
    // Not connected, then what EmonLibCM sends for a fault, and a DS18B20 that lost its power.
    ['T1:300.00', {}, []],
    ['t1:3000', {}, []],
    ['T1:302.00', {}, ['out-of-range']],
    ['T1:304.00', {}, ['out-of-range']],
    ['T1:-127.00', {}, ['out-of-range']],
  ])('%s', (pair, channels, codes) => {
    const decoded = decode(`MSG:1,${pair}`);
    expect(channelsOf(decoded)).toEqual(channels);
    expect(codesOf(decoded)).toEqual(codes);
  });

  it('of three phases, twelve clamps, pairs parted by spaces, a JSON object, and EmonLib’s five numbers', () => {
    expect(channelsOf(decode('MSG:3,V1:231.2,V2:230.9,V3:229.0,P12:7'))).toEqual({
      a: { voltageVolts: 231.2 },
      b: { voltageVolts: 230.9 },
      c: { voltageVolts: 229 },
      ct12: { powerWatts: 7 },
    });
    expect(channelsOf(decode('ct1:100 ct2:234 temp1:23'))).toEqual({
      ct1: { powerWatts: 100 },
      ct2: { powerWatts: 234 },
      t1: { temperatureCelsius: 23 },
    });
    expect(decode('{"MSG":2,"Vrms":240.01,"P1":10,"pulse":0}')).toMatchObject({
      failures: [],
      samples: [
        { channel: '', sequence: 2, metrics: { voltageVolts: 240.01, pulsesTotal: 0 } },
        { channel: 'ct1', sequence: 2, metrics: { powerWatts: 10 } },
      ],
    });
    expect(channelsOf(decode('79.12 85.00 246.81 0.34 0.93 \r\n'))).toEqual({
      '': {
        powerWatts: 79.12,
        apparentPowerVoltAmps: 85,
        voltageVolts: 246.81,
        currentAmps: 0.34,
        powerFactor: 0.93,
      },
    });
  });

  it.each([
    ['MSG:1,P1:nan,P2:5', ['not-a-number']],
    ['MSG:1,P1:,P2:5', ['not-a-number']],
    ['MSG:1,P1:1e9,P2:5', ['not-a-number']],
    ['MSG:1,P1:0x10,P2:5', ['not-a-number']],
    ['MSG:1,P1:7MSG:2,P2:5', ['wrong-shape']],
    ['MSG:1,P1,P2:5', ['wrong-shape']],
    ['MSG:1,pf1:3.5,P2:5', ['out-of-range']],
    ['MSG:1,Q9:3,P2:5', ['unknown-name']],
    ['MSG:1,__proto__:3,P2:5', ['unknown-name']],
    ['MSG:1,constructor:3,P2:5', ['unknown-name']],
    ['G:1,P2:5', ['unknown-name']],
    // `ct1:100` that lost its first byte.
    ['t1:100,P2:5', ['wrong-shape']],
    ['{"MSG":1,"P1":"4","P2":5}', ['wrong-type']],
  ])('%s: the rest of the line stands', (line, codes) => {
    const decoded = decode(line);
    expect(codesOf(decoded)).toEqual(codes);
    expect(channelsOf(decoded)).toEqual({ ct2: { powerWatts: 5 } });
  });

  it.each([
    ['nothing that it knows', 'hello world', 'unknown-topic', undefined],
    ['a banner of the firmware', 'emonTx V4 CM Continuous Monitoring V1.5.7', 'wrong-shape', 'emontx'],
    ['a broken JSON object', '{"MSG":1,"P1"', 'wrong-shape', 'emontx'],
    ['a list', '[1,2]', 'wrong-shape', 'emontx'],
    ['a format that nobody knows', 'MSG:1', 'unknown-topic', 'tic'],
    ['five thousand bytes', 'a:1,'.repeat(1250), 'too-large', undefined],
  ])('%s is refused', (_what, line, code, profile) => {
    const decoded = decode(line, profile);
    expect(decoded.samples).toEqual([]);
    expect(codesOf(decoded)).toEqual([code]);
  });

  it('takes at most as many pairs as the largest firmware sends', () => {
    const { samples, failures } = decode(Array.from({ length: 400 }, (_, index) => `P${index % 99}:1`).join(','));
    expect(samples.length + failures.length).toBeLessThanOrEqual(96);
  });
});
