/**
 * A recording: files `00000001.flight`, `00000002.flight`, … A file is `MUSTERF1` and blocks, all numbers little-endian:
 *
 *     u32 magic "MFLT" · u32 stored bytes · u32 raw bytes · u32 CRC-32 of the stored bytes · stored bytes
 *
 * Stored bytes are raw DEFLATE, or the raw bytes themselves where there are as many of them.
 * A block that does not reach its end, or whose checksum is wrong, is a torn tail: what stands before it counts.
 * A block is `f64 base` (Unix ms) and records, each `u8 kind` and then:
 *
 *     route  u32 number · u32 length · JSON [source, transport, address, client | null, profile | null]
 *     frame  u8 flags · u32 route · u32 ms since base, or f64 ms where WIDE · i16 dBm where RSSI · u32 length · payload
 *     wake   u32 timer · f64 ms
 *     the others: u32 length · JSON
 *
 * Numbers of routes hold for their file, from the record that gives them; a later one may give a number again.
 */
export const FILE_MAGIC = Buffer.from('MUSTERF1', 'latin1');
export const BLOCK_MAGIC = 0x544c464d;
export const BLOCK_HEADER_BYTES = 16;
export const BASE_BYTES = 8;
export const FORMAT = 1;

export const KIND = {
  route: 1,
  frame: 2,
  wake: 3,
  /** `FileHead`: first in every file. */
  head: 4,
  /** `RunStart`, then `StatePart`s, then `ready`: a gateway begins. */
  start: 5,
  state: 6,
  ready: 7,
  /** `FlightInput`. */
  input: 8,
  /** An alarm event: what came of the records before it. */
  event: 9,
  /** `Mark`. */
  mark: 10,
} as const;

export const RETAINED = 1;
export const WIDE = 2;
export const RSSI = 4;

/** Of a frame record, beside its payload. */
export const FRAME_BYTES_MAX = 1 + 1 + 4 + 8 + 2 + 4;
export const WAKE_BYTES = 1 + 4 + 8;

export const FILE_NAME = /^(\d{8,})\.flight$/;

export const fileName = (number: number): string => `${String(number).padStart(8, '0')}.flight`;
