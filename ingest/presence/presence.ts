import type { Device } from '../model/device.ts';
import type { Hearing, Occurrence } from '../model/sample.ts';
import { createOccurrence, stampOfArrival } from '../model/stamp.ts';
import { createReceivers, type Receiver, type ReceiverSight } from './receivers.ts';
import {
  heardBy,
  NOWHERE,
  notHeardSinceMs,
  type Place,
  type PresenceSettings,
  type Whereabouts,
} from './whereabouts.ts';

export interface PresenceOptions {
  readonly receivers: readonly Receiver[];
  readonly settings: PresenceSettings;
  /** Since when there is anybody to hear, Unix milliseconds. */
  readonly startedMs: number;
}

/** Who last heard a device. */
export interface LastHeard {
  readonly receiver: string;
  readonly rssiDbm: number | undefined;
  readonly atMs: number;
}

/** Where a badge is, as far as receivers can tell. */
export interface PresenceSight {
  readonly place: Place | undefined;
  /** Since when no receiver of a zone has heard it; -1: not in this run. Undefined: it is being heard. */
  readonly notHeardSinceMs: number | undefined;
}

/** Where badges are, by who hears them, and whether they could be heard at all. Time is an input; it owns no timer. */
export interface Presence extends PresenceView {
  /** Answers an occurrence where a badge has changed its zone. `device`: undefined for a stranger. */
  hear(device: Device | undefined, hearing: Hearing): Occurrence | undefined;
  /** What was known before a restart: it holds until receivers say otherwise. */
  restore(device: string, zone: string, sinceMs: number): void;
}

/** For looking only. */
export interface PresenceView {
  of(device: string, nowMs: number): PresenceSight;
  /** By any receiver, in this run. */
  lastHeard(device: string): LastHeard | undefined;
  receivers(nowMs: number): readonly ReceiverSight[];
  /** Hearings of receivers that nobody has written down and that were too many. */
  readonly uncounted: number;
}

const moveOf = (device: string, hearing: Hearing, place: Place): Occurrence => {
  const { arrivedMs } = hearing;
  const attributes = { zone: place.zone, receiver: place.receiver ?? null, rssiDbm: place.rssiDbm ?? null };
  const received = { arrivedMs, retained: false };
  return createOccurrence(device, 'presence', undefined, stampOfArrival(arrivedMs), received, attributes);
};

export const createPresence = ({ receivers: known, settings, startedMs }: PresenceOptions): Presence => {
  const receivers = createReceivers(known, startedMs);
  // By id of registered devices: as many as the venue file has.
  const states = new Map<string, Whereabouts>();
  const lastHeard = new Map<string, LastHeard>();

  const place = (id: string, hearing: Hearing): Occurrence | undefined => {
    const { receiver, rssiDbm, arrivedMs } = hearing;
    const zone = receivers.zoneOf(receiver);
    if (zone === undefined) return undefined;
    const before = states.get(id) ?? NOWHERE;
    const after = heardBy(before, { receiver, zone, rssiDbm, atMs: arrivedMs }, settings);
    states.set(id, after);
    if (after.place === undefined || after.place.zone === before.place?.zone) return undefined;
    return moveOf(id, hearing, after.place);
  };

  return {
    hear: (device, hearing) => {
      const { receiver, rssiDbm, arrivedMs } = hearing;
      receivers.hear(receiver, device?.id, hearing.device, arrivedMs);
      if (device === undefined) return undefined;
      lastHeard.set(device.id, { receiver, rssiDbm, atMs: arrivedMs });
      // A thing without a wearer stands where the venue file says.
      return device.role === undefined ? undefined : place(device.id, hearing);
    },
    restore: (device, zone, sinceMs) => {
      const known: Place = { zone, sinceMs, receiver: undefined, rssiDbm: undefined };
      states.set(device, { ...NOWHERE, place: known });
    },
    of: (device, nowMs) => {
      const state = states.get(device) ?? NOWHERE;
      return { place: state.place, notHeardSinceMs: notHeardSinceMs(state, nowMs, settings) };
    },
    lastHeard: (device) => lastHeard.get(device),
    receivers: receivers.list,
    get uncounted() {
      return receivers.uncounted;
    },
  };
};
