import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { Frame } from '../../ingest/model/frame.ts';
import { BASE_BYTES, BLOCK_HEADER_BYTES, BLOCK_MAGIC, FILE_MAGIC, KIND, RETAINED, RSSI, WIDE } from './format.ts';
import type { FlightRecord } from './records.ts';

/** What cannot be read as a recording. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** How a file ends: `whole`, or with bytes that are no complete block. */
export interface FileEnd {
  readonly blocks: number;
  readonly tornBytes: number;
}

/** No block of ours is nearly as large: a part of the state of a large venue, with what was begun before it. */
const RAW_BYTES_MAX = 256 * 1024 * 1024;

const bytesAt = (fd: number, at: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const count = readSync(fd, bytes, read, length - read, at + read);
    if (count === 0) break;
    read += count;
  }
  return bytes.subarray(0, read);
};

/** The block at a place, and where it ends; undefined: what stands there is none, or not all of one. */
const blockAt = (fd: number, at: number, size: number): readonly [block: Buffer, end: number] | undefined => {
  const header = bytesAt(fd, at, BLOCK_HEADER_BYTES);
  if (header.length < BLOCK_HEADER_BYTES || header.readUInt32LE(0) !== BLOCK_MAGIC) return undefined;
  const stored = header.readUInt32LE(4);
  const raw = header.readUInt32LE(8);
  const end = at + BLOCK_HEADER_BYTES + stored;
  if (end > size || raw > RAW_BYTES_MAX) return undefined;
  const bytes = bytesAt(fd, at + BLOCK_HEADER_BYTES, stored);
  if (crc32(bytes) !== header.readUInt32LE(12)) return undefined;
  const block = stored === raw ? bytes : inflateRawSync(bytes);
  return block.length === raw && raw >= BASE_BYTES ? [block, end] : undefined;
};

const routeSchema = z.tuple([
  z.string(),
  z.enum(['mqtt', 'ble', 'serial', 'modbus', 'http']),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
]);

type Route = Pick<Frame, 'source' | 'transport' | 'address' | 'client' | 'profile'>;

const routeOf = (text: string): Route => {
  const [source, transport, address, client, profile] = routeSchema.parse(JSON.parse(text));
  return {
    source,
    transport,
    address,
    ...(client === null ? {} : { client }),
    ...(profile === null ? {} : { profile }),
  };
};

/** JSON records were written by `JSON.stringify` of the types that stand here, under a checksum. */
const jsonRecord = (kind: number, text: string): FlightRecord => {
  switch (kind) {
    case KIND.head:
      return { type: 'head', head: JSON.parse(text) };
    case KIND.start:
      return { type: 'start', start: JSON.parse(text) };
    case KIND.state:
      return { type: 'state', part: JSON.parse(text) };
    case KIND.ready:
      return { type: 'ready' };
    case KIND.input:
      return { type: 'input', input: JSON.parse(text) };
    case KIND.event:
      return { type: 'event', event: JSON.parse(text) };
    case KIND.mark:
      return { type: 'mark', mark: JSON.parse(text) };
    default:
      throw new RecordingError(`record of kind ${kind}: written by a newer version`);
  }
};

/** Reads the records of blocks of one file. */
class BlockReader {
  readonly #routes: Route[] = [];

  records(block: Buffer): readonly FlightRecord[] {
    const records: FlightRecord[] = [];
    const baseMs = block.readDoubleLE(0);
    let at = BASE_BYTES;
    while (at < block.length) {
      const kind = block.readUInt8(at);
      if (kind === KIND.frame) {
        const [frame, end] = this.#frame(block, at, baseMs);
        at = end;
        records.push({ type: 'frame', frame });
      } else if (kind === KIND.wake) {
        records.push({ type: 'wake', timer: block.readUInt32LE(at + 1), atMs: block.readDoubleLE(at + 5) });
        at += 13;
      } else if (kind === KIND.route) {
        const end = at + 9 + block.readUInt32LE(at + 5);
        this.#routes[block.readUInt32LE(at + 1)] = routeOf(block.toString('utf8', at + 9, end));
        at = end;
      } else {
        const end = at + 5 + block.readUInt32LE(at + 1);
        records.push(jsonRecord(kind, block.toString('utf8', at + 5, end)));
        at = end;
      }
    }
    return records;
  }

  #frame(block: Buffer, from: number, baseMs: number): readonly [frame: Frame, end: number] {
    const flags = block.readUInt8(from + 1);
    const place = block.readUInt32LE(from + 2);
    const route = this.#routes[place];
    if (route === undefined) throw new RecordingError(`a frame of route ${place}, which nothing has given`);
    let at = from + 6;
    const isWide = (flags & WIDE) !== 0;
    const arrivedMs = isWide ? block.readDoubleLE(at) : baseMs + block.readUInt32LE(at);
    at += isWide ? 8 : 4;
    const hasRssi = (flags & RSSI) !== 0;
    const rssiDbm = hasRssi ? block.readInt16LE(at) : 0;
    if (hasRssi) at += 2;
    const end = at + 4 + block.readUInt32LE(at);
    const payload = block.subarray(at + 4, end);
    const retained = (flags & RETAINED) !== 0;
    const { source, transport, address, client } = route;
    // Nearly all frames, spelled out: a spread costs more than the rest of the way to the decoder.
    if (route.profile === undefined && !hasRssi) {
      return client === undefined
        ? [{ source, transport, address, payload, place, arrivedMs, retained }, end]
        : [{ source, transport, address, payload, place, arrivedMs, retained, client }, end];
    }
    return [{ ...route, payload, place, arrivedMs, retained, ...(hasRssi ? { rssiDbm } : {}) }, end];
  }
}

/** The records of one file, in order, a block at a time; ends before a torn tail, and says how it ended. */
export function* readFlightFile(path: string): Generator<readonly FlightRecord[], FileEnd> {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const magic = bytesAt(fd, 0, FILE_MAGIC.length);
    // A kill may come before the first bytes.
    if (!magic.equals(FILE_MAGIC) && !FILE_MAGIC.subarray(0, magic.length).equals(magic))
      throw new RecordingError(`${path} is not a recording of Muster`);
    const reader = new BlockReader();
    let at = FILE_MAGIC.length;
    let blocks = 0;
    for (let found = blockAt(fd, at, size); found !== undefined; found = blockAt(fd, at, size)) {
      yield reader.records(found[0]);
      at = found[1];
      blocks += 1;
    }
    return { blocks, tornBytes: Math.max(0, size - at) };
  } finally {
    closeSync(fd);
  }
}
