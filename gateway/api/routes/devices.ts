import type { z } from 'zod';
import type { Discovered, DiscoveredList } from '../../../ingest/discovered.ts';
import type { Device } from '../../../ingest/model/device.ts';
import type { DeviceStatus } from '../contract.ts';
import type { LookedUp } from '../look-ups.ts';
import { Refusal } from '../problems.ts';
import { listOf } from '../schemas/common.ts';
import { deviceSchema, devicesQuerySchema } from '../schemas/devices.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { JSON_TYPE } from '../seam/send.ts';
import { type DeviceSight, deviceStatus, discoveredStatus, zoneNow } from '../views/device.ts';
import { listText } from '../views/list-text.ts';
import { pageOf } from '../views/page.ts';

export interface DevicesRouteOptions extends DeviceSight {
  readonly lookedUp: LookedUp;
  readonly hotPath: DeviceSight['hotPath'] & { readonly intake: { readonly discovered: DiscoveredList } };
}

type Query = z.output<typeof devicesQuerySchema>;
type Listed = Device | Discovered;

const isDevice = (item: Listed): item is Device => 'id' in item;

/** Ids have no `/` in them, so that they and addresses do not collide. */
const keyOf = (item: Listed): string => (isDevice(item) ? item.id : `/${item.address}`);

/** Registered devices in the order of the venue file, then discovered ones in the order in which they came. */
const listed = ({ zone, registered }: Query, options: DevicesRouteOptions): readonly Listed[] => {
  const { registry, hotPath } = options;
  const all = registered === 'false' ? [] : [...registry.venue.devices.values()];
  const found = registered === 'true' || zone !== undefined ? [] : hotPath.intake.discovered.list();
  return [...(zone === undefined ? all : all.filter((device) => zoneNow(device, options) === zone)), ...found];
};

export const devicesRoute = (options: DevicesRouteOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/devices',
    role: 'viewer',
    summary: 'Registered devices, then discovered ones, with the last sample of each channel and its age',
    request: { ...NO_INPUT, query: devicesQuerySchema },
    answer: { status: 200, description: 'devices', schema: listOf(deviceSchema) },
    problems: ['cursor-expired'],
    handle: ({ query }, call) => {
      const { reply } = call;
      const page = pageOf(listed(query, options), keyOf, query);
      if (page instanceof Refusal) return page;
      options.lookedUp(call, `list/devices/${query.cursor ?? ''}`);
      const view = (item: Listed): DeviceStatus =>
        isDevice(item) ? deviceStatus(item, options) : discoveredStatus(item, options.clock.now());
      return reply.type(JSON_TYPE).send(listText(page.items, page.next, view));
    },
  });
