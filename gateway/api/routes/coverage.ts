import { z } from 'zod';
import type { LookedUp } from '../look-ups.ts';
import { Refusal } from '../problems.ts';
import { pageShape } from '../schemas/common.ts';
import { coverageSchema } from '../schemas/coverage.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { badgeCoverage, coverageByZone, receiverStatus } from '../views/coverage.ts';
import type { DeviceSight } from '../views/device.ts';
import { pageOf } from '../views/page.ts';

/** Proof of coverage: what every receiver hears, and of every badge whether it could have been heard. */
export const coverageRoute = (sight: DeviceSight & { readonly lookedUp: LookedUp }): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/coverage',
    role: 'viewer',
    summary: 'Receivers and what they hear; badges, who last heard them, and whether they could have been heard at all',
    request: { ...NO_INPUT, query: z.strictObject(pageShape) },
    answer: { status: 200, description: 'coverage', schema: coverageSchema },
    problems: ['cursor-expired'],
    handle: ({ query }, call) => {
      const badges = [...sight.registry.venue.devices.values()].filter(({ role }) => role !== undefined);
      const page = pageOf(badges, ({ id }) => id, query);
      if (page instanceof Refusal) return page;
      sight.lookedUp(call, `list/coverage/${query.cursor ?? ''}`);
      const receivers = sight.hotPath.presence.receivers(sight.clock.now());
      const byZone = coverageByZone(receivers);
      return {
        receivers: receivers.map((receiver) => receiverStatus(receiver, sight)),
        badges: page.items.map((badge) => badgeCoverage(badge, sight, byZone)),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
    },
  });
