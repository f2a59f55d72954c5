import type { Access } from '../ports.ts';
import { refuse } from '../problems.ts';
import { streamQuerySchema } from '../schemas/stream.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { API_HEADERS } from '../security/headers.ts';
import type { Client } from '../stream/client.ts';
import type { Hub } from '../stream/hub.ts';

const STREAM_TYPE = 'text/event-stream';

/** Proxies hold streams back to compress or buffer them, unless told. */
const HEADERS = { ...API_HEADERS, 'content-type': STREAM_TYPE, 'x-accel-buffering': 'no' } as const;

const lastEventId = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && header !== '' ? header.slice(0, 64) : undefined;

export const streamRoute = (hub: Hub, access: Access): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/stream',
    role: 'viewer',
    summary: [
      'Server-sent events: alarm, pre-alarm, zones, devices, status, reset.',
      'Open it, then read the lists. With Last-Event-ID it goes on from there, or says reset: read the lists again.',
    ].join(' '),
    request: { ...NO_INPUT, query: streamQuerySchema },
    answer: { status: 200, description: 'events, without end', mediaType: STREAM_TYPE },
    problems: ['too-busy'],
    handle: ({ query }, { request, reply }) => {
      if (hub.isFull) return refuse('too-busy', { headers: { 'retry-after': '10' } });
      const client: Client = {
        response: reply.raw,
        wants: query.events === undefined ? undefined : new Set(query.events),
        mayRead: () => access.identify(request) !== undefined,
      };
      reply.hijack();
      reply.raw.on('close', () => hub.leave(client));
      reply.raw.on('error', () => hub.leave(client));
      reply.raw.writeHead(200, HEADERS);
      hub.connect(client, lastEventId(request.headers['last-event-id']));
      return reply;
    },
  });
