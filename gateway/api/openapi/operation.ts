import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../problems.ts';
import type { Route } from '../seam/route.ts';
import { PROBLEM_TYPE } from '../seam/send.ts';
import { type Components, type Json, objectOf } from './schemas.ts';

const JSON_MEDIA = 'application/json';

/** What every route may refuse, whatever it does. */
const ALWAYS: readonly ProblemCode[] = ['malformed-request', 'invalid-request', 'wrong-host', 'internal'];
const CHANGING: readonly ProblemCode[] = ['wrong-origin', 'too-large', 'too-slow', 'wrong-media-type'];

/** Every refusal that a route may give. */
export const problemsOf = ({ role, method, problems, bodyTypes }: Route): readonly ProblemCode[] => [
  ...ALWAYS,
  ...(role === 'anyone' || role === 'device' ? [] : (['log-in-needed'] as const)),
  ...(role === 'guard' || role === 'engineer' ? (['wrong-role'] as const) : []),
  ...(method === 'GET' ? [] : CHANGING),
  ...(method === 'GET' || bodyTypes !== undefined ? [] : (['malformed-json'] as const)),
  ...problems,
];

const refusals = (route: Route): Json => {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(route)) {
    const { status } = PROBLEMS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `${code}: ${PROBLEMS[code].en}`).join('; '),
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
};

/** The properties of a schema as parameters of a request. */
const parametersOf = (place: 'path' | 'query', schema: z.ZodType, components: Components): readonly Json[] => {
  const { properties, required = [] } = components.schemaOf(schema, 'input');
  const needed = z.array(z.string()).parse(required);
  return Object.entries(objectOf(properties)).map(([name, property]) => {
    const { description, ...rest } = objectOf(property);
    return {
      name,
      in: place,
      required: needed.includes(name),
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
};

const bodyOf = ({ request, bodyTypes }: Route, components: Components): Json => {
  if (request.body instanceof z.ZodUndefined) return {};
  const content =
    bodyTypes === undefined
      ? { [JSON_MEDIA]: { schema: components.schemaOf(request.body, 'input') } }
      : Object.fromEntries(bodyTypes.map((type) => [type, {}]));
  return { requestBody: { content } };
};

const answerOf = ({ answer }: Route, components: Components): Json => {
  const { status, description, schema, mediaType = JSON_MEDIA } = answer;
  if (status === 204) return { 204: { description } };
  const content = { [mediaType]: schema === undefined ? {} : { schema: components.schemaOf(schema, 'output') } };
  return { [status]: { description, content } };
};

const SECURITY = {
  anyone: [],
  device: [{ device: [] }],
  viewer: [{ session: [] }, { client: [] }],
  guard: [{ session: [] }, { client: [] }],
  engineer: [{ session: [] }, { client: [] }],
} as const satisfies Record<Route['role'], unknown>;

/** One route as an OpenAPI operation. */
export const operationOf = (route: Route, components: Components): Json => ({
  operationId: `${route.method.toLowerCase()}${route.path.replaceAll(/[^A-Za-z0-9]+/g, '_')}`.replace(/_$/, ''),
  summary: route.summary,
  description: route.role === 'anyone' ? 'Without log-in.' : `Role: ${route.role}.`,
  security: SECURITY[route.role],
  parameters: [
    ...parametersOf('path', route.request.params, components),
    ...parametersOf('query', route.request.query, components),
  ],
  ...bodyOf(route, components),
  responses: { ...answerOf(route, components), ...refusals(route) },
});
