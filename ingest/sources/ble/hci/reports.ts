import { EVENT_PACKET } from './commands.ts';

/** What a receiver heard once, as the controller reports it. */
export interface Advert {
  /** `AA:BB:CC:DD:EE:FF` */
  readonly address: string;
  /** A copy: the bytes of a line are not kept. */
  readonly data: Uint8Array;
  /** Undefined: the controller does not know. */
  readonly rssiDbm: number | undefined;
}

/** LE Meta subevents (Core Specification 5.4, vol 4, part E, section 7.7.65). */
export const LE_ADVERTISING_REPORT = 0x02;
export const LE_EXTENDED_ADVERTISING_REPORT = 0x0d;

/** Sections 7.7.65.2 and 7.7.65.13: what surrounds the data of one report, and the largest number of reports. */
const LEGACY_BYTES = 10;
const LEGACY_MAX = 0x19;
const LEGACY_DATA_MAX = 31;
const LEGACY_TYPE_MAX = 0x04;
const EXTENDED_BYTES = 24;
const EXTENDED_MAX = 0x0a;
const EXTENDED_DATA_MAX = 229;
const RSSI_MAX_DBM = 20;
const ADDRESS_TYPE_MAX = 0x03;
export const ANONYMOUS = 0xff;

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).toUpperCase().padStart(2, '0'));

/** On the wire the lowest byte comes first. */
const addressAt = (bytes: Uint8Array, at: number): string => {
  const hex = (index: number): string => HEX[bytes[at + index] ?? 0] ?? '';
  return `${hex(5)}:${hex(4)}:${hex(3)}:${hex(2)}:${hex(1)}:${hex(0)}`;
};

/** 127: not available. */
const rssiAt = (bytes: Uint8Array, at: number): number | undefined => {
  const raw = bytes[at] ?? 0x7f;
  if (raw === 0x7f) return undefined;
  return raw > 0x7f ? raw - 0x100 : raw;
};

/** A byte loop beats `slice` for a few dozen bytes, and the copy lies on the heap. */
const copyOf = (bytes: Uint8Array, from: number, length: number): Uint8Array => {
  const copy = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) copy[index] = bytes[from + index] ?? 0;
  return copy;
};

/** Range of an RSSI, section 7.7.65.2; above zero no receiver gets in the field. */
const rssiFits = (bytes: Uint8Array, end: number): boolean => {
  const last = bytes[end - 1] ?? 0;
  if (last >= 0x7f || last === 0) return true;
  // One that lost bytes ends in the beginning of the next event, and something else than a beginning follows.
  return last <= RSSI_MAX_DBM && (end === bytes.length || bytes[end] === EVENT_PACKET);
};

/**
 * Reports fill their event to the last byte; anything else is no report, or bytes are missing on the line. Of an event
 * whose end has not come (`end` lies behind the bytes), as much is looked at as is there.
 */
export const legacyReportsFit = (bytes: Uint8Array, from: number, end: number): boolean => {
  const count = bytes[from] ?? 1;
  if (count < 1 || count > LEGACY_MAX) return false;
  let at = from + 1;
  for (let report = 0; report < count; report += 1) {
    if (at + LEGACY_BYTES > end) return false;
    const length = bytes[at + 8] ?? 0;
    if ((bytes[at] ?? 0) > LEGACY_TYPE_MAX || (bytes[at + 1] ?? 0) > ADDRESS_TYPE_MAX || length > LEGACY_DATA_MAX) {
      return false;
    }
    at += LEGACY_BYTES + length;
    if (at > bytes.length) return at <= end;
  }
  return at === end && rssiFits(bytes, end);
};

/** Calls back for every report of an event that fits; `from` is where the number of reports stands. */
export const readLegacyReports = (bytes: Uint8Array, from: number, onAdvert: (advert: Advert) => void): void => {
  let at = from + 1;
  for (let left = bytes[from] ?? 0; left > 0; left -= 1) {
    const length = bytes[at + 8] ?? 0;
    onAdvert({
      address: addressAt(bytes, at + 2),
      data: copyOf(bytes, at + 9, length),
      rssiDbm: rssiAt(bytes, at + 9 + length),
    });
    at += LEGACY_BYTES + length;
  }
};

export const extendedReportsFit = (bytes: Uint8Array, from: number, end: number): boolean => {
  const count = bytes[from] ?? 1;
  if (count < 1 || count > EXTENDED_MAX) return false;
  let at = from + 1;
  for (let report = 0; report < count; report += 1) {
    if (at + EXTENDED_BYTES > end) return false;
    const addressType = bytes[at + 2] ?? 0;
    const length = bytes[at + 23] ?? 0;
    // Bits 7 and above of the type are reserved.
    if ((bytes[at] ?? 0) > 0x7f || (bytes[at + 1] ?? 0) !== 0) return false;
    if ((addressType > ADDRESS_TYPE_MAX && addressType !== ANONYMOUS) || length > EXTENDED_DATA_MAX) return false;
    at += EXTENDED_BYTES + length;
    if (at > bytes.length) return at <= end;
  }
  return at === end;
};

/** Bits 5 and 6 of an extended report's type. */
export type DataStatus = 'complete' | 'more' | 'truncated';

export interface ExtendedReport extends Advert {
  readonly addressType: number;
  /** Tells one advertising set of a device from another. */
  readonly set: number;
  /** A scan response is no continuation of the advert that it answers. */
  readonly isResponse: boolean;
  readonly status: DataStatus;
}

const statusOf = (type: number): DataStatus => {
  const bits = (type >> 5) & 0x03;
  if (bits === 0) return 'complete';
  return bits === 1 ? 'more' : 'truncated';
};

export const readExtendedReports = (
  bytes: Uint8Array,
  from: number,
  onReport: (report: ExtendedReport) => void,
): void => {
  let at = from + 1;
  for (let left = bytes[from] ?? 0; left > 0; left -= 1) {
    const type = bytes[at] ?? 0;
    const length = bytes[at + 23] ?? 0;
    onReport({
      address: addressAt(bytes, at + 3),
      data: copyOf(bytes, at + EXTENDED_BYTES, length),
      rssiDbm: rssiAt(bytes, at + 13),
      addressType: bytes[at + 2] ?? 0,
      set: bytes[at + 11] ?? 0,
      isResponse: (type & 0x08) !== 0,
      status: statusOf(type),
    });
    at += EXTENDED_BYTES + length;
  }
};
