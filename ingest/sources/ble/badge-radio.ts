import type { CentralLink } from './central/link.ts';
import type { WriteFailureCode } from './central/protocol.ts';

/** Where a badge takes a value: UUIDs in hexadecimal, of 16 or 128 bits, without dashes. */
export interface GattPlace {
  readonly service: string;
  readonly characteristic: string;
}

export type BadgeResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code: WriteFailureCode | 'queue-full' | 'stopped';
      readonly detail: string;
    };

/** Immediate Alert Service 1.0, section 3.1. */
export type AlertLevel = 'none' | 'mild' | 'high';

/** Reaches badges that are near, one after the other; what went wrong is a value. */
export interface BadgeRadio {
  /** Gets its controller ready. */
  start(): void;
  /** Resolves when the badge has it. */
  buzz(mac: string, level: AlertLevel): Promise<BadgeResult>;
  led(mac: string, isOn: boolean): Promise<BadgeResult>;
  readonly counters: Readonly<BadgeRadioCounters>;
  stop(): Promise<void>;
}

export interface BadgeRadioCounters {
  written: number;
  failed: number;
  /** Refused, because too many waited. */
  queueFull: number;
}

export interface BadgeRadioOptions {
  readonly link: CentralLink;
  readonly buzz: GattPlace;
  readonly led: GattPlace;
}

const LEVELS: Readonly<Record<AlertLevel, number>> = { none: 0, mild: 1, high: 2 };

/** A connection takes a second or more: whoever waits behind more than these would be buzzed for nothing. */
const WAITING_MAX = 32;

export const badgeRadio = ({ link, buzz, led }: BadgeRadioOptions): BadgeRadio => {
  const counters = { written: 0, failed: 0, queueFull: 0 };
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let id = 0;
  let stopped = false;

  const write = async (mac: string, place: GattPlace, value: number): Promise<BadgeResult> => {
    if (stopped) return { ok: false, code: 'stopped', detail: '' };
    id += 1;
    const request = { id, mac, ...place, value: Uint8Array.of(value) };
    let result = await link.write(request);
    // A connection broke, or its controller was pulled out some time ago: a second attempt finds a fresh one.
    if (!result.ok && (result.code === 'lost' || result.code === 'no-radio') && !stopped)
      result = await link.write(request);
    if (result.ok) counters.written += 1;
    else counters.failed += 1;
    return result;
  };

  const queue = (mac: string, place: GattPlace, value: number): Promise<BadgeResult> => {
    if (waiting >= WAITING_MAX) {
      counters.queueFull += 1;
      return Promise.resolve({ ok: false, code: 'queue-full', detail: `${WAITING_MAX} wait` });
    }
    waiting += 1;
    const done = last
      .then(() => write(mac, place, value))
      .finally(() => {
        waiting -= 1;
      });
    last = done;
    return done;
  };

  return {
    start: link.start,
    buzz: (mac, level) => queue(mac, buzz, LEVELS[level]),
    led: (mac, isOn) => queue(mac, led, isOn ? 1 : 0),
    counters,
    stop: async () => {
      stopped = true;
      await link.stop();
      await last;
    },
  };
};
