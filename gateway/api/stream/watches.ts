import type { Discovered } from '../../../ingest/discovered.ts';
import type { Device, Zone } from '../../../ingest/model/device.ts';
import type { DeviceStatus, ZoneStatus } from '../contract.ts';
import { type DeviceState, deviceStatus, discoveredStatus, stateOf } from '../views/device.ts';
import { type ZoneSight, zoneStatus } from '../views/zone.ts';
import { type Watch, watch } from './watch.ts';

/** All that the stream looks at. */
export interface StreamSight extends ZoneSight {
  readonly hotPath: ZoneSight['hotPath'] & {
    readonly intake: { readonly discovered: { list(): readonly Discovered[] } };
  };
}

interface DevicePrint {
  readonly state: DeviceState;
  readonly heardMs: number | undefined;
  readonly changes: number;
  readonly zone: string | undefined;
  readonly notHeard: boolean;
}

/** A look comes a while after what it sees; whoever opened the stream read the lists in between. */
const LOOKED_BACK_MS = 2000;

/** Heard since then, or grown stale or silent, which may have been since then. */
const isDeviceNews = ({ state, heardMs = 0 }: DevicePrint, primedMs: number): boolean =>
  state === 'stale' || state === 'silent' || heardMs >= primedMs - LOOKED_BACK_MS;

const sameDevice = (a: DevicePrint, b: DevicePrint): boolean =>
  a.state === b.state &&
  a.heardMs === b.heardMs &&
  a.changes === b.changes &&
  a.zone === b.zone &&
  a.notHeard === b.notHeard;

/** As a list that is made once for each map. */
const listOf = <T>(map: () => ReadonlyMap<string, T>): (() => readonly T[]) => {
  let listed = map();
  let list = [...listed.values()];
  return () => {
    if (listed !== map()) {
      listed = map();
      list = [...listed.values()];
    }
    return list;
  };
};

export const watchDevices = (sight: StreamSight): Watch<DeviceStatus> => {
  const { registry, hotPath, clock } = sight;
  const things = listOf(() => registry.venue.devices);
  return watch<Device, DevicePrint, DeviceStatus>({
    things,
    keyOf: ({ id }) => id,
    print: ({ id, reports }) => {
      const life = hotPath.view.lifeOf(id);
      const changes = hotPath.lastSamples.changes(id);
      const { place, notHeardSinceMs } = hotPath.presence.of(id, clock.now());
      return {
        state: stateOf(reports, life, clock.now()),
        heardMs: life?.lastHeardMs,
        changes,
        zone: place?.zone,
        notHeard: notHeardSinceMs !== undefined,
      };
    },
    isSame: sameDevice,
    isNews: isDeviceNews,
    view: (device) => deviceStatus(device, sight),
  });
};

interface DiscoveredPrint {
  readonly frames: number;
  readonly lastSeenMs: number;
}

export const watchDiscovered = ({ hotPath, clock }: StreamSight): Watch<DeviceStatus> =>
  watch<Discovered, DiscoveredPrint, DeviceStatus>({
    things: () => hotPath.intake.discovered.list(),
    keyOf: ({ address }) => address,
    print: ({ frames, lastSeenMs }) => ({ frames, lastSeenMs }),
    isSame: (a, b) => a.frames === b.frames,
    isNews: ({ lastSeenMs }, primedMs) => lastSeenMs >= primedMs - LOOKED_BACK_MS,
    view: (found) => discoveredStatus(found, clock.now()),
  });

/** What is shown of a zone apart from how old it is. */
const zonePrint = ({ ageSeconds: _, ...rest }: ZoneStatus): string => JSON.stringify(rest);

export const watchZones = (sight: StreamSight): Watch<ZoneStatus> => {
  return watch<Zone, string, ZoneStatus>({
    things: listOf(() => sight.registry.venue.zones),
    keyOf: ({ id }) => id,
    print: (zone) => zonePrint(zoneStatus(zone, sight)),
    isSame: (a, b) => a === b,
    isNews: () => true,
    view: (zone) => zoneStatus(zone, sight),
  });
};
