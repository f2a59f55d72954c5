/** Where one MQTT control packet lies in a buffer. One object is reused for every packet: nothing is allocated. */
export interface PacketSpan {
  /** Packet type and flags. */
  first: number;
  start: number;
  /** Where the variable header begins. */
  body: number;
  /** One past the last byte, or -1 while the remaining length is not known. */
  end: number;
}

export const COMPLETE = 0;
export const INCOMPLETE = 1;
/** A remaining length of more than four bytes (MQTT 3.1.1 section 2.2.3). */
export const MALFORMED = 2;
export const TOO_LARGE = 3;

export const packetSpan = (): PacketSpan => ({ first: 0, start: 0, body: 0, end: -1 });

/**
 * Finds the packet that begins at `at` in the first `length` bytes. A packet is too large by what it announces, so
 * that nothing of it is ever kept.
 */
export const findPacket = (
  bytes: Uint8Array,
  at: number,
  length: number,
  maxBytes: number,
  span: PacketSpan,
): number => {
  span.start = at;
  span.end = -1;
  if (at >= length) return INCOMPLETE;
  span.first = bytes[at] ?? 0;
  let index = at + 1;
  let remaining = 0;
  for (let shift = 0; ; shift += 7) {
    if (shift > 21) return MALFORMED;
    if (index >= length) return INCOMPLETE;
    const byte = bytes[index] ?? 0;
    index += 1;
    remaining += (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  span.body = index;
  span.end = index + remaining;
  if (span.end - at > maxBytes) return TOO_LARGE;
  return span.end <= length ? COMPLETE : INCOMPLETE;
};
