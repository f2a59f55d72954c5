import { z } from 'zod';
import { createOccurrence, stampOfArrival } from '../../../ingest/model/stamp.ts';
import type { HotPath } from '../../hot-path.ts';
import type { Log } from '../../log.ts';
import type { Timers } from '../ports.ts';
import { Refusal, refuse } from '../problems.ts';
import { listOf, pageShape } from '../schemas/common.ts';
import { countSchema, zoneSchema } from '../schemas/zones.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { type Commit, settled } from '../settling.ts';
import { pageOf } from '../views/page.ts';
import { watched, type ZoneSight, zoneStatus } from '../views/zone.ts';

export interface ZoneRoutesOptions extends ZoneSight {
  readonly hotPath: ZoneSight['hotPath'] & Pick<HotPath, 'occur'>;
  readonly commit: Commit;
  readonly timers: Timers;
  readonly log: Log;
}

/** A count that is not kept by then says so. */
const COMMIT_TIMEOUT_MS = 10_000;

const list = (sight: ZoneSight): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/zones',
    role: 'viewer',
    summary: 'Zones and how full they are, as the rules that watch them count',
    request: { ...NO_INPUT, query: z.strictObject(pageShape) },
    answer: { status: 200, description: 'zones', schema: listOf(zoneSchema) },
    problems: ['cursor-expired'],
    handle: ({ query }) => {
      const page = pageOf([...sight.registry.venue.zones.values()], ({ id }) => id, query);
      if (page instanceof Refusal) return page;
      return { ...page, items: page.items.map((zone) => zoneStatus(zone, sight)) };
    },
  });

/** An input like any other: judged, kept, and judged again after a restart; in the name of a device that counts there. */
const count = (options: ZoneRoutesOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/zones/{id}/count',
    role: 'guard',
    summary: 'Sets how many persons are in a zone, as somebody has counted; answers once that is kept',
    request: { ...NO_INPUT, params: z.strictObject({ id: z.string().min(1).max(1024) }), body: countSchema },
    answer: { status: 200, description: 'the zone as it is now', schema: zoneSchema },
    problems: ['zone-not-counted', 'not-committed'],
    handle: async ({ params, body }, { who }) => {
      const { hotPath, registry, clock, commit, timers, log } = options;
      const zone = registry.venue.zones.get(params.id);
      const [device] = watched(params.id, options)?.crowd.feeders ?? [];
      if (zone === undefined || device === undefined) return refuse('zone-not-counted');
      const nowMs = clock.now();
      const by = who?.name ?? 'anonymous';
      const { persons, errorPersons } = body;
      const attributes = { zone: zone.id, persons, by, ...(errorPersons === undefined ? {} : { errorPersons }) };
      const received = { arrivedMs: nowMs, retained: false };
      hotPath.occur(createOccurrence(device, 'count', undefined, stampOfArrival(nowMs), received, attributes));
      log.info({ zone: zone.id, persons, by }, 'a zone was counted by hand');
      return (await settled(commit, timers, COMMIT_TIMEOUT_MS)) ? zoneStatus(zone, options) : refuse('not-committed');
    },
  });

export const zoneRoutes = (options: ZoneRoutesOptions): readonly Route[] => [list(options), count(options)];
