import { describe, expect, it } from 'vitest';
import { readPayload } from '../../../../ingest/decoders/sparkplug/payload.ts';
import type { Decoded } from '../../../../ingest/model/sample.ts';
import { ARRIVED_MS, codesOf, type Session, startSession } from '../decoding.ts';
import { payload, type WrittenMetric } from './payloads.ts';

const FLOAT = 9;
const DOUBLE = 10;
const BOOLEAN = 11;
const BIRTH_NUMBER: WrittenMetric = { name: 'bdSeq', datatype: 8, long: 3n };
const TEMPERATURE: WrittenMetric = { name: 'Temperature', alias: 1, datatype: DOUBLE, double: 21.5, unit: '°C' };

const topic = (type: string, device?: string) =>
  `spBv1.0/Hall/${type}/Panel${device === undefined ? '' : `/${device}`}`;

/** Each message a second after the one before: the same again within a second would be a repetition. */
const node = (session: Session = startSession()) => {
  let atMs = ARRIVED_MS - 100_000;
  return (type: string, seq: number | undefined, metrics: readonly WrittenMetric[], device?: string): Decoded => {
    atMs += 1000;
    return session.decode(topic(type, device), payload(seq, metrics, atMs));
  };
};

const born = (metrics: readonly WrittenMetric[] = [TEMPERATURE]) => {
  const say = node();
  say('NBIRTH', 0, [BIRTH_NUMBER, ...metrics]);
  return say;
};

const readings = ({ samples }: Decoded) => samples.map(({ device, channel, metrics }) => [device, channel, metrics]);
const said = ({ occurrences }: Decoded) => occurrences.map(({ kind, device }) => `${kind} ${device}`);
const asked = ({ requests = [] }: Decoded) => requests.map((request) => request.topic);

describe('Sparkplug births', () => {
  it('tell that the node is there, and its values', () => {
    const birth = node()('NBIRTH', 0, [BIRTH_NUMBER, TEMPERATURE]);
    expect(said(birth)).toEqual(['online Hall/Panel']);
    expect(readings(birth)).toEqual([['Hall/Panel', '', { temperatureCelsius: 21.5 }]]);
    expect(birth.failures).toEqual([]);
    expect(asked(birth)).toEqual([]);
  });

  it('explain the aliases of later data, with datatype and unit', () => {
    const say = born([{ name: 'Hall Temperature', alias: 7, datatype: FLOAT, float: 68, unit: 'degF' }]);
    expect(readings(say('NDATA', 1, [{ alias: 7, float: 50 }]))).toEqual([
      ['Hall/Panel', 'hall', { temperatureCelsius: 10 }],
    ]);
  });

  it('explain data by name, too', () => {
    const say = born([{ name: 'Temperature', alias: 7, datatype: DOUBLE, double: 68, unit: '°F' }]);
    expect(readings(say('NDATA', 1, [{ name: 'Temperature', double: 50 }]))).toEqual([
      ['Hall/Panel', '', { temperatureCelsius: 10 }],
    ]);
  });

  it('of a device come under its name', () => {
    const say = born();
    const birth = say('DBIRTH', 1, [{ name: 'people count', alias: 9, datatype: 7, int: 12 }], 'door');
    expect(said(birth)).toEqual(['online Hall/Panel/door']);
    expect(readings(say('DDATA', 2, [{ alias: 9, int: 13 }], 'door'))).toEqual([
      ['Hall/Panel/door', '', { occupancyPersons: 13 }],
    ]);
  });

  it('forget what the birth before explained', () => {
    const say = born();
    say('NBIRTH', 0, [BIRTH_NUMBER]);
    const data = say('NDATA', 1, [{ alias: 1, double: 22 }]);
    expect(codesOf(data)).toEqual(['before-birth']);
    expect(asked(data)).toEqual(['spBv1.0/Hall/NCMD/Panel']);
  });

  it('are bounded', () => {
    const many = Array.from({ length: 3000 }, (_, alias) => ({
      name: `m${alias}`,
      alias,
      datatype: DOUBLE,
      double: 1,
    }));
    const birth = node()('NBIRTH', 0, many);
    expect(codesOf(birth)).toEqual(['too-large']);
  });
});

