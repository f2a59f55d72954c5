import { describe, expect, it } from 'vitest';
import { encodePack, flag, numeric, type Pack } from '../../firmware-sim/senml.ts';

const pack: Pack = {
  device: 'badge-01',
  stampMs: 1_700_000_000_500,
  records: [
    numeric('seq', 'count', 7, 0),
    numeric('battery', '%EL', 91.54, 1),
    flag('sos', true),
    { n: 'done', vs: 'b1' },
  ],
};

const bytes = (...parts: readonly (number | string)[]): string =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'ascii') : Buffer.from([part]))),
  ).toString('hex');

describe('encodePack', () => {
  it('writes RFC 8428 labels as CBOR integers, in definite-length arrays and maps', () => {
    const bt = Buffer.alloc(9);
    bt[0] = 0xfb;
    bt.writeDoubleBE(1_700_000_000.5, 1);
    const battery = Buffer.alloc(9);
    battery[0] = 0xfb;
    battery.writeDoubleBE(91.5, 1);
    const expected =
      // -2 (bn), -3 (bt) in the first record only; then 0 n, 1 u, 2 v
      bytes(0x84, 0xa5, 0x21, 0x69, 'badge-01/', 0x22) +
      bt.toString('hex') +
      bytes(0x00, 0x63, 'seq', 0x01, 0x65, 'count', 0x02, 0x07) +
      bytes(0xa3, 0x00, 0x67, 'battery', 0x01, 0x63, '%EL', 0x02) +
      battery.toString('hex') +
      bytes(0xa2, 0x00, 0x63, 'sos', 0x04, 0xf5) +
      bytes(0xa2, 0x00, 0x64, 'done', 0x03, 0x62, 'b1');
    expect(Buffer.from(encodePack(pack, 'cbor')).toString('hex')).toBe(expected);
  });

  it('writes the same pack as JSON', () => {
    expect(new TextDecoder().decode(encodePack(pack, 'json'))).toBe(
      '[{"bn":"badge-01/","bt":1700000000.5,"n":"seq","u":"count","v":7},' +
        '{"n":"battery","u":"%EL","v":91.5},{"n":"sos","vb":true},{"n":"done","vs":"b1"}]',
    );
  });

  it('gives every message bytes of its own', () => {
    const first = encodePack(pack, 'cbor');
    const before = Buffer.from(first).toString('hex');
    for (let count = 0; count < 1000; count += 1) encodePack({ ...pack, device: `badge-${count}` }, 'cbor');
    expect(Buffer.from(first).toString('hex')).toBe(before);
    expect(first.buffer.byteLength).toBe(first.byteLength);
  });
});
