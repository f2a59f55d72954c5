import { createFragments, type FragmentCounters } from './fragments.ts';
import {
  type Advert,
  ANONYMOUS,
  extendedReportsFit,
  LE_ADVERTISING_REPORT,
  LE_EXTENDED_ADVERTISING_REPORT,
  legacyReportsFit,
  readExtendedReports,
  readLegacyReports,
} from './reports.ts';

/** Core Specification 5.4, vol 4, part E, section 7.7. */
const COMMAND_COMPLETE = 0x0e;
const COMMAND_STATUS = 0x0f;
const HARDWARE_ERROR = 0x10;
const LE_META = 0x3e;
/** Read Local Supported Commands, the longest there is. */
const ANSWER_MAX = 68;
const VENDOR = 0xff;
const NO_STATUS = 0xff;

/**
 * `fits`: by its own contents, as far as they are there. `unsure`: the maker's own, which nobody can judge. `broken`: none
 * that this host has not masked, or bytes are missing.
 */
export type Verdict = 'fits' | 'unsure' | 'broken';

const judgeMeta = (bytes: Uint8Array, from: number, end: number): Verdict => {
  if (from >= end) return 'broken';
  if (from >= bytes.length) return 'fits';
  switch (bytes[from]) {
    case LE_ADVERTISING_REPORT:
      return legacyReportsFit(bytes, from + 1, end) ? 'fits' : 'broken';
    case LE_EXTENDED_ADVERTISING_REPORT:
      return extendedReportsFit(bytes, from + 1, end) ? 'fits' : 'broken';
    default:
      return 'broken';
  }
};

/** What an event is worth whose parameters stand from `from` to before `end`, which may lie behind the bytes. */
export const judgeEvent = (code: number, bytes: Uint8Array, from: number, end: number): Verdict => {
  const length = end - from;
  switch (code) {
    case LE_META:
      return judgeMeta(bytes, from, end);
    case COMMAND_COMPLETE:
      return length >= 3 && length <= ANSWER_MAX ? 'fits' : 'broken';
    case COMMAND_STATUS:
      return length === 4 ? 'fits' : 'broken';
    case HARDWARE_ERROR:
      return length === 1 ? 'fits' : 'broken';
    default:
      return code === VENDOR ? 'unsure' : 'broken';
  }
};

export interface EventHandlers {
  onAdvert(advert: Advert): void;
  /** Both kinds of answer: `result` follows the status, and is empty for Command Status. */
  onAnswer(opcode: number, status: number, result: Uint8Array): void;
  onHardwareError(code: number): void;
}

export interface EventCounters extends FragmentCounters {
  adverts: number;
  /** Extended adverts without an address: nobody's. */
  anonymous: number;
  /** The maker's own events. */
  otherEvents: number;
}

export interface EventReader {
  /** An event that fits, or that nobody can judge. */
  read(code: number, bytes: Uint8Array, from: number, end: number): void;
  /** Forgets what belongs to the controller as it was. */
  clear(): void;
}

export const createEventReader = (handlers: EventHandlers, counters: EventCounters): EventReader => {
  const fragments = createFragments(counters);

  const onAdvert = (advert: Advert): void => {
    counters.adverts += 1;
    handlers.onAdvert(advert);
  };

  const readMeta = (bytes: Uint8Array, from: number): void => {
    if (bytes[from] === LE_ADVERTISING_REPORT) readLegacyReports(bytes, from + 1, onAdvert);
    else if (bytes[from] === LE_EXTENDED_ADVERTISING_REPORT) {
      readExtendedReports(bytes, from + 1, (report) => {
        if (report.addressType === ANONYMOUS) counters.anonymous += 1;
        else fragments.take(report, onAdvert);
      });
    }
  };

  /** That of the controller's own "no operation" has no status. */
  const readComplete = (bytes: Uint8Array, from: number, end: number): void => {
    const opcode = (bytes[from + 1] ?? 0) | ((bytes[from + 2] ?? 0) << 8);
    const status = end - from > 3 ? (bytes[from + 3] ?? NO_STATUS) : NO_STATUS;
    handlers.onAnswer(opcode, status, new Uint8Array(bytes.subarray(Math.min(from + 4, end), end)));
  };

  return {
    read: (code, bytes, from, end) => {
      const at = (index: number): number => bytes[from + index] ?? 0;
      if (code === LE_META) readMeta(bytes, from);
      else if (code === COMMAND_COMPLETE) readComplete(bytes, from, end);
      else if (code === COMMAND_STATUS) handlers.onAnswer(at(2) | (at(3) << 8), at(0), new Uint8Array(0));
      else if (code === HARDWARE_ERROR) handlers.onHardwareError(at(0));
      else counters.otherEvents += 1;
    },
    clear: fragments.clear,
  };
};
