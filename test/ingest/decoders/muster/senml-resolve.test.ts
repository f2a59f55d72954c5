import { describe, expect, it } from 'vitest';
import { parseSenmlCbor } from '../../../../ingest/decoders/muster/senml-cbor.ts';
import { resolveSenml } from '../../../../ingest/decoders/muster/senml-resolve.ts';
import { golden } from '../../../golden.ts';
import { vectors } from '../../../shared-vectors.ts';

const NOW = 1_767_225_600;

const expectCases = (cases: readonly Readonly<Record<string, unknown>>[]): void => {
  for (const { id, input_text: text, input_hex: hex, expected_resolved: expected } of cases) {
    const pack = typeof text === 'string' ? JSON.parse(text) : parseSenmlCbor(Buffer.from(`${hex}`, 'hex'), []);
    const { records, failures } = resolveSenml(pack, NOW);
    expect(failures, `${id}`).toEqual([]);
    // The published results leave out `bver`, which section 4.6 wants for versions below 10; their order is the pack's.
    const plain = records.map(({ bver: _, ...record }) => record);
    const wanted: unknown[] = Array.isArray(expected) ? expected : [];
    expect(wanted.length, `${id}`).toBeGreaterThan(0);
    expect(new Set(plain.map((record) => JSON.stringify(sorted(record)))), `${id}`).toEqual(
      new Set(wanted.map((record) => JSON.stringify(sorted(timed(record))))),
    );
  }
};

const timed = (record: unknown): object =>
  JSON.parse(JSON.stringify(record), (key, value) => (key === 't' && value === 'NOW' ? NOW : value));

const sorted = (record: object): object =>
  Object.fromEntries(Object.entries(record).sort(([one], [other]) => one.localeCompare(other)));

const resolve = (...records: object[]) => resolveSenml(records, NOW);
const refusal = (...records: object[]) => resolve(...records).failures.map(({ code, where }) => `${code} ${where}`);

describe('SenML resolution (RFC 8428)', () => {
  it('resolves the examples of the RFC', () => {
    expectCases(golden('senml-rfc8428.jsonl'));
  });

  const shared = vectors('senml.jsonl');
  it.skipIf(shared === undefined)('resolves the shared vectors (needs ../shared/vectors)', () => {
    expectCases(shared ?? []);
  });

  it('orders records by time', () => {
    const { records } = resolve({ n: 'a', t: -1, v: 1 }, { n: 'b', t: -9, v: 2 }, { n: 'c', v: 3 });
    expect(records.map(({ n }) => n)).toEqual(['b', 'a', 'c']);
  });

  it('takes times below 2^28 as relative', () => {
    expect(resolve({ n: 'a', t: -5, v: 1 }).records[0]?.t).toBe(NOW - 5);
    expect(resolve({ n: 'a', t: 2 ** 28 - 1, v: 1 }).records[0]?.t).toBe(NOW + 2 ** 28 - 1);
    expect(resolve({ n: 'a', t: 2 ** 28, v: 1 }).records[0]?.t).toBe(2 ** 28);
  });

  it('adds base value and base sum', () => {
    const { records } = resolve({ bn: 'x/', bv: 20, bs: 100, n: 'a', v: 1, s: 5 }, { n: 'b', v: 2 }, { n: 'c' });
    expect(records).toEqual([
      { n: 'x/a', t: NOW, v: 21, s: 105 },
      { n: 'x/b', t: NOW, v: 22, s: 100 },
      { n: 'x/c', t: NOW, s: 100 },
    ]);
  });

  it('carries base unit, texts, truth, octets and update time', () => {
    const { records } = resolve({ bu: 'A', n: 'a', v: 1 }, { n: 'b', u: 'V', v: 2, ut: 60 }, { n: 'c', vs: 'x' });
    expect(records.map(({ u, ut, vs }) => [u, ut, vs])).toEqual([
      ['A', undefined, undefined],
      ['V', 60, undefined],
      ['A', undefined, 'x'],
    ]);
    expect(resolve({ n: 'a', vb: false }, { n: 'b', vd: 'aGk' }).records).toEqual([
      { n: 'a', t: NOW, vb: false },
      { n: 'b', t: NOW, vd: 'aGk' },
    ]);
  });

  it('keeps the version of older packs and takes its own', () => {
    expect(resolve({ bver: 5, n: 'a', v: 1 }).records).toEqual([{ n: 'a', t: NOW, v: 1, bver: 5 }]);
    expect(resolve({ bver: 10, n: 'a', v: 1 }).records).toEqual([{ n: 'a', t: NOW, v: 1 }]);
  });

  it('ignores unknown fields and a record of base fields only', () => {
    expect(resolve({ bn: 'x/' }, { n: 'a', v: 1, colour: { deep: [] } }).records).toEqual([{ n: 'x/a', t: NOW, v: 1 }]);
  });

  it.each([
    [[{ bver: 11, n: 'a', v: 1 }], 'unknown-version [0].bver'],
    [[{ bver: 'x', n: 'a', v: 1 }], 'wrong-type [0].bver'],
    [
      [
        { n: 'a', v: 1 },
        { n: 'b', v: 1, must_: 1 },
      ],
      'unknown-name [1].must_',
    ],
    [[{ n: '/a', v: 1 }], 'wrong-shape [0].n'],
    [[{ n: 'a b', v: 1 }], 'wrong-shape [0].n'],
    [[{ n: 'ä', v: 1 }], 'wrong-shape [0].n'],
    [[{ v: 1 }], 'wrong-shape [0].n'],
    [[{ n: 'a' }], 'wrong-shape [0]'],
    [[{ n: 'a', v: 1, vb: true }], 'wrong-shape [0].vb'],
    [[{ n: 'a', v: '1' }], 'wrong-type [0].v'],
    [[{ n: 'a', v: null }], 'wrong-type [0].v'],
    [[{ n: 'a', v: Number.NaN }], 'not-a-number [0].v'],
    [[{ n: 'a', vd: 'a+b=' }], 'wrong-shape [0].vd'],
    [[{ n: 7, v: 1 }], 'wrong-type [0].n'],
    [[[]], 'wrong-shape [0]'],
    [[], 'wrong-shape '],
  ])('refuses %j', (records, expected) => {
    expect(refusal(...records)).toEqual([expected]);
    expect(resolve(...records).records).toEqual([]);
  });

  it('refuses what is no pack, and too large a one', () => {
    expect(resolveSenml({ n: 'a', v: 1 }, NOW).failures[0]?.code).toBe('wrong-shape');
    expect(resolveSenml(undefined, NOW).failures[0]?.code).toBe('wrong-shape');
    const many = Array.from({ length: 1001 }, () => ({ n: 'a', v: 1 }));
    expect(resolveSenml(many, NOW).failures[0]?.code).toBe('too-large');
  });
});
