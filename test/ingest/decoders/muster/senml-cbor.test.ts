import { Encoder } from 'cbor-x';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPlainCbor } from '../../../../ingest/decoders/muster/cbor-shape.ts';
import { codesOf, decode } from '../decoding.ts';

const encoder = new Encoder({ mapsAsObjects: false, useRecords: false });
const map = (entries: Record<number, unknown>): Map<number, unknown> =>
  new Map(Object.entries(entries).map(([key, value]) => [Number(key), value]));
const cbor = (bytes: Uint8Array) => decode('muster/riverside/up/gate-a', bytes);
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');

describe('SenML in CBOR', () => {
  const pack = encoder.encode([
    map({ [-2]: 'gate-a/', 0: 'temperature', 1: 'Cel', 2: 23.1 }),
    map({ 0: 'charging', 4: true }),
    map({ 0: 'done', 3: 'c1' }),
    map({ 0: 'seq', 2: 9 }),
  ]);

  it('decodes integer labels', () => {
    const { samples, occurrences, failures } = cbor(pack);
    expect(failures).toEqual([]);
    expect(samples.map(({ metrics, sequence }) => [metrics, sequence])).toEqual([
      [{ temperatureCelsius: 23.1, charging: 1 }, 9],
    ]);
    expect(occurrences.map(({ kind, id, attributes }) => [kind, id, attributes])).toEqual([
      ['done', '9', { id: 'c1' }],
    ]);
  });

  it.each([
    ['float16', '81 a2 00 6b 74656d7065726174757265 02 f9 3e00', 1.5],
    ['float32', '81 a2 00 6b 74656d7065726174757265 02 fa 41ac0000', 21.5],
    ['negative integer', '81 a2 00 6b 74656d7065726174757265 02 29', -10],
    ['decimal fraction (tag 4)', '81 a2 00 6b 74656d7065726174757265 02 c4 82 20 18eb', 23.5],
    ['indefinite length', '9f bf 00 6b 74656d7065726174757265 02 18 15 ff ff', 21],
    ['an unknown integer label', '81 a3 00 6b 74656d7065726174757265 02 18 15 18 63 80', 21],
  ])('reads %s', (_, digits, expected) => {
    const decoded = cbor(hex(digits));
    expect(decoded.failures).toEqual([]);
    expect(decoded.samples[0]?.metrics).toEqual({ temperatureCelsius: expected });
  });

  it('reads NaN as a failure of that value alone', () => {
    const decoded = cbor(encoder.encode([map({ 0: 'temperature', 2: Number.NaN }), map({ 0: 'humidity', 2: 40 })]));
    expect(codesOf(decoded)).toEqual(['not-a-number']);
    expect(decoded.samples[0]?.metrics).toEqual({ humidityPercent: 40 });
  });

  it('refuses every truncation and anything behind the end', () => {
    for (let length = 1; length < pack.length; length += 1) {
      expect(codesOf(cbor(pack.subarray(0, length)))).toEqual(['not-cbor']);
    }
    expect(codesOf(cbor(Buffer.concat([pack, hex('00')])))).toEqual(['not-cbor']);
  });

  it.each([
    ['an array longer than its bytes', '9b 7fffffffffffffff'],
    ['a map longer than its bytes', '81 bb 0000ffffffffffff'],
    ['a text longer than its bytes', '81 7b 00000000ffffffff 61'],
    ['deep nesting', `${'81'.repeat(5000)}00`],
    ['a date (tag 0)', '81 a2 00 61 61 02 c0 74 323031332d30332d32315432303a30343a30305a'],
    ['a record definition of cbor-x', '81 d9 dff8 82 81 61 61 01'],
    ['a shared reference (tag 28)', '81 d8 1c 80'],
    ['a reserved head', '81 1c'],
    ['a lonely break', '81 ff'],
    ['a chunked text', '81 a2 00 7f 61 61 ff 02 01'],
  ])('refuses %s', (_, digits) => {
    expect(codesOf(cbor(hex(digits)))).toEqual(['not-cbor']);
  });

  it.each([
    ['a map', 'a0', 'wrong-shape'],
    ['big integers', '81 a2 00 6b 74656d7065726174757265 02 1b ffffffffffffffff', 'wrong-type'],
    [
      'a text label that must be understood',
      '81 a3 00 6b 74656d7065726174757265 02 01 65 6d757374 5f 01',
      'unknown-name',
    ],
    ['a version from the future', '81 a3 20 0b 00 6b 74656d7065726174757265 02 01', 'unknown-version'],
    ['numbers instead of records', '83 01 02 03', 'wrong-shape'],
    ['no records', '80', 'wrong-shape'],
  ])('refuses %s', (_, digits, code) => {
    expect(codesOf(cbor(hex(digits)))).toEqual([code]);
    expect(cbor(hex(digits)).samples).toEqual([]);
  });

  it('keeps __proto__ labels harmless', () => {
    const decoded = cbor(
      encoder.encode([
        new Map<unknown, unknown>([
          ['__proto__', { v: 1 }],
          [0, 'sos'],
          [4, true],
        ]),
      ]),
    );
    expect(codesOf(decoded)).toEqual(['unknown-name']);
    expect(Object.hasOwn(Object.prototype, 'v')).toBe(false);
  });

  it('calls one item plain, and nothing behind it', () => {
    expect(isPlainCbor(pack)).toBe(true);
    expect(isPlainCbor(Buffer.concat([pack, hex('00')]))).toBe(false);
    expect(isPlainCbor(new Uint8Array())).toBe(false);
  });

  it('calls plain whatever cbor-x writes of plain values', () => {
    const value = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.array(fc.array(value)), (items) => {
        expect(isPlainCbor(encoder.encode(items))).toBe(true);
      }),
    );
  });
});
