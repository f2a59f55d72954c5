import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReceiver, type Received } from '../../../../ingest/sources/modbus/receiver.ts';
import { vectors } from '../../../shared-vectors.ts';
import { refusal, reply } from './rtu-frames.ts';

const EXPECTED = { unit: 1, functionCode: 4, count: 2 } as const;
const ANSWER = reply(1, [0x0131, 0x0222]);

const taken = (...chunks: readonly Uint8Array[]): readonly Received[] => {
  const receiver = createReceiver();
  receiver.expect(EXPECTED);
  return chunks.flatMap((chunk) => receiver.take(chunk));
};

/** Bytes cut at arbitrary places. */
const inPieces = (bytes: Uint8Array) =>
  fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 6 }).map((cuts) => {
    const at = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
    return at.slice(1).map((end, index) => bytes.subarray(at[index], end));
  });

const frames = (vectors('modbus_frames.jsonl') ?? []).filter(({ direction }) => direction === 'response');

describe('what a serial line receives', () => {
  test.skipIf(frames.length === 0).each(frames)('public frame $id, whole and byte by byte', ({ frame_hex }) => {
    const frame = Buffer.from(String(frame_hex), 'hex');
    const functionCode = frame.readUInt8(1) & 0x7f;
    const expected = { unit: frame.readUInt8(0), functionCode, count: frame.readUInt8(2) / 2 };
    for (const chunks of [[frame], [...frame].map((byte) => Uint8Array.of(byte))]) {
      const receiver = createReceiver();
      receiver.expect(expected);
      expect(chunks.flatMap((chunk) => receiver.take(chunk))).toEqual([
        { type: 'answer', frame: new Uint8Array(frame) },
      ]);
    }
  });

  test('an answer is found however it is cut, and whatever glitches precede it', () => {
    const glitches = fc.uint8Array({ maxLength: 4 }).map((bytes) => bytes.map((byte) => (byte % 2 === 0 ? 0 : 0xff)));
    const line = glitches.chain((noise) => inPieces(Buffer.concat([noise, ANSWER])));
    fc.assert(
      fc.property(line, (chunks) => {
        expect(taken(...chunks)).toEqual([{ type: 'answer', frame: new Uint8Array(ANSWER) }]);
      }),
    );
  });

  test('a late answer of another length, or of another unit, is told apart and stepped over', () => {
    expect(taken(Buffer.concat([reply(1, [7, 8, 9]), reply(2, [1, 2]), ANSWER]))).toEqual([
      { type: 'late', functionCode: 4, unit: 1, count: 3 },
      { type: 'late', functionCode: 4, unit: 2, count: 2 },
      { type: 'answer', frame: new Uint8Array(ANSWER) },
    ]);
  });

  test('what came before the request is no answer to it', () => {
    const receiver = createReceiver();
    expect(receiver.take(ANSWER)).toEqual([{ type: 'late', functionCode: 4, unit: 1, count: 2 }]);
    receiver.take(ANSWER.subarray(0, 5));
    receiver.expect(EXPECTED);
    expect(receiver.take(ANSWER.subarray(5))).toEqual([]);
    expect(receiver.strayBytes).toBeGreaterThanOrEqual(5);
  });

  test('after it was given up an answer is late', () => {
    const receiver = createReceiver();
    receiver.expect(EXPECTED);
    receiver.giveUp();
    expect(receiver.take(ANSWER)).toEqual([{ type: 'late', functionCode: 4, unit: 1, count: 2 }]);
  });

  test('one answer to one request', () => {
    expect(taken(Buffer.concat([ANSWER, ANSWER])).map(({ type }) => type)).toEqual(['answer', 'late']);
  });

  test('a refusal is an answer; one of another function is not', () => {
    expect(taken(refusal(1, 2))).toMatchObject([{ type: 'answer' }]);
    expect(taken(refusal(1, 2, 3))).toEqual([{ type: 'late', functionCode: 3, unit: 1, count: undefined }]);
  });

  test('a wrong check sum is told at once, whichever bit is wrong', () => {
    fc.assert(
      fc.property(fc.integer({ min: 24, max: ANSWER.length * 8 - 1 }), (bit) => {
        const bytes = Buffer.from(ANSWER);
        bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(taken(bytes).map(({ type }) => type)).toEqual(['corrupt']);
      }),
    );
  });

  test('no bytes make it throw, grow, or find an answer that is not there', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (chunks) => {
        const receiver = createReceiver();
        receiver.expect(EXPECTED);
        for (const { type } of chunks.flatMap((chunk) => receiver.take(chunk))) expect(type).not.toBe('answer');
        expect(receiver.pendingBytes).toBeLessThanOrEqual(255);
      }),
      { numRuns: 500 },
    );
  });
});
