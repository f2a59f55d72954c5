/** How characters are sent on a serial line. */
export interface SerialFormat {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even' | 'odd';
  readonly stopBits: 1 | 2;
}

/** Unit, function, start, count, CRC (Modbus Application Protocol V1.1b3, 6.4). */
const REQUEST_CHARACTERS = 8;

/** Unit, function, byte count and CRC around the registers. */
const REPLY_CHARACTERS = 5;

/** A start bit, then what the format says. */
const characterMs = ({ baudRate, dataBits, parity, stopBits }: SerialFormat): number =>
  ((1 + dataBits + (parity === 'none' ? 0 : 1) + stopBits) * 1000) / baudRate;

/**
 * The silence between two frames: 3.5 characters, but 1.75 ms above 19,200 baud (Modbus over Serial Line V1.02,
 * 2.5.1.1).
 */
export const frameGapMs = (format: SerialFormat): number =>
  format.baudRate > 19_200 ? 1.75 : 3.5 * characterMs(format);

/** How long a request and its answer of `count` registers are on the line, without the device's time to think. */
export const wireMs = (format: SerialFormat, count: number): number =>
  (REQUEST_CHARACTERS + REPLY_CHARACTERS + 2 * count) * characterMs(format);
