import { describe, expect, test } from 'vitest';
import { exceptionReply, type ReadRequest, readReply, requestReader } from '../../../firmware-sim/wire/modbus.ts';
import { vectors } from '../../shared-vectors.ts';

const cases = vectors('modbus_frames.jsonl') ?? [];
const requests = cases.filter(({ direction }) => direction === 'request');
const replies = cases.filter(({ direction }) => direction === 'response');

const heard = (...chunks: readonly Uint8Array[]): readonly ReadRequest[] => {
  const all: ReadRequest[] = [];
  const take = requestReader((request) => all.push(request));
  for (const chunk of chunks) take(chunk);
  return all;
};

describe('the wire of simulated Modbus slaves', () => {
  test.skipIf(requests.length === 0).each(requests)(
    'hears public request $id, whole, split and after noise',
    (each) => {
      const frame = Buffer.from(String(each.frame_hex), 'hex');
      const { slave, function: functionCode, start, count } = Object(each.expected);
      const expected = [{ unit: slave, functionCode, start, count }];
      expect(heard(frame)).toEqual(expected);
      expect(heard(...[...frame].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
      expect(heard(Buffer.from([0xff, 0, 1, 4]), frame)).toEqual(expected);
    },
  );

  test.skipIf(replies.length === 0).each(replies)('speaks as public answer $id', ({ frame_hex }) => {
    const frame = Buffer.from(String(frame_hex), 'hex');
    const code = frame.readUInt8(1);
    const request = { unit: frame.readUInt8(0), functionCode: code & 0x7f, start: 0, count: 0 };
    const words = Array.from({ length: frame.readUInt8(2) >> 1 }, (_, at) => frame.readUInt16BE(3 + 2 * at));
    const spoken = code > 0x80 ? exceptionReply(request, frame.readUInt8(2)) : readReply(request, words);
    expect(spoken.toString('hex')).toBe(frame.toString('hex'));
  });

  test('a request with a wrong check sum is not heard', () => {
    expect(heard(Buffer.from('01040000000a700e', 'hex'))).toEqual([]);
  });
});
