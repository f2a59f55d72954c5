import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { SCALES, type Scale, scaleOf, UNSCALED } from './scale.ts';
import { VarintReader, VarintWriter } from './varint.ts';

/**
 * A block: readings of one series in order of time. One byte of flags, one of the values' scale, then, deflated where
 * that is shorter: varints of count, first time, difference to the next, changes of that difference; then values, as
 * varints of the changes of whole numbers (scale.ts), or as doubles XORed with the one before, byte by byte.
 */
const DEFLATED = 1;
/** Times are whole milliseconds. */
const MILLISECONDS = 2;

const HEADER_BYTES = 2;
const DEFLATE_FROM_BYTES = 96;

/** Bytes that are not a block: the store's file is damaged. */
export class BlockFormatError extends Error {
  override readonly name = 'BlockFormatError';
}

/** Readings of one series as columns. */
export interface Points {
  /** Unix microseconds, rising. */
  readonly timesUs: Float64Array;
  readonly values: Float64Array;
  readonly count: number;
}

const writer = new VarintWriter();

const isMilliseconds = ({ timesUs, count }: Points): boolean => {
  for (let index = 0; index < count; index += 1) if ((timesUs[index] ?? 0) % 1000 !== 0) return false;
  return true;
};

const writeTimes = ({ timesUs, count }: Points, unitUs: number): void => {
  let last = 0;
  let lastStep = 0;
  for (let index = 0; index < count; index += 1) {
    const time = (timesUs[index] ?? 0) / unitUs;
    if (index === 0) writer.unsigned(time);
    else {
      const step = time - last;
      writer.signed(step - lastStep);
      lastStep = step;
    }
    last = time;
  }
};

const writeWholes = ({ values, count }: Points, { by, divisor }: Scale): void => {
  let last = 0;
  for (let index = 0; index < count; index += 1) {
    const whole = Math.round((values[index] ?? 0) * divisor * by);
    writer.signed(whole - last);
    last = whole;
  }
};

/** Doubles that resemble one another share their high bytes: XORed these are zeros, and side by side deflate finds them. */
const planesOf = ({ values, count }: Points): Uint8Array => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, count * 2);
  const planes = new Uint8Array(count * 8);
  for (let index = 0; index < count * 2; index += 1) {
    const changed = (bits[index] ?? 0) ^ (index < 2 ? 0 : (bits[index - 2] ?? 0));
    const half = (index & 1) * 4;
    for (let byte = 0; byte < 4; byte += 1) planes[(half + byte) * count + (index >> 1)] = changed >>> (byte * 8);
  }
  return planes;
};

/** @param points at least one, times rising, whole microseconds within a day of one another */
export const encodeBlock = (points: Points): Buffer => {
  const inMs = isMilliseconds(points);
  const scaleIndex = scaleOf(points.values, points.count);
  const scale = SCALES[scaleIndex];
  writer.reset();
  writer.unsigned(points.count);
  writeTimes(points, inMs ? 1000 : 1);
  if (scale !== undefined) writeWholes(points, scale);
  const plain = Buffer.concat(scale === undefined ? [writer.bytes, planesOf(points)] : [writer.bytes]);
  const packed = plain.length < DEFLATE_FROM_BYTES ? plain : deflateRawSync(plain, { level: 1, memLevel: 6 });
  const isDeflated = packed.length < plain.length;
  const flags = (isDeflated ? DEFLATED : 0) | (inMs ? MILLISECONDS : 0);
  return Buffer.concat([Buffer.of(flags, scaleIndex), isDeflated ? packed : plain]);
};

const inflate = (bytes: Uint8Array): Uint8Array => {
  try {
    return inflateRawSync(bytes);
  } catch (error) {
    throw new BlockFormatError('a block cannot be inflated', { cause: error });
  }
};

const readTimes = (reader: VarintReader, count: number, unitUs: number): Float64Array => {
  const timesUs = new Float64Array(count);
  let time = reader.unsigned();
  let step = 0;
  timesUs[0] = time * unitUs;
  for (let index = 1; index < count; index += 1) {
    step += reader.signed();
    time += step;
    timesUs[index] = time * unitUs;
  }
  return timesUs;
};

const readWholes = (reader: VarintReader, count: number, { by, divisor }: Scale): Float64Array => {
  const values = new Float64Array(count);
  let whole = 0;
  for (let index = 0; index < count; index += 1) {
    whole += reader.signed();
    values[index] = whole / by / divisor;
  }
  return values;
};

const readPlanes = (planes: Uint8Array, count: number): Float64Array => {
  const values = new Float64Array(count);
  const bits = new Uint32Array(values.buffer);
  for (let index = 0; index < count * 2; index += 1) {
    const half = (index & 1) * 4;
    let changed = 0;
    for (let byte = 0; byte < 4; byte += 1)
      changed |= (planes[(half + byte) * count + (index >> 1)] ?? 0) << (byte * 8);
    bits[index] = changed ^ (index < 2 ? 0 : (bits[index - 2] ?? 0));
  }
  return values;
};

const DAMAGED = 'a block is cut or damaged';

/** @throws BlockFormatError */
export const decodeBlock = (bytes: Uint8Array): Points => {
  const [flags, scaleIndex] = bytes;
  if (flags === undefined || scaleIndex === undefined) throw new BlockFormatError(DAMAGED);
  const body = bytes.subarray(HEADER_BYTES);
  const plain = (flags & DEFLATED) !== 0 ? inflate(body) : body;
  const reader = new VarintReader(plain);
  const count = reader.unsigned();
  // Every reading takes at least a byte for its time and one for its value.
  if (count < 1 || count * 2 > plain.length) throw new BlockFormatError(DAMAGED);
  const timesUs = readTimes(reader, count, (flags & MILLISECONDS) !== 0 ? 1000 : 1);
  if (scaleIndex === UNSCALED) {
    if (reader.left !== count * 8) throw new BlockFormatError(DAMAGED);
    return { timesUs, values: readPlanes(plain.subarray(plain.length - count * 8), count), count };
  }
  const scale = SCALES[scaleIndex];
  if (scale === undefined) throw new BlockFormatError(`a block of unknown scale ${scaleIndex}`);
  const values = readWholes(reader, count, scale);
  if (reader.left !== 0) throw new BlockFormatError(DAMAGED);
  return { timesUs, values, count };
};
