import { crc16 } from './crc.ts';

/** What a request is answered by. */
export interface Expected {
  readonly unit: number;
  readonly functionCode: number;
  /** Registers. */
  readonly count: number;
}

export type Received =
  /** The answer, whole and checked, or the unit's refusal. */
  | { readonly type: 'answer'; readonly frame: Uint8Array }
  /** It looks like the answer, but its check sum is wrong. */
  | { readonly type: 'corrupt'; readonly frame: Uint8Array }
  /** An answer that nobody waits for; undefined `count`: a refusal. */
  | {
      readonly type: 'late';
      readonly unit: number;
      readonly functionCode: number;
      readonly count: number | undefined;
    };

/** Finds answers among the bytes of a serial line. */
export interface Receiver {
  /** What was received before is no answer to this. */
  expect(expected: Expected): void;
  /** No answer is waited for any more: it timed out. */
  giveUp(): void;
  take(bytes: Uint8Array): readonly Received[];
  /** Bytes that belonged to no answer, since the start. */
  readonly strayBytes: number;
  /** Bytes since the last request that have not become an answer: noise, or an answer in pieces. */
  readonly pendingBytes: number;
}

/** Two frames of the largest size (Modbus over Serial Line V1.02, 2.5.1): what is older is given up. */
const BUFFER_BYTES = 512;

const EXCEPTION_BYTES = 5;
const EXCEPTION_BIT = 0x80;
const MAX_UNIT = 247;

/** Length of the frame that may begin here, by its head; undefined: none can. NaN: too few bytes to say. */
const lengthAt = (bytes: Uint8Array, at: number): number | undefined => {
  const unit = bytes[at] ?? 0;
  if (unit === 0 || unit > MAX_UNIT) return undefined;
  const code = bytes[at + 1];
  if (code === undefined) return Number.NaN;
  const plain = code & ~EXCEPTION_BIT;
  if (plain !== 3 && plain !== 4) return undefined;
  if (code !== plain) return EXCEPTION_BYTES;
  const size = bytes[at + 2];
  if (size === undefined) return Number.NaN;
  return size >= 2 && size <= 250 && size % 2 === 0 ? EXCEPTION_BYTES + size : undefined;
};

const isSound = (frame: Uint8Array): boolean => {
  const end = frame.length - 2;
  return crc16(frame, 0, end) === (frame[end] ?? 0) + 0x100 * (frame[end + 1] ?? 0);
};

const joined = (head: Uint8Array, tail: Uint8Array): Uint8Array => {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
};

export const createReceiver = (): Receiver => {
  let buffer: Uint8Array = new Uint8Array(0);
  let expected: Expected | undefined;
  let strayBytes = 0;

  const drop = (bytes: number): void => {
    buffer = buffer.subarray(bytes);
    strayBytes += bytes;
  };

  const isExpected = (frame: Uint8Array): boolean => {
    if (expected === undefined || frame[0] !== expected.unit) return false;
    if (frame[1] === (expected.functionCode | EXCEPTION_BIT)) return true;
    return frame[1] === expected.functionCode && frame[2] === 2 * expected.count;
  };

  const judged = (frame: Uint8Array): Received => {
    if (!isExpected(frame)) {
      const [unit = 0, code = 0, size = 0] = frame;
      const count = (code & EXCEPTION_BIT) === 0 ? size / 2 : undefined;
      return { type: 'late', unit, functionCode: code & ~EXCEPTION_BIT, count };
    }
    expected = undefined;
    return { type: 'answer', frame };
  };

  /** The next thing in the buffer; undefined where it is empty or has only the beginning of a frame. */
  const next = (): Received | undefined => {
    while (buffer.length > 0) {
      const length = lengthAt(buffer, 0);
      if (length === undefined) {
        drop(1);
        continue;
      }
      if (!(buffer.length >= length)) return undefined;
      const frame = buffer.slice(0, length);
      if (isSound(frame)) {
        buffer = buffer.subarray(length);
        return judged(frame);
      }
      drop(1);
      // No time is lost with waiting for an answer that has come broken.
      if (isExpected(frame)) {
        expected = undefined;
        return { type: 'corrupt', frame };
      }
    }
    return undefined;
  };

  return {
    expect: (request) => {
      drop(buffer.length);
      expected = request;
    },
    giveUp: () => {
      expected = undefined;
    },
    take: (bytes) => {
      buffer = joined(buffer, bytes);
      if (buffer.length > BUFFER_BYTES) drop(buffer.length - BUFFER_BYTES);
      const all: Received[] = [];
      for (let found = next(); found !== undefined; found = next()) all.push(found);
      return all;
    },
    get strayBytes() {
      return strayBytes;
    },
    get pendingBytes() {
      return buffer.length;
    },
  };
};