describe('Sparkplug without a birth', () => {
  it('asks for rebirth when an alias comes, and makes no value of it', () => {
    const data = node()('NDATA', 5, [{ alias: 1, double: 22 }]);
    expect(data.samples).toEqual([]);
    expect(data.failures.map(({ code, where }) => [code, where])).toEqual(
      expect.arrayContaining([['before-birth', 'alias']]),
    );
    expect(asked(data)).toEqual(['spBv1.0/Hall/NCMD/Panel']);
  });

  it('asks with the command of the specification', () => {
    const [request] = node()('NDATA', 0, [{ alias: 1, double: 22 }]).requests ?? [];
    expect(readPayload(request?.payload ?? new Uint8Array())).toMatchObject({
      timestampMs: ARRIVED_MS,
      metrics: [{ name: 'Node Control/Rebirth', datatype: BOOLEAN, value: { type: 'boolean', value: true } }],
    });
  });

  it('uses values that explain themselves, and asks nevertheless', () => {
    const data = node()('NDATA', 0, [{ name: 'Supply Voltage', datatype: FLOAT, float: 12.3 }]);
    expect(readings(data)).toEqual([['Hall/Panel', 'supply', { voltageVolts: 12.3 }]]);
    expect(asked(data)).toHaveLength(1);
  });

  it('asks for a device that was never born', () => {
    const data = born()('DDATA', 1, [{ name: 'Humidity', datatype: DOUBLE, double: 40 }], 'door');
    expect(codesOf(data)).toEqual(['before-birth']);
    expect(asked(data)).toHaveLength(1);
  });
});

describe('Sparkplug sequence', () => {
  it('wraps at 255', () => {
    const say = born();
    for (let seq = 1; seq <= 255; seq += 1) expect(say('NDATA', seq, []).failures).toEqual([]);
    expect(say('NDATA', 0, [{ alias: 1, double: 22 }])).toMatchObject({ failures: [], samples: [{}] });
  });

  it('tells of a gap once, keeps the value and asks for rebirth', () => {
    const say = born();
    const data = say('NDATA', 3, [{ alias: 1, double: 22 }]);
    expect(codesOf(data)).toEqual(['sequence-gap']);
    expect(readings(data)).toEqual([['Hall/Panel', '', { temperatureCelsius: 22 }]]);
    expect(asked(data)).toHaveLength(1);
    expect(say('NDATA', 4, []).failures).toEqual([]);
  });

  it('counts node and devices together', () => {
    const say = born();
    say('DBIRTH', 1, [], 'door');
    expect(say('NDATA', 2, []).failures).toEqual([]);
    expect(codesOf(say('DDATA', 2, [], 'door'))).toEqual(['sequence-gap']);
  });

  it('takes a message that comes twice once', () => {
    const session = startSession();
    session.decode(topic('NBIRTH'), payload(0, [TEMPERATURE]));
    const data = payload(1, [{ alias: 1, double: 22 }]);
    expect(session.decode(topic('NDATA'), data).samples).toHaveLength(1);
    expect(session.decode(topic('NDATA'), data)).toMatchObject({ samples: [], failures: [] });
  });

  it('begins with what the birth says, not only with 0', () => {
    const say = node();
    say('NBIRTH', 200, [TEMPERATURE]);
    expect(say('NDATA', 201, []).failures).toEqual([]);
  });
});

