import { cutText } from '../../findings.ts';
import { fail, put, putNth, type Reading, startReading } from '../reading.ts';
import { BTHOME_OBJECTS, BTHOME_SLOTS, type BthomeObject } from './bthome-objects.ts';

/** Device information, the first byte: bit 0 encrypted, bit 1 MAC included, bit 2 trigger based, bits 5 to 7 version. */
export const isEncrypted = (info: number): boolean => (info & 0x01) !== 0;
export const includesMac = (info: number): boolean => (info & 0x02) !== 0;
export const bthomeVersion = (info: number): number => info >> 5;

const PRESSES: readonly (string | undefined)[] = [
  '',
  'single',
  'double',
  'triple',
  'long',
  'long-double',
  'long-triple',
];

/** The documents and bthome-ble say 0x80, Theengs and Shelly's own decoder 0xFE. */
const isHold = (code: number): boolean => code === 0x80 || code === 0xfe;

/** The name of a button's event, `other` for one that nobody has defined: it was pressed all the same. */
export const bthomePress = (code: number): string => (isHold(code) ? 'hold' : (PRESSES[code] ?? 'other'));

const TURNS: readonly (string | undefined)[] = ['', 'rotate-left', 'rotate-right'];

const rawAt = (bytes: Uint8Array, at: number, { size, signed }: BthomeObject): number => {
  let raw = 0;
  for (let index = size - 1; index >= 0; index -= 1) raw = raw * 256 + (bytes[at + index] ?? 0);
  return signed && raw >= 2 ** (8 * size - 1) ? raw - 2 ** (8 * size) : raw;
};

/** How many objects of each metric were met, and the accelerations. One for all: nothing of it outlives a read. */
const met = new Uint8Array(BTHOME_SLOTS);
const accelerations: number[] = [];

const nextOf = ({ slot }: BthomeObject): number => {
  const nth = (met[slot] ?? 0) + 1;
  met[slot] = nth;
  return nth;
};

const takeButton = (reading: Reading, code: number, nth: number): void => {
  // 0, "none", keeps the place of a button that was not pressed; a beacon sends it as a sign of life.
  if (code === 0) return;
  reading.presses ??= [];
  reading.presses.push({ press: bthomePress(code), button: nth, code });
};

const takeDimmer = (reading: Reading, code: number, steps: number, nth: number): void => {
  if (code === 0) return;
  reading.presses ??= [];
  reading.presses.push({ press: TURNS[code] ?? 'other', button: nth, code, steps });
};

const takeText = (reading: Reading, about: string, text: string, nth: number): void => {
  if (text === '') return;
  reading.remarks ??= [];
  reading.remarks.push({ about: `${about}${nth}`, attributes: { [about]: cutText(text) } });
};

const takeObject = (reading: Reading, object: BthomeObject, bytes: Uint8Array, at: number, end: number): void => {
  const { role, metric, times, per } = object;
  switch (role) {
    case 'value':
    case 'flag':
    case 'open': {
      const raw = rawAt(bytes, at, object);
      putNth(reading, metric, role === 'open' ? 1 - raw : (raw * times) / per, nextOf(object));
      return;
    }
    case 'acceleration':
      accelerations.push(rawAt(bytes, at, object) / per);
      return;
    case 'packet':
      reading.packet ??= bytes[at];
      return;
    case 'time':
      reading.stampMs = rawAt(bytes, at, object) * 1000;
      put(reading, metric, rawAt(bytes, at, object));
      return;
    case 'button':
      takeButton(reading, bytes[at] ?? 0, nextOf(object));
      return;
    case 'dimmer':
      takeDimmer(reading, bytes[at] ?? 0, bytes[at + 1] ?? 0, (reading.presses?.length ?? 0) + 1);
      return;
    case 'text':
      takeText(
        reading,
        'text',
        Buffer.from(bytes.subarray(at, end)).toString('utf8'),
        (reading.remarks?.length ?? 0) + 1,
      );
      return;
    case 'raw':
      takeText(
        reading,
        'raw',
        Buffer.from(bytes.subarray(at, end)).toString('hex'),
        (reading.remarks?.length ?? 0) + 1,
      );
      return;
    default:
      return;
  }
};

const AXES = ['accelerationXG', 'accelerationYG', 'accelerationZG'] as const;

/** Axes are sent by repeating the id: exactly three signed ones are x, y and z. */
const takeAccelerations = (reading: Reading): void => {
  const isVector = accelerations.length === 3;
  accelerations.forEach((value, index) => {
    const axis = isVector ? AXES[index] : undefined;
    if (axis !== undefined) put(reading, axis, value);
    else putNth(reading, 'accelerationG', value, index + 1);
  });
};

/**
 * The objects of BTHome v2, plain or decrypted. An id that the format does not define ends the reading, as nobody knows
 * how long its object is; what came before stands. Source: bthome.io/format.
 */
export const readBthomeObjects = (bytes: Uint8Array, from: number, to: number): Reading => {
  const reading = startReading('bthome', 8);
  met.fill(0);
  accelerations.length = 0;
  let at = from;
  while (at < to) {
    const id = bytes[at] ?? 0;
    const object = BTHOME_OBJECTS[id];
    if (object === undefined) {
      fail(reading, 'unknown-name', `object 0x${id.toString(16)}`, 'an object id of BTHome v2');
      break;
    }
    const start = object.size === 0 ? at + 2 : at + 1;
    const end = start + (object.size === 0 ? (bytes[at + 1] ?? to) : object.size);
    if (end > to) {
      fail(reading, 'wrong-length', `object 0x${id.toString(16)}`, `${end - to} bytes more`);
      break;
    }
    takeObject(reading, object, bytes, start, end);
    at = end;
  }
  if (accelerations.length > 0) takeAccelerations(reading);
  return reading;
};
