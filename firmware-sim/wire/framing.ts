import { z } from 'zod';

/** How a device marks where a frame ends. */
export const serialFraming = z
  .enum(['readline', 'length-prefixed', 'slip', 'cobs'])
  .default('readline')
  .describe('CR LF, two bytes of length (big endian), SLIP (RFC 1055), or COBS with a zero byte');

export type SerialFraming = z.output<typeof serialFraming>;

const CR_LF = Buffer.from('\r\n');

/** RFC 1055: END, ESC and what stands for them within a packet. */
const SLIP = { end: 0xc0, esc: 0xdb, escEnd: 0xdc, escEsc: 0xdd } as const;

const slip = (bytes: Uint8Array): Buffer => {
  const out: number[] = [SLIP.end];
  for (const byte of bytes) {
    if (byte === SLIP.end) out.push(SLIP.esc, SLIP.escEnd);
    else if (byte === SLIP.esc) out.push(SLIP.esc, SLIP.escEsc);
    else out.push(byte);
  }
  return Buffer.from([...out, SLIP.end]);
};

const COBS_BLOCK_MAX = 254;

/** Cheshire and Baker, "Consistent Overhead Byte Stuffing", IEEE/ACM ToN 7(2), 1999: no zero but the one at the end. */
const cobs = (bytes: Uint8Array): Buffer => {
  const out: number[] = [];
  let block: number[] = [];
  let full = false;
  const flush = (): void => {
    out.push(block.length + 1, ...block);
    block = [];
  };
  for (const byte of bytes) {
    full = false;
    if (byte !== 0) block.push(byte);
    if (byte === 0) flush();
    else if (block.length === COBS_BLOCK_MAX) {
      flush();
      full = true;
    }
  }
  // A full block at the very end says nothing of a zero after it.
  if (!full) flush();
  return Buffer.from([...out, 0]);
};

const lengthPrefixed = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** The bytes of one frame as they go over the wire. */
export const frameSerial = (bytes: Uint8Array, framing: SerialFraming): Buffer => {
  switch (framing) {
    case 'readline':
      return Buffer.concat([bytes, CR_LF]);
    case 'length-prefixed':
      return lengthPrefixed(bytes);
    case 'slip':
      return slip(bytes);
    case 'cobs':
      return cobs(bytes);
  }
};
