import { count, type HeardRate, perSecond, startRate } from './heard-rate.ts';

/** A receiver that the venue knows. */
export interface Receiver {
  /** As in a hearing. */
  readonly name: string;
  readonly zone: string;
  readonly canary: Canary | undefined;
}

/** A beacon that stands still beside a receiver: as long as that one hears it, it hears badges too. */
export interface Canary {
  /** Id of a registered device, or a MAC address as `AA:BB:CC:DD:EE:FF`. */
  readonly device: string;
  /** Not heard for so long, its receiver is deaf. */
  readonly limitMs: number;
}

/**
 * `hears`: its canary proves it. `deaf`: it has not heard its canary for too long. `starting`: not yet, and still in time.
 * `unproven`: it has no canary, so that a quiet receiver and a deaf one look alike.
 */
export type Hears = 'hears' | 'deaf' | 'starting' | 'unproven';

/** How it is with a receiver. */
export interface ReceiverSight {
  readonly name: string;
  /** Undefined: nobody has said where it is. */
  readonly zone: string | undefined;
  readonly hears: Hears;
  /** Adverts a second over the last minute, those of strangers too. */
  readonly heardPerSecond: number;
  readonly heardTotal: number;
  /** Unix milliseconds; undefined: it has heard nothing yet. */
  readonly lastHeardMs: number | undefined;
  readonly canary: (Canary & { readonly lastHeardMs: number | undefined }) | undefined;
}

/** What receivers hear. Time is an input. */
export interface Receivers {
  /** `device`: id of the registered device that was heard, where it is one; `name`: as the format gives it. */
  hear(receiver: string, device: string | undefined, name: string, atMs: number): void;
  /** Those of the venue file in its order, then others in the order in which they came. */
  list(nowMs: number): readonly ReceiverSight[];
  /** Undefined: of no zone. */
  zoneOf(receiver: string): string | undefined;
  /** Hearings by receivers that came when there were too many already. */
  readonly uncounted: number;
}

/** Whoever may publish may invent receivers: so many that nobody has written down are remembered. */
const STRANGERS_MAX = 256;

interface Entry {
  readonly receiver: Receiver | undefined;
  readonly rate: HeardRate;
  canaryMs: number | undefined;
}

export const createReceivers = (known: readonly Receiver[], startedMs: number): Receivers => {
  const entries = new Map<string, Entry>();
  for (const receiver of known) {
    entries.set(receiver.name, { receiver, rate: startRate(startedMs), canaryMs: undefined });
  }
  let uncounted = 0;

  const entryOf = (name: string, atMs: number): Entry | undefined => {
    const entry = entries.get(name);
    if (entry !== undefined || entries.size >= known.length + STRANGERS_MAX) return entry;
    const added: Entry = { receiver: undefined, rate: startRate(atMs), canaryMs: undefined };
    entries.set(name, added);
    return added;
  };

  const hearsOf = ({ receiver, canaryMs }: Entry, nowMs: number): Hears => {
    if (receiver?.canary === undefined) return 'unproven';
    if (nowMs - (canaryMs ?? startedMs) > receiver.canary.limitMs) return 'deaf';
    return canaryMs === undefined ? 'starting' : 'hears';
  };

  return {
    hear: (name, device, native, atMs) => {
      const entry = entryOf(name, atMs);
      if (entry === undefined) {
        uncounted += 1;
        return;
      }
      count(entry.rate, atMs);
      const canary = entry.receiver?.canary?.device;
      if (canary !== undefined && (canary === device || canary === native)) entry.canaryMs = atMs;
    },
    list: (nowMs) =>
      [...entries].map(([name, entry]) => {
        const { receiver, rate, canaryMs } = entry;
        return {
          name,
          zone: receiver?.zone,
          hears: hearsOf(entry, nowMs),
          heardPerSecond: perSecond(rate, nowMs),
          heardTotal: rate.total,
          lastHeardMs: rate.lastMs,
          canary: receiver?.canary && { ...receiver.canary, lastHeardMs: canaryMs },
        };
      }),
    zoneOf: (name) => entries.get(name)?.receiver?.zone,
    get uncounted() {
      return uncounted;
    },
  };
};
