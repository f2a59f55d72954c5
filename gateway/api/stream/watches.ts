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
}

const sameDevice = (a: DevicePrint, b: DevicePrint): boolean =>
  a.state === b.state && a.heardMs === b.heardMs && a.changes === b.changes;

export const watchDevices = (sight: StreamSight): Watch<DeviceStatus> => {
  const { registry, hotPath, clock } = sight;
  const things = [...registry.venue.devices.values()];
  return watch<Device, DevicePrint, DeviceStatus>({
    things: () => things,
    keyOf: ({ id }) => id,
    print: ({ id, reports }) => {
      const life = hotPath.view.lifeOf(id);
      const changes = hotPath.lastSamples.changes(id);
      return { state: stateOf(reports, life, clock.now()), heardMs: life?.lastHeardMs, changes };
    },
    isSame: sameDevice,
    view: (device) => deviceStatus(device, sight),
  });
};

export const watchDiscovered = ({ hotPath, clock }: StreamSight): Watch<DeviceStatus> =>
  watch<Discovered, number, DeviceStatus>({
    things: () => hotPath.intake.discovered.list(),
    keyOf: ({ address }) => address,
    print: ({ frames }) => frames,
    isSame: (a, b) => a === b,
    view: (found) => discoveredStatus(found, clock.now()),
  });

/** What is shown of a zone apart from how old it is. */
const zonePrint = ({ ageSeconds: _, ...rest }: ZoneStatus): string => JSON.stringify(rest);

export const watchZones = (sight: StreamSight): Watch<ZoneStatus> => {
  const things = [...sight.registry.venue.zones.values()];
  return watch<Zone, string, ZoneStatus>({
    things: () => things,
    keyOf: ({ id }) => id,
    print: (zone) => zonePrint(zoneStatus(zone, sight)),
    isSame: (a, b) => a === b,
    view: (zone) => zoneStatus(zone, sight),
  });
};
