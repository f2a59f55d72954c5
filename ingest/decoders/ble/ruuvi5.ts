import type { MetricName, Metrics } from '../../model/metrics.ts';
import { macOfBytes } from './mac.ts';

/** Ruuvi Innovations' company identifier. */
export const RUUVI_COMPANY = 0x0499;
export const RUUVI_FORMAT_5 = 5;
const LENGTH = 24;

export interface RuuviReading {
  readonly metrics: Metrics;
  /** Measurement sequence number, to tell a repeated advert from a new measurement. */
  readonly sequence: number | undefined;
  /** `AA:BB:CC:DD:EE:FF`, where the tag knows it. */
  readonly mac: string | undefined;
}

const set = (metrics: Metrics, name: MetricName, value: number | undefined): void => {
  if (value !== undefined) metrics[name] = value;
};

/**
 * Ruuvi data format 5 (RAWv2), the manufacturer data behind the company identifier. Big endian. "Not available" is the
 * largest value of an unsigned field and the smallest of a signed one; such a field comes out absent.
 * Divisions, not multiplications by 0.005: they round to the value that was measured.
 * Source: ruuvi/docs, communication/bluetooth-advertisements/data-format-5-rawv2.md.
 * @returns undefined for another length or format
 */
export const decodeRuuvi5 = (bytes: Uint8Array): RuuviReading | undefined => {
  if (bytes.length !== LENGTH || bytes[0] !== RUUVI_FORMAT_5) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signed = (at: number, divisor: number): number | undefined => {
    const raw = view.getInt16(at);
    return raw === -0x8000 ? undefined : raw / divisor;
  };
  const unsigned = (at: number): number | undefined => {
    const raw = view.getUint16(at);
    return raw === 0xffff ? undefined : raw;
  };
  const humidity = unsigned(3);
  const pressure = unsigned(5);
  const power = view.getUint16(13);
  const batteryMillivolts = power >> 5;
  const txPower = power & 0x1f;
  const movements = view.getUint8(15);
  const macBytes = bytes.subarray(18, 24);
  const metrics: Metrics = {};
  set(metrics, 'temperatureCelsius', signed(1, 200));
  set(metrics, 'humidityPercent', humidity === undefined ? undefined : humidity / 400);
  set(metrics, 'pressurePascals', pressure === undefined ? undefined : pressure + 50_000);
  set(metrics, 'accelerationXG', signed(7, 1000));
  set(metrics, 'accelerationYG', signed(9, 1000));
  set(metrics, 'accelerationZG', signed(11, 1000));
  set(metrics, 'batteryVolts', batteryMillivolts === 2047 ? undefined : (batteryMillivolts + 1600) / 1000);
  set(metrics, 'txPowerDbm', txPower === 31 ? undefined : txPower * 2 - 40);
  set(metrics, 'movementCount', movements === 255 ? undefined : movements);
  return {
    metrics,
    sequence: unsigned(16),
    mac: macBytes.every((byte) => byte === 0xff) ? undefined : macOfBytes(macBytes),
  };
};
