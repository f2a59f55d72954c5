import { fail, put, type Reading, startReading } from '../reading.ts';
import { pascals, scaled, signed16, unsigned16 } from './ruuvi5.ts';

const LENGTH_6 = 20;
const LENGTH_E1 = 40;

const unsigned24 = (bytes: Uint8Array, at: number): number | undefined => {
  const raw = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return raw === 0xffffff ? undefined : raw;
};

/** Nine bits: eight of its own and the least significant one among the flags. */
const index9 = (high: number | undefined, flags: number, bit: number): number | undefined => {
  const raw = ((high ?? 0) << 1) | ((flags >> bit) & 1);
  return raw === 0x1ff ? undefined : raw;
};

const readClimate = (reading: Reading, bytes: Uint8Array, from: number): void => {
  put(reading, 'temperatureCelsius', signed16(bytes, from + 1, 200));
  put(reading, 'humidityPercent', scaled(unsigned16(bytes, from + 3), 400));
  put(reading, 'pressurePascals', pascals(unsigned16(bytes, from + 5)));
};

/** exp(code x ln(65536) / 254) - 1, "rounded at most to 0.01". */
const lux = (code: number): number | undefined =>
  code === 255 ? undefined : Math.round((2 ** ((16 * code) / 254) - 1) * 100) / 100;

/**
 * Ruuvi data format 6 (Ruuvi Air for Bluetooth 4). Source: ruuvi/docs,
 * communication/bluetooth-advertisements/data-format-6.md.
 */
export const readRuuvi6 = (bytes: Uint8Array, from: number, to: number): Reading => {
  const reading = startReading('ruuvi6', 8);
  if (to - from !== LENGTH_6) {
    fail(reading, 'wrong-length', '', '20 bytes of Ruuvi data format 6');
    return reading;
  }
  const flags = bytes[from + 16] ?? 0;
  readClimate(reading, bytes, from);
  put(reading, 'pm25MicrogramsPerM3', scaled(unsigned16(bytes, from + 7), 10));
  put(reading, 'co2Ppm', unsigned16(bytes, from + 9));
  put(reading, 'vocIndex', index9(bytes[from + 11], flags, 6));
  put(reading, 'noxIndex', index9(bytes[from + 12], flags, 7));
  put(reading, 'illuminanceLux', lux(bytes[from + 13] ?? 255));
  reading.packet = bytes[from + 15];
  return reading;
};

/**
 * Ruuvi data format E1 (extended advertising of Ruuvi Air). Who hears it is to leave format 6 of the same device alone.
 * Source: ruuvi/docs, communication/bluetooth-advertisements/data-format-e1.md.
 */
export const readRuuviE1 = (bytes: Uint8Array, from: number, to: number): Reading => {
  const reading = startReading('ruuvi-e1', 24);
  if (to - from !== LENGTH_E1) {
    fail(reading, 'wrong-length', '', '40 bytes of Ruuvi data format E1');
    return reading;
  }
  const flags = bytes[from + 28] ?? 0;
  readClimate(reading, bytes, from);
  put(reading, 'pm1MicrogramsPerM3', scaled(unsigned16(bytes, from + 7), 10));
  put(reading, 'pm25MicrogramsPerM3', scaled(unsigned16(bytes, from + 9), 10));
  put(reading, 'pm4MicrogramsPerM3', scaled(unsigned16(bytes, from + 11), 10));
  put(reading, 'pm10MicrogramsPerM3', scaled(unsigned16(bytes, from + 13), 10));
  put(reading, 'co2Ppm', unsigned16(bytes, from + 15));
  put(reading, 'vocIndex', index9(bytes[from + 17], flags, 6));
  put(reading, 'noxIndex', index9(bytes[from + 18], flags, 7));
  put(reading, 'illuminanceLux', scaled(unsigned24(bytes, from + 19), 100));
  reading.packet = unsigned24(bytes, from + 25);
  return reading;
};
