import type { SenmlRecord } from '../senml.ts';
import { addressBytes } from './events.ts';

const STANDARD_GRAVITY = 9.80665;
const COMPANY = Buffer.of(0x99, 0x04);
const LENGTH = 24;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, Math.round(value)));

/**
 * Ruuvi data format 5 (ruuvi/docs, data-format-5-rawv2), the company first; big endian. What was not measured is "not
 * available". A coin cell falls from 3.0 V to 2.0 V; transmit power is told as 4 dBm. Undefined: nothing of it fits.
 */
export const ruuvi5Data = (records: readonly SenmlRecord[], address: string, sequence: number): Buffer | undefined => {
  const values = new Map(records.map(({ n, v }) => [n, v]));
  const data = Buffer.alloc(LENGTH);
  let known = 0;
  const put = (name: string, write: (value: number) => void, absent: () => void): void => {
    const value = values.get(name);
    if (value === undefined) absent();
    else {
      known += 1;
      write(value);
    }
  };
  data.writeUInt8(5, 0);
  put(
    'temperature',
    (v) => data.writeInt16BE(clamp(v * 200, -32767, 32767), 1),
    () => data.writeInt16BE(-32768, 1),
  );
  put(
    'humidity',
    (v) => data.writeUInt16BE(clamp(v * 400, 0, 65534), 3),
    () => data.writeUInt16BE(65535, 3),
  );
  data.writeUInt16BE(65535, 5);
  for (const [index, axis] of ['x', 'y', 'z'].entries()) {
    const at = 7 + 2 * index;
    put(
      `acceleration/${axis}`,
      (v) => data.writeInt16BE(clamp((v / STANDARD_GRAVITY) * 1000, -32767, 32767), at),
      () => data.writeInt16BE(-32768, at),
    );
  }
  const txPower = (4 + 40) / 2;
  put(
    'battery',
    (v) => data.writeUInt16BE((clamp(400 + v * 10, 0, 2046) << 5) | txPower, 13),
    () => data.writeUInt16BE((2047 << 5) | txPower, 13),
  );
  // 255 is "not available": the counter wraps before it.
  put(
    'movements',
    (v) => data.writeUInt8(Math.round(v) % 255, 15),
    () => data.writeUInt8(255, 15),
  );
  data.writeUInt16BE(sequence % 65535, 16);
  addressBytes(address).reverse().copy(data, 18);
  return known === 0 ? undefined : Buffer.concat([COMPANY, data]);
};
