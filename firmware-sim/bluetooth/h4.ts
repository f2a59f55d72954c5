/** What a host sends: Core Specification 5.4, vol 4, part A, section 2, and part E, sections 5.4.1 and 5.4.2. */
export type HostPacket =
  | { readonly type: 'command'; readonly opcode: number; readonly parameters: Buffer }
  | { readonly type: 'acl'; readonly handle: number; readonly isContinued: boolean; readonly bytes: Buffer };

const COMMAND = 0x01;
const ACL = 0x02;
const ACL_MAX_BYTES = 1024;

/** The packet that begins at `at`, and where it ends; undefined: it has not ended; `noise`: none begins there. */
const packetAt = (
  bytes: Buffer,
  at: number,
): { readonly packet: HostPacket; readonly end: number } | 'noise' | undefined => {
  const left = bytes.length - at;
  if (bytes[at] === COMMAND) {
    if (left < 4) return undefined;
    const end = at + 4 + bytes.readUInt8(at + 3);
    if (end > bytes.length) return undefined;
    return {
      packet: { type: 'command', opcode: bytes.readUInt16LE(at + 1), parameters: bytes.subarray(at + 4, end) },
      end,
    };
  }
  if (bytes[at] !== ACL) return 'noise';
  if (left < 5) return undefined;
  const length = bytes.readUInt16LE(at + 3);
  if (length > ACL_MAX_BYTES) return 'noise';
  const end = at + 5 + length;
  if (end > bytes.length) return undefined;
  const head = bytes.readUInt16LE(at + 1);
  const packet = {
    type: 'acl',
    handle: head & 0x0fff,
    // Packet boundary flag 1: a continuing fragment of a higher layer's message.
    isContinued: ((head >> 12) & 0x03) === 1,
    bytes: bytes.subarray(at + 5, end),
  } as const;
  return { packet, end };
};

/** Cuts what a host writes into packets; bytes that begin none are skipped. */
export const createPacketReader = (onPacket: (packet: HostPacket) => void): ((chunk: Uint8Array) => void) => {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    const bytes = Buffer.concat([rest, chunk]);
    let at = 0;
    while (at < bytes.length) {
      const found = packetAt(bytes, at);
      if (found === undefined) break;
      if (found === 'noise') at += 1;
      else {
        at = found.end;
        onPacket(found.packet);
      }
    }
    rest = Buffer.from(bytes.subarray(at));
  };
};
