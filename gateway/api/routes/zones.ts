import { z } from 'zod';
import { Refusal } from '../problems.ts';
import { listOf, pageShape } from '../schemas/common.ts';
import { zoneSchema } from '../schemas/zones.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { pageOf } from '../views/page.ts';
import { type ZoneSight, zoneStatus } from '../views/zone.ts';

export const zonesRoute = (sight: ZoneSight): Route =>
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
