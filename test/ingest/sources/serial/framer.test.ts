import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameSerial, type SerialFraming } from '../../../../firmware-sim/wire/framing.ts';
import { createFramer, type Framing, type FramingFault } from '../../../../ingest/sources/serial/framer.ts';

interface Cut {
  readonly frames: readonly string[];
  readonly faults: readonly FramingFault[];
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** What comes of these chunks, one after the other. */
const cut = (framing: Framing, chunks: readonly Uint8Array[], maxFrameBytes = 1024): Cut => {
  const frames: string[] = [];
  const faults: FramingFault[] = [];
  const framer = createFramer(framing, {
    maxFrameBytes,
    onFrame: (bytes) => frames.push(hexOf(bytes)),
    onFault: (fault) => faults.push(fault),
  });
  for (const chunk of chunks) framer.push(chunk);
  return { frames, faults };
};

const textsOf = ({ frames }: Cut): readonly string[] => frames.map((hex) => Buffer.from(hex, 'hex').toString('latin1'));

const READLINE: Framing = { kind: 'readline' };
const SLIP: Framing = { kind: 'slip' };
const COBS: Framing = { kind: 'cobs' };
const LENGTH: Framing = { kind: 'length-prefixed', lengthBytes: 2 };

const FRAMINGS: readonly (readonly [SerialFraming, Framing])[] = [
  ['readline', READLINE],
  ['length-prefixed', LENGTH],
  ['slip', SLIP],
  ['cobs', COBS],
];

/** Cuts bytes at these places. */
const split = (bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] => {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
};

const anyBytes = fc.uint8Array({ minLength: 1, maxLength: 600 });
/** A line may hold anything but its end, and no CR before it. */
const lineBytes = anyBytes.map((bytes) => bytes.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte)));

describe.each(FRAMINGS)('%s', (name, framing) => {
  const frame = name === 'readline' ? lineBytes : anyBytes;

  it('gives back what a device framed, however the bytes were cut or joined', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), fc.array(fc.nat(10_000), { maxLength: 20 }), (sent, places) => {
        const wire = Buffer.concat(sent.map((bytes) => frameSerial(bytes, name)));
        expect(cut(framing, split(wire, places))).toEqual({ frames: sent.map(hexOf), faults: [] });
      }),
    );
  });

  it('takes any bytes, and says the same of them however they were cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), fc.array(fc.nat(10_000), { maxLength: 9 }), (bytes, places) => {
        const whole = cut(framing, [bytes], 32);
        expect(cut(framing, split(bytes, places), 32)).toEqual(whole);
        for (const hex of whole.frames) expect(hex.length).toBeLessThanOrEqual(2 * 32);
      }),
    );
  });
});

describe('the end of a frame by bytes of its own', () => {
  const framing = (text: string): Framing => ({ kind: 'delimiter', delimiter: latin1(text) });

  it.each(['\r', ';;', 'aab', 'END'])('%j, cut anywhere', (delimiter) => {
    const wire = latin1(['one', 'aa', 'EN', '', 'four;'].join(delimiter) + delimiter);
    const expected = ['one', 'aa', 'EN', 'four;'];
    for (let place = 0; place <= wire.length; place += 1) {
      const cutAt = cut(framing(delimiter), [wire.subarray(0, place), wire.subarray(place)]);
      // What is joined may itself begin an end: of `four;` and `;;` the first two are it.
      const joined = wire.toString('latin1').split(delimiter);
      expect(textsOf(cutAt)).toEqual(
        delimiter === ';;' ? joined.filter((text) => text !== '' && text !== ';') : expected,
      );
    }
  });
});

describe('resynchronisation', () => {
  it('an endless line is one failure, and nothing is kept of it; the lines around it come', () => {
    const endless = latin1('x'.repeat(100_000));
    const result = cut(READLINE, [latin1('one\r\n'), endless, endless, latin1('end\r\ntwo\r\n'), endless], 64);
    expect(textsOf(result)).toEqual(['one', 'two']);
    expect(result.faults).toEqual(['too-long', 'too-long']);
  });

  it('a line of exactly the most bytes comes, one of a byte more does not', () => {
    const result = cut(READLINE, [latin1(`${'a'.repeat(64)}\n${'b'.repeat(65)}\n${'c'.repeat(63)}\r\n`)], 64);
    expect(textsOf(result)).toEqual(['a'.repeat(64), 'c'.repeat(63)]);
    expect(result.faults).toEqual(['too-long']);
  });

  it('SLIP: a wrong escape and a packet that is too long cost this packet alone', () => {
    const bytes = [
      0xc0,
      0x31,
      0xdb,
      0x31,
      0x32,
      0xc0,
      0x33,
      0xc0,
      ...Array(40).fill(0x34),
      0xc0,
      0x35,
      0xdb,
      0xc0,
      0x36,
      0xc0,
    ];
    const result = cut(SLIP, [Uint8Array.from(bytes)], 32);
    expect(textsOf(result)).toEqual(['3', '6']);
    expect(result.faults).toEqual(['malformed', 'too-long', 'malformed']);
  });

  it('SLIP: the example of RFC 1055', () => {
    const bytes = Uint8Array.of(0xc0, 0x01, 0xdb, 0xdc, 0x02, 0xdb, 0xdd, 0x03, 0xc0);
    expect(cut(SLIP, [bytes]).frames).toEqual(['01c002db03']);
  });

  it.each([
    ['01010100', ['0000']],
    ['0311220233' + '00', ['11220033']],
    ['0511223344' + '00', ['11223344']],
    ['02110101' + '0100', ['11000000']],
  ])('COBS: %s', (hex, frames) => {
    expect(cut(COBS, [Buffer.from(hex, 'hex')])).toEqual({ frames, faults: [] });
  });

  it('COBS: a block that reaches beyond its end costs this frame alone', () => {
    const result = cut(COBS, [Buffer.from('091122000231000900', 'hex')]);
    expect(result).toEqual({ frames: ['31'], faults: ['malformed', 'malformed'] });
  });

  it('a length that cannot be is skipped, and the next frame that can is found', () => {
    const garbage = Uint8Array.of(0xff, 0xff, 0xff, 0xfe);
    const result = cut(LENGTH, [garbage, frameSerial(latin1('one'), 'length-prefixed')], 64);
    expect(textsOf(result)).toEqual(['one']);
    expect(result.faults).toEqual(['malformed']);
  });

  it('a frame that stays away is given up by a reset', () => {
    const frames: string[] = [];
    const framer = createFramer(LENGTH, {
      maxFrameBytes: 64,
      onFrame: (bytes) => frames.push(hexOf(bytes)),
      onFault: () => undefined,
    });
    framer.push(Uint8Array.of(0, 30, 1, 2));
    expect(framer.isWithinFrame).toBe(true);
    framer.reset();
    expect(framer.isWithinFrame).toBe(false);
    framer.push(frameSerial(Uint8Array.of(7), 'length-prefixed'));
    expect(frames).toEqual(['07']);
  });
});
