import type { Frame } from './model/frame.ts';
import type { Metrics } from './model/metrics.ts';
import type { Hearing } from './model/sample.ts';

/** A device that reports but that nobody has registered. */
export interface Discovered {
  /** What to write into `address` of the venue file: `<decoder kind>:<name>`. */
  readonly address: string;
  readonly source: string;
  readonly topic: string;
  readonly firstSeenMs: number;
  lastSeenMs: number;
  frames: number;
  /** The receiver that last heard it, and how strongly; undefined: none has said so. */
  heardBy: string | undefined;
  rssiDbm: number | undefined;
  /** Last decoded values, by channel. */
  readonly channels: Record<string, Metrics>;
}

export interface DiscoveredList {
  /** True when it was not known before. */
  see(kind: string, name: string, frame: Frame, channel: string, metrics: Metrics): boolean;
  /** A receiver heard it; nothing is kept of one that was not seen before. */
  hear(kind: string, hearing: Hearing): void;
  /** Those that are registered by now are no discoveries. */
  drop(isKnown: (kind: string, name: string) => boolean): void;
  list(): readonly Discovered[];
  /** Given up because too many strangers report. */
  readonly forgotten: number;
}

const KEPT = 1000;
const CHANNELS_KEPT = 64;

export const discoveredList = (): DiscoveredList => {
  const byAddress = new Map<string, Discovered>();
  let forgotten = 0;

  const add = (address: string, frame: Frame): Discovered => {
    const { source, address: topic, arrivedMs } = frame;
    const channels: Record<string, Metrics> = Object.create(null);
    const found: Discovered = {
      address,
      source,
      topic,
      firstSeenMs: arrivedMs,
      lastSeenMs: arrivedMs,
      frames: 0,
      heardBy: undefined,
      rssiDbm: undefined,
      channels,
    };
    byAddress.set(address, found);
    if (byAddress.size > KEPT) {
      const oldest = byAddress.keys().next();
      if (!oldest.done) byAddress.delete(oldest.value);
      forgotten += 1;
    }
    return found;
  };

  return {
    see(kind, name, frame, channel, metrics) {
      const address = `${kind}:${name}`;
      const known = byAddress.get(address);
      const found = known ?? add(address, frame);
      found.lastSeenMs = frame.arrivedMs;
      found.frames += 1;
      if (channel in found.channels || Object.keys(found.channels).length < CHANNELS_KEPT) {
        found.channels[channel] = metrics;
      }
      return known === undefined;
    },
    hear(kind, { device, receiver, rssiDbm }) {
      const found = byAddress.get(`${kind}:${device}`);
      if (found === undefined) return;
      found.heardBy = receiver;
      found.rssiDbm = rssiDbm;
    },
    drop: (isKnown) => {
      for (const address of byAddress.keys()) {
        const colon = address.indexOf(':');
        if (isKnown(address.slice(0, colon), address.slice(colon + 1))) byAddress.delete(address);
      }
    },
    list: () => [...byAddress.values()],
    get forgotten() {
      return forgotten;
    },
  };
};
