import type { Status } from '../contract.ts';
import type { EventLog, Frame } from './log.ts';
import type { Taken, Watch } from './watch.ts';
import { type StreamSight, watchDevices, watchDiscovered, watchZones } from './watches.ts';

/** What is told by the clock and not by an event: devices, zones and status, looked at a part at a time. */
export interface Pulse {
  /** What has changed since the last tick. */
  beat(tick: number): readonly Frame[];
  status(): Frame;
  /** What changed after this number; undefined: so much that the lists are less. */
  since(sequence: number): readonly Frame[] | undefined;
  /** Nobody reads who has seen anything: all is taken as it is. */
  prime(): void;
}

export const TICK_MS = 100;

/** In ticks. */
const ZONES_EVERY = 5;
const DISCOVERED_EVERY = 10;
/** Each second: a page that hears nothing for a few of them says so (`dashboards/console/live/stream.ts`). */
const STATUS_EVERY = 10;

/** A tick looks at so many devices and tells of so many: of one that reports faster, the last value counts. */
const LOOKS = 2000;
const TOLD_MOST = 100;

const MISSED_MOST = 500;

const mark = <V>(watch: Watch<V>, taken: readonly Taken<V>[], { sequence }: Frame): void => {
  for (const { key } of taken) watch.told(key, sequence);
};

export const createPulse = (sight: StreamSight, log: EventLog, status: () => Status): Pulse => {
  const devices = watchDevices(sight);
  const discovered = watchDiscovered(sight);
  const zones = watchZones(sight);

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
      const [missed, found, full] = [devices.since(sequence), discovered.since(sequence), zones.since(sequence)];
      if (missed.length + found.length + full.length > MISSED_MOST) return undefined;
      return [...tellDevices(devices, missed), ...tellDevices(discovered, found), ...tellZones(full)];
    },
    prime: () => {
      devices.prime();
      discovered.prime();
      zones.prime();
    },
  };
};
