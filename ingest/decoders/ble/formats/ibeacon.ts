import { fail, put, type Reading, startReading } from '../reading.ts';

/** Type, length, UUID, major, minor, measured power: behind Apple's identifier. */
const LENGTH = 23;

const signedByte = (raw: number | undefined): number => ((raw ?? 0) << 24) >> 24;

const uuidText = (bytes: Uint8Array, from: number): string =>
  Buffer.from(bytes.subarray(from, from + 16))
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/**
 * Apple's iBeacon: that the device was heard, and as whom. Nothing is measured. The power is what a receiver at one
 * metre would see. Source: Apple, Proximity Beacon Specification R1, section 3.
 */
export const readIbeacon = (bytes: Uint8Array, from: number, to: number): Reading => {
  const reading = startReading('ibeacon', 0);
  if (to - from !== LENGTH) {
    fail(reading, 'wrong-length', '', '23 bytes of an iBeacon');
    return reading;
  }
  const uuid = uuidText(bytes, from + 2);
  const major = ((bytes[from + 18] ?? 0) << 8) | (bytes[from + 19] ?? 0);
  const minor = ((bytes[from + 20] ?? 0) << 8) | (bytes[from + 21] ?? 0);
  const power = signedByte(bytes[from + 22]);
  put(reading, 'txPowerDbm', power >= -100 && power <= 20 ? power : undefined);
  reading.remarks = [{ about: 'ibeacon', attributes: { beacon: 'ibeacon', uuid, major, minor } }];
  return reading;
};
