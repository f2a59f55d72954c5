import { fail, put, type Reading, startReading } from '../reading.ts';
import { pascals } from './ruuvi5.ts';

const LENGTH = 14;

const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] ?? 0;

const milliG = (bytes: Uint8Array, at: number): number =>
  (((byteAt(bytes, at) << 24) >> 16) | byteAt(bytes, at + 1)) / 1000;

/**
 * Ruuvi data format 3 (RAWv1), deprecated and still worn. No "not available", no sequence. Temperature is a sign and
 * whole degrees (one byte) and hundredths (another).
 * Source: ruuvi/docs, communication/bluetooth-advertisements/data-format-3-rawv1.md.
 */
export const readRuuvi3 = (bytes: Uint8Array, from: number, to: number): Reading => {
  const reading = startReading('ruuvi3', 0);
  if (to - from !== LENGTH) {
    fail(reading, 'wrong-length', '', '14 bytes of Ruuvi data format 3');
    return reading;
  }
  const whole = byteAt(bytes, from + 2);
  const hundredths = byteAt(bytes, from + 3);
  put(reading, 'humidityPercent', byteAt(bytes, from + 1) / 2);
  if (hundredths > 99) fail(reading, 'out-of-range', 'temperatureCelsius', 'at most 99 hundredths of a degree');
  else put(reading, 'temperatureCelsius', (((whole & 0x7f) * 100 + hundredths) / 100) * (whole > 0x7f ? -1 : 1));
  put(reading, 'pressurePascals', pascals((byteAt(bytes, from + 4) << 8) | byteAt(bytes, from + 5)));
  put(reading, 'accelerationXG', milliG(bytes, from + 6));
  put(reading, 'accelerationYG', milliG(bytes, from + 8));
  put(reading, 'accelerationZG', milliG(bytes, from + 10));
  put(reading, 'batteryVolts', ((byteAt(bytes, from + 12) << 8) | byteAt(bytes, from + 13)) / 1000);
  return reading;
};
