import type { MetricName } from '../../../model/metrics.ts';
import { fail, put, type Reading, startReading } from '../reading.ts';

const FRAME = 0xa1;
const MAC_BYTES = 6;

/** Signed, eight bits before the point and eight behind it. */
const signed88 = (bytes: Uint8Array, at: number): number =>
  ((((bytes[at] ?? 0) << 24) >> 16) | (bytes[at + 1] ?? 0)) / 256;

const putFlag = (reading: Reading, name: MetricName, raw: number | undefined): void => {
  put(reading, name, (raw ?? 0) & 1);
};

/** By kind of frame: its length, and how its own bytes, from the fourth on, are read. */
interface Frame {
  readonly length: number;
  read(reading: Reading, bytes: Uint8Array, at: number): void;
}

const flag = (length: number, name: MetricName, offset = 0): Frame => ({
  length,
  read: (reading, bytes, at) => putFlag(reading, name, bytes[at + offset]),
});

const FRAMES: ReadonlyMap<number, Frame> = new Map<number, Frame>([
  [
    0x01,
    {
      length: 13,
      read(reading, bytes, at) {
        put(reading, 'temperatureCelsius', signed88(bytes, at));
        put(reading, 'humidityPercent', signed88(bytes, at + 2));
      },
    },
  ],
  [0x02, flag(10, 'lightDetected')],
  [
    0x03,
    {
      length: 15,
      read(reading, bytes, at) {
        put(reading, 'accelerationXG', signed88(bytes, at));
        put(reading, 'accelerationYG', signed88(bytes, at + 2));
        put(reading, 'accelerationZG', signed88(bytes, at + 4));
      },
    },
  ],
  // Two bytes, of which the last bit counts.
  [0x11, flag(11, 'motionDetected', 1)],
  [0x13, { length: 11, read: (reading, bytes, at) => put(reading, 'temperatureCelsius', signed88(bytes, at)) }],
  // Four bytes of time come first, of a clock that nobody sets.
  [0x18, flag(14, 'vibrating', 4)],
  [0x20, flag(10, 'tampered')],
  [0x21, flag(10, 'waterDetected')],
]);

const INFO = 0x08;

/** Battery, MAC address, name. */
const readInfo = (reading: Reading, bytes: Uint8Array, from: number, to: number): void => {
  if (to - from < 3 + MAC_BYTES) {
    fail(reading, 'wrong-length', '', 'at least 9 bytes of a Minew info frame');
    return;
  }
  put(reading, 'batteryPercent', bytes[from + 2]);
  const name = Buffer.from(bytes.subarray(from + 3 + MAC_BYTES, Math.min(to, from + 41))).toString('latin1');
  if (name !== '') reading.remarks = [{ about: 'name', attributes: { name: name.replaceAll(/[^\x20-\x7e]/g, '?') } }];
};

/**
 * Minew BeaconPlus, service data 0xFFE1: `A1`, a kind of frame, the battery in percent, the frame's own bytes and the
 * MAC address, its last byte first. Source: Minew, BeaconPlus configuration instruction, section 2.2;
 * reelyactive/advlib-ble-services, lib/minew.js.
 */
export const readMinew = (bytes: Uint8Array, from: number, to: number): Reading => {
  const reading = startReading('minew', 0);
  const kind = bytes[from + 1] ?? 0;
  if (bytes[from] !== FRAME || to - from < 3) {
    fail(reading, 'unknown-version', '', 'a Minew frame, A1');
    return reading;
  }
  if (kind === INFO) {
    readInfo(reading, bytes, from, to);
    return reading;
  }
  const frame = FRAMES.get(kind);
  if (frame === undefined) fail(reading, 'unknown-version', `A1 ${kind.toString(16)}`, 'a kind of frame that is known');
  else if (to - from !== frame.length) fail(reading, 'wrong-length', '', `${frame.length} bytes of this Minew frame`);
  else {
    put(reading, 'batteryPercent', bytes[from + 2]);
    frame.read(reading, bytes, from + 3);
  }
  return reading;
};
