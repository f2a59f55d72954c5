import type { Metrics } from '../../model/metrics.ts';
import type { Decoded, DecodeFailure, Sample } from '../../model/sample.ts';
import { createSample } from '../../model/stamp.ts';
import { hasMetrics, onlyFailures, refused, setMetric } from '../findings.ts';
import { endOf, type Register, type RegisterMap } from './register-map.ts';

/** The most that one answer carries: 125 registers (Modbus Application Protocol V1.1b3, 6.3 and 6.4). */
const MAX_BYTES = 250;

/** A device that lacks a value sends the pattern that its type has no other use for. */
const NOT_AVAILABLE: Readonly<Record<Register['type'], readonly number[]>> = {
  u16: [0xffff],
  i16: [0x7fff, -0x8000],
  u32: [0xffff_ffff],
  i32: [0x7fff_ffff, -0x8000_0000],
  f32: [],
};

const swapped = (view: DataView, offset: number): number =>
  view.getUint16(offset + 2) * 0x1_0000 + view.getUint16(offset);

/** Two words, low one first, put the other way round. */
const wide = new DataView(new ArrayBuffer(4));

const inOrder = (view: DataView, offset: number, { wordOrder }: RegisterMap): readonly [DataView, number] => {
  if (wordOrder === 'high-first') return [view, offset];
  wide.setUint32(0, swapped(view, offset));
  return [wide, 0];
};

/** The number as it stands in the registers; NaN where the device says that it has none. */
const rawOf = (view: DataView, offset: number, { type }: Register, map: RegisterMap): number => {
  const read = (): number => {
    if (type === 'u16') return view.getUint16(offset);
    if (type === 'i16') return view.getInt16(offset);
    const [words, at] = inOrder(view, offset, map);
    if (type === 'u32') return words.getUint32(at);
    return type === 'i32' ? words.getInt32(at) : words.getFloat32(at);
  };
  const raw = read();
  return NOT_AVAILABLE[type].includes(raw) ? Number.NaN : raw;
};

/** Divided by a power of ten rather than multiplied by its inverse: 2257 becomes 225.7 and nothing beside it. */
const scaled = (raw: number, scale: number): number => (scale < 1 ? raw / Math.round(1 / scale) : raw * scale);

/** Where the bytes came from. */
export interface RegisterBlock {
  readonly map: RegisterMap;
  /** Address of the first register. */
  readonly start: number;
  /** The registers' bytes, without anything around them. */
  readonly bytes: Uint8Array;
}

/**
 * Registers to samples, one for each channel. Quantities outside of the block are not there; one that its end cuts in
 * half, one that is not available and one that the sensor cannot report is a failure of that quantity alone.
 * @param device name that the samples carry
 */
export const decodeRegisters = ({ map, start, bytes }: RegisterBlock, device: string, arrivedMs: number): Decoded => {
  if (bytes.length === 0 || bytes.length % 2 !== 0 || bytes.length > MAX_BYTES) {
    return refused('wrong-length', '', `whole registers of 2 bytes, at most ${MAX_BYTES} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = start + bytes.length / 2;
  const failures: DecodeFailure[] = [];
  const channels = new Map<string, Metrics>();
  for (const register of map.registers) {
    const { address, metric, channel, scale } = register;
    if (address < start || address >= end) continue;
    const where = channel === '' ? metric : `${metric}/${channel}`;
    if (endOf(register) > end) {
      failures.push({ code: 'wrong-length', where, expected: 'both registers of a 32-bit value' });
      continue;
    }
    const metrics = channels.get(channel) ?? {};
    channels.set(channel, metrics);
    setMetric(metrics, metric, scaled(rawOf(view, (address - start) * 2, register, map), scale), where, failures);
  }
  if (channels.size === 0 && failures.length === 0) {
    return refused('wrong-length', '', `registers of ${map.names[0]}, from ${map.registers[0]?.address ?? 0} on`);
  }
  const samples: Sample[] = [];
  for (const [channel, metrics] of channels) {
    if (!hasMetrics(metrics)) continue;
    samples.push(createSample(device, channel, arrivedMs, 'arrival', arrivedMs, undefined, metrics));
  }
  return samples.length === 0 ? onlyFailures(failures) : { samples, occurrences: [], failures };
};
