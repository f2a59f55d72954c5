/** A request to read registers (Modbus Application Protocol V1.1b3, 6.3 and 6.4). */
export interface ReadRequest {
  readonly unit: number;
  readonly functionCode: number;
  readonly start: number;
  readonly count: number;
}

const REQUEST_BYTES = 8;

/** Modbus over Serial Line V1.02, 6.2.2. The table of the specification, by its own rule: one entry a byte. */
const CRC_TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let entry = byte;
  for (let bit = 0; bit < 8; bit += 1) entry = entry % 2 === 1 ? Math.floor(entry / 2) ^ 0xa001 : entry / 2;
  return entry;
});

const crcOf = (bytes: Uint8Array): number =>
  bytes.reduce((crc, byte) => (crc >> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0), 0xffff);

/** A frame with its check sum, low byte first. */
export const sealed = (body: readonly number[]): Buffer => {
  const frame = Buffer.alloc(body.length + 2);
  frame.set(body);
  frame.writeUInt16LE(crcOf(frame.subarray(0, body.length)), body.length);
  return frame;
};

const isSealed = (frame: Buffer): boolean =>
  crcOf(frame.subarray(0, frame.length - 2)) === frame.readUInt16LE(frame.length - 2);

/** Finds requests to read among the bytes of a bus; what does not fit is passed over, as a slave does. */
export const requestReader = (onRequest: (request: ReadRequest) => void): ((bytes: Uint8Array) => void) => {
  let waiting = Buffer.alloc(0);
  return (bytes) => {
    waiting = Buffer.concat([waiting, bytes]);
    let at = 0;
    while (waiting.length - at >= REQUEST_BYTES) {
      const frame = waiting.subarray(at, at + REQUEST_BYTES);
      if (!isSealed(frame)) {
        at += 1;
        continue;
      }
      at += REQUEST_BYTES;
      onRequest({
        unit: frame.readUInt8(0),
        functionCode: frame.readUInt8(1),
        start: frame.readUInt16BE(2),
        count: frame.readUInt16BE(4),
      });
    }
    waiting = Buffer.from(waiting.subarray(at));
  };
};

export const readReply = ({ unit, functionCode }: ReadRequest, words: readonly number[]): Buffer =>
  sealed([unit, functionCode, words.length * 2, ...words.flatMap((word) => [word >> 8, word & 0xff])]);

export const exceptionReply = ({ unit, functionCode }: ReadRequest, code: number): Buffer =>
  sealed([unit, functionCode | 0x80, code]);

/** Exceptions of a request that cannot be answered (same document, section 7). */
export const ILLEGAL_FUNCTION = 1;
export const ILLEGAL_ADDRESS = 2;
export const ILLEGAL_VALUE = 3;
