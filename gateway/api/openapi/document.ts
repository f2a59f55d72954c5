import { z } from 'zod';
import { VERSION } from '../../version.ts';
import { problemSchema } from '../schemas/problem.ts';
import { streamEvents } from '../schemas/stream.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { JSON_TYPE } from '../seam/send.ts';
import { operationOf } from './operation.ts';
import { createComponents, type Json } from './schemas.ts';

const SECURITY_SCHEMES = {
  session: { type: 'apiKey', in: 'cookie', name: 'muster', description: 'A log-in to the console.' },
  client: {
    type: 'http',
    scheme: 'basic',
    description: 'A client of the venue file with role viewer, guard or engineer.',
  },
  device: {
    type: 'http',
    scheme: 'bearer',
    description: 'The secret of a device or client, as for MQTT; or Basic with its name.',
  },
} as const;

/** Everything that can be asked, as OpenAPI 3.1: made of the very schemas that check it. */
export const openApiDocument = (routes: readonly Route[]): Json => {
  const components = createComponents();
  components.schemaOf(problemSchema, 'output');
  for (const schema of Object.values(streamEvents)) components.schemaOf(schema, 'output');
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Muster',
      version: VERSION,
      description: 'Safety gateway for event venues. Times are ISO 8601 in UTC unless a name ends in Ms.',
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: Object.fromEntries(components.schemas), securitySchemes: SECURITY_SCHEMES },
  };
};

/** Describes the other routes and itself; the text is made once, when first asked for. */
export const openApiRoute = (others: readonly Route[]): Route => {
  let text: string | undefined;
  const self: Route = defineRoute({
    method: 'GET',
    path: '/api/v1/openapi.json',
    role: 'anyone',
    summary: 'This document',
    request: NO_INPUT,
    answer: { status: 200, description: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) },
    handle: (_input, { reply }) => {
      text ??= JSON.stringify(openApiDocument([...others, self]));
      return reply.type(JSON_TYPE).send(text);
    },
  });
  return self;
};
