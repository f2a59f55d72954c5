import type { Status } from '../contract.ts';
import type { EventLog, Frame } from './log.ts';
import type { Taken, Watch } from './watch.ts';
import { type StreamSight, watchDevices, watchDiscovered, watchZones } from './watches.ts';

/** What is told by the clock and not by an event: devices, zones and status, looked at a part at a time. */
export interface Pulse {
  /** What has changed since the last tick. */
  beat(tick: number): readonly Frame[];
  status(): Frame;
  /** What changed after this number; undefined: too much, or nobody looked all the time since then. */
  since(sequence: number): readonly Frame[] | undefined;
  /** Nobody reads who has seen anything: what changes from now on counts. */
  prime(): void;
}

export const TICK_MS = 100;

/** In ticks. */
const ZONES_EVERY = 5;
const DISCOVERED_EVERY = 10;
/** Each second: a page that hears nothing for a few of them says so (`dashboards/console/live/stream.ts`). */
const STATUS_EVERY = 10;

/** A tick looks at so many devices and tells of so many: of one that reports faster, the last value counts. */
const LOOKS = 1000;
const TOLD_MOST = 100;

/** Who missed more reads the lists anew: they come a piece a turn, and this does not. */
const MISSED_MOST = 200;

const mark = <V>(watch: Watch<V>, taken: readonly Taken<V>[], { sequence }: Frame): void => {
  for (const { key } of taken) watch.told(key, sequence);
};

export const createPulse = (sight: StreamSight, log: EventLog, status: () => Status): Pulse => {
  const devices = watchDevices(sight);
  const discovered = watchDiscovered(sight);
  const zones = watchZones(sight);
  let primedAt = 0;

  type Devices = typeof devices;
  const tellDevices = (watch: Devices, taken: ReturnType<Devices['take']>): readonly Frame[] => {
    if (taken.length === 0) return [];
    const frame = log.frame('devices', { items: taken.map(({ view }) => view) });
    mark(watch, taken, frame);
    return [frame];
  };
  const tellZones = (taken: ReturnType<(typeof zones)['take']>): readonly Frame[] => {
    if (taken.length === 0) return [];
    const frame = log.frame('zones', { items: taken.map(({ view }) => view) });
    mark(zones, taken, frame);
    return [frame];
  };
  const statusFrame = (): Frame => log.frame('status', status());

  return {
    beat: (tick) => [
      ...tellDevices(devices, devices.take(LOOKS, TOLD_MOST)),
      ...(tick % DISCOVERED_EVERY === 0 ? tellDevices(discovered, discovered.take(LOOKS, TOLD_MOST)) : []),
      ...(tick % ZONES_EVERY === 0 ? tellZones(zones.take(LOOKS, TOLD_MOST)) : []),
      ...(tick % STATUS_EVERY === 0 ? [statusFrame()] : []),
    ],
    status: statusFrame,
    since: (sequence) => {
      if (sequence <= primedAt) return undefined;
      const missed = devices.since(sequence, MISSED_MOST);
      const found = discovered.since(sequence, MISSED_MOST);
      const full = zones.since(sequence, MISSED_MOST);
      if (missed === undefined || found === undefined || full === undefined) return undefined;
      return [...tellDevices(devices, missed), ...tellDevices(discovered, found), ...tellZones(full)];
    },
    prime: () => {
      primedAt = log.sequence;
      for (const each of [devices, discovered, zones]) each.prime(sight.clock.now());
    },
  };
};
