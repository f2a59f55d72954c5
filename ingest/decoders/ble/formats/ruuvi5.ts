import { fail, put, type Reading, startReading } from '../reading.ts';

/** Bytes behind the company identifier. */
const LENGTH = 24;

/** Big endian; the largest value stands for "not available". */
export const unsigned16 = (bytes: Uint8Array, at: number): number | undefined => {
  const raw = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  return raw === 0xffff ? undefined : raw;
};

/** Big endian, divided; the smallest value stands for "not available". */
export const signed16 = (bytes: Uint8Array, at: number, divisor: number): number | undefined => {
  const raw = (((bytes[at] ?? 0) << 24) >> 16) | (bytes[at + 1] ?? 0);
  return raw === -0x8000 ? undefined : raw / divisor;
};

export const scaled = (raw: number | undefined, divisor: number): number | undefined =>
  raw === undefined ? undefined : raw / divisor;

/** Pascals above 50,000. */
export const pascals = (raw: number | undefined): number | undefined => (raw === undefined ? undefined : raw + 50_000);

/**
 * Ruuvi data format 5 (RAWv2), the manufacturer data behind the company identifier. Big endian. "Not available" is the
 * largest value of an unsigned field and the smallest of a signed one; such a field comes out absent.
 * Divisions, not multiplications by 0.005: they round to the value that was measured.
 * Source: ruuvi/docs, communication/bluetooth-advertisements/data-format-5-rawv2.md.
 */
export const readRuuvi5 = (bytes: Uint8Array, from: number, to: number): Reading => {
  const reading = startReading('ruuvi5', 16);
  if (to - from !== LENGTH) {
    fail(reading, 'wrong-length', '', '24 bytes of Ruuvi data format 5');
    return reading;
  }
  put(reading, 'temperatureCelsius', signed16(bytes, from + 1, 200));
  put(reading, 'humidityPercent', scaled(unsigned16(bytes, from + 3), 400));
  put(reading, 'pressurePascals', pascals(unsigned16(bytes, from + 5)));
  put(reading, 'accelerationXG', signed16(bytes, from + 7, 1000));
  put(reading, 'accelerationYG', signed16(bytes, from + 9, 1000));
  put(reading, 'accelerationZG', signed16(bytes, from + 11, 1000));
  const power = ((bytes[from + 13] ?? 0) << 8) | (bytes[from + 14] ?? 0);
  const batteryMillivolts = power >> 5;
  const txPower = power & 0x1f;
  if (batteryMillivolts !== 2047) put(reading, 'batteryVolts', (batteryMillivolts + 1600) / 1000);
  if (txPower !== 31) put(reading, 'txPowerDbm', txPower * 2 - 40);
  const movements = bytes[from + 15] ?? 255;
  if (movements !== 255) put(reading, 'movementCount', movements);
  reading.packet = unsigned16(bytes, from + 16);
  return reading;
};