describe('Sparkplug deaths', () => {
  it('put the node and all its devices offline', () => {
    const say = born();
    say('DBIRTH', 1, [], 'door');
    expect(said(say('NDEATH', undefined, [BIRTH_NUMBER]))).toEqual(['offline Hall/Panel', 'offline Hall/Panel/door']);
    expect(asked(say('NDATA', 2, []))).toHaveLength(1);
  });

  it('of an earlier connection change nothing', () => {
    const say = born();
    expect(said(say('NDEATH', undefined, [{ ...BIRTH_NUMBER, long: 2n }]))).toEqual([]);
    expect(say('NDATA', 1, []).failures).toEqual([]);
  });

  it('of a device concern it alone', () => {
    const say = born();
    say('DBIRTH', 1, [], 'door');
    expect(said(say('DDEATH', 2, [], 'door'))).toEqual(['offline Hall/Panel/door']);
    expect(say('NDATA', 3, []).failures).toEqual([]);
  });
});

describe('Sparkplug values', () => {
  const valueIn = (metric: WrittenMetric) => {
    const { samples, failures } = node()('NBIRTH', 0, [metric]);
    return { value: samples[0]?.metrics, codes: failures.map(({ code }) => code) };
  };

  it.each([
    ['Int8 in 8 bits', { datatype: 1, int: 0xfb }],
    ['Int8 in 32 bits', { datatype: 1, int: 0xff_ff_ff_fb }],
    ['Int16', { datatype: 2, int: 0xfffb }],
    ['Int16 in 32 bits', { datatype: 2, int: 0xff_ff_ff_fb }],
    ['Int32', { datatype: 3, int: 0xff_ff_ff_fb }],
    ['Int32 in 64 bits', { datatype: 3, long: 0xff_ff_ff_ff_ff_ff_ff_fbn }],
    ['Int64', { datatype: 4, long: 0xff_ff_ff_ff_ff_ff_ff_fbn }],
  ])('are negative: %s', (_name, metric) => {
    expect(valueIn({ name: 'Temperature', ...metric })).toEqual({ value: { temperatureCelsius: -5 }, codes: [] });
  });

  it.each([
    ['UInt8 beyond 255', { datatype: 5, int: 300 }],
    ['Int8 beyond 127', { datatype: 1, int: 300 }],
    ['an integer in a Double', { datatype: DOUBLE, int: 3 }],
    ['a text in a Double', { datatype: DOUBLE, string: '3' }],
    ['an integer of which nobody said what it is', { int: 3 }],
  ])('are refused: %s', (_name, metric) => {
    expect(valueIn({ name: 'Temperature', ...metric })).toEqual({ value: undefined, codes: ['wrong-type'] });
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('are refused: %d', (double) => {
    expect(valueIn({ ...TEMPERATURE, double })).toEqual({ value: undefined, codes: ['not-a-number'] });
  });

  it('are never zero for null', () => {
    expect(valueIn({ name: 'Temperature', datatype: 3, isNull: true, int: 0 })).toEqual({
      value: undefined,
      codes: [],
    });
  });

  it('are refused in a unit that nobody knows', () => {
    expect(valueIn({ ...TEMPERATURE, unit: 'Réaumur' })).toEqual({ value: undefined, codes: ['wrong-unit'] });
  });

  it.each([
    ['Line 1/Current', 'line_1', 'currentAmps'],
    ['SUPPLY VOLTAGE', 'supply', 'voltageVolts'],
    ['peopleCount', '', 'occupancyPersons'],
    ['temperatureCelsius', '', 'temperatureCelsius'],
    ['Gate/Entries', 'gate', 'entriesTotal'],
    ['Phase A/Current', 'a', 'currentAmps'],
  ])('%s is %s %s', (name, channel, metric) => {
    const birth = node()('NBIRTH', 0, [{ name, datatype: DOUBLE, double: 3 }]);
    expect(readings(birth)).toEqual([['Hall/Panel', channel, { [metric]: 3 }]]);
  });

  it.each(['Node Control/Scan Rate', 'Properties/Firmware', 'Setpoint'])('%s is no matter of ours', (name) => {
    expect(valueIn({ name, datatype: DOUBLE, double: 3 })).toEqual({ value: undefined, codes: [] });
  });

  it('that are historical are kept under their own time, and do not pass for what is now', () => {
    const then = ARRIVED_MS - 3_600_000;
    const say = born();
    const data = say('NDATA', 1, [
      { alias: 1, double: 50, timestampMs: then, isHistorical: true },
      { alias: 1, double: 22 },
    ]);
    expect(data.samples.map(({ historical, timeMs, metrics }) => [historical, timeMs === then, metrics])).toEqual([
      [true, true, { temperatureCelsius: 50 }],
      [false, false, { temperatureCelsius: 22 }],
    ]);
  });

  it('that are true and named SOS are a call for help, known again by its time', () => {
    const say = born([{ name: 'Desk/SOS', alias: 4, datatype: BOOLEAN, boolean: false }]);
    const press = say('NDATA', 1, [{ alias: 4, boolean: true, timestampMs: ARRIVED_MS - 5000 }]);
    expect(press.occurrences).toMatchObject([
      { kind: 'sos', device: 'Hall/Panel', id: `Desk/SOS@${ARRIVED_MS - 5000}`, attributes: { metric: 'Desk/SOS' } },
    ]);
    expect(say('NDATA', 2, [{ alias: 4, boolean: false }]).occurrences).toEqual([]);
  });
});

describe('Sparkplug messages', () => {
  it.each(['NCMD', 'DCMD'])('%s is a command of somebody else', (type) => {
    const device = type === 'DCMD' ? 'door' : undefined;
    expect(startSession().decode(topic(type, device), payload(undefined, []))).toMatchObject({ failures: [] });
  });

  it.each([
    ['an unknown type', topic('NTEST'), 'unknown-name'],
    ['node data of a device', topic('NDATA', 'door'), 'unknown-name'],
    ['device data without one', topic('DDATA'), 'unknown-name'],
  ])('refuse %s', (_name, address, code) => {
    expect(codesOf(startSession().decode(address, payload(0, [])))).toEqual([code]);
  });

  it('refuse what is not Protocol Buffers, and what was cut off', () => {
    const whole = payload(0, [TEMPERATURE]);
    for (let length = 1; length < whole.length; length += 1) {
      const { samples, failures } = startSession().decode(topic('NBIRTH'), whole.slice(0, length));
      expect(samples.length === 0 || samples[0]?.metrics.temperatureCelsius === 21.5).toBe(true);
      for (const { code } of failures) expect(code).toBe('not-protobuf');
    }
    expect(codesOf(startSession().decode(topic('NBIRTH'), 'hello'))).toEqual(['not-protobuf']);
  });

  it('refuse what a broker replays from its store', () => {
    expect(codesOf(startSession().decode(topic('NBIRTH'), payload(0, [TEMPERATURE]), { retained: true }))).toEqual([
      'retained-action',
    ]);
  });

  it('stand a memory of another shape', () => {
    const session = startSession();
    session.memories.restore([['sparkplug:Hall/Panel', { isBorn: true, seq: 'x', metrics: [1] }]]);
    expect(session.decode(topic('NBIRTH'), payload(0, [TEMPERATURE]))).toMatchObject({ failures: [], samples: [{}] });
  });

  it('remember in plain JSON', () => {
    const session = startSession();
    session.decode(topic('NBIRTH'), payload(0, [TEMPERATURE]));
    const saved: unknown = JSON.parse(JSON.stringify(session.memories.save()));
    const later = startSession();
    later.memories.restore(saved);
    const data = later.decode(topic('NDATA'), payload(1, [{ alias: 1, double: 22 }], ARRIVED_MS - 1));
    expect(readings(data)).toEqual([['Hall/Panel', '', { temperatureCelsius: 22 }]]);
    expect(data.failures).toEqual([]);
  });
});
