import { z } from 'zod';
import type { VenueConfig } from '../../config/schema.ts';
import type { Health, Ready } from '../contract.ts';
import { refuse } from '../problems.ts';
import { sessionSchema } from '../schemas/session.ts';
import { healthSchema, readySchema, venueViewSchema } from '../schemas/status.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';

export const healthRoute = (health: () => Health): Route =>
  defineRoute({
    method: 'GET',
    path: '/healthz',
    role: 'anyone',
    summary: 'Whether the gateway runs, and what is wrong with it; strangers are told no more than that',
    request: NO_INPUT,
    answer: {
      status: 200,
      description: 'it runs',
      schema: z.union([healthSchema, healthSchema.pick({ status: true })]),
    },
    handle: (_input, { who }) => {
      const all = health();
      return who === undefined ? { status: all.status } : all;
    },
  });

export const readyRoute = (ready: () => Ready): Route =>
  defineRoute({
    method: 'GET',
    path: '/readyz',
    role: 'anyone',
    summary: 'Whether all sources listen and the store is open',
    request: NO_INPUT,
    answer: { status: 200, description: 'it is ready', schema: readySchema },
    problems: ['not-ready'],
    handle: () => {
      const state = ready();
      if (state.ready) return state;
      const parts = state.waitingFor.join(', ');
      return refuse('not-ready', { zh: parts, en: parts, headers: { 'retry-after': '1' } });
    },
  });

export const venueRoute = ({ venue }: VenueConfig): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/venue',
    role: 'anyone',
    summary: 'Name, time zone and language of the venue: what a log-in page shows',
    request: NO_INPUT,
    answer: { status: 200, description: 'the venue', schema: venueViewSchema },
    handle: () => ({ id: venue.id, name: venue.name, timezone: venue.timezone, locale: venue.locale }),
  });

export const sessionRoute: Route = defineRoute({
  method: 'GET',
  path: '/api/v1/session',
  role: 'viewer',
  summary: 'Who is asking; 401 where a log-in is needed',
  request: NO_INPUT,
  answer: { status: 200, description: 'who asks', schema: sessionSchema },
  handle: (_input, { who }) => ({
    name: who?.name ?? 'anonymous',
    role: who?.role ?? 'viewer',
    anonymous: who?.anonymous === true,
  }),
});
