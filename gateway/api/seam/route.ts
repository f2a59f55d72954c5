import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { DeepReadonly, Role } from '../contract.ts';
import type { Identity } from '../ports.ts';
import { type ProblemCode, type Refusal, refuse } from '../problems.ts';
import { faultsIn } from './faults.ts';

/** The parts of a request that a route reads; what it does not mention must not be there. */
type Asked = { readonly params: z.ZodType; readonly query: z.ZodType; readonly body: z.ZodType };

const EMPTY = z.strictObject({});

/** A request without anything in it: spread it, and put in its place what the route reads. */
export const NO_INPUT = { params: EMPTY, query: EMPTY, body: z.undefined() } as const;

/** What comes back when all is well. */
export interface Answer<A extends z.ZodType> {
  readonly status: 200 | 204;
  readonly description: string;
  /** Absent: no body, or none that a schema describes. */
  readonly schema?: A;
  /** `application/json` where absent. */
  readonly mediaType?: string;
}

/** Who may ask: the least role; a device, by its secret; or anyone, without log-in. */
export type Asker = Role | 'device' | 'anyone';

/** What OpenAPI says of a route, and who may ask. */
interface About {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As in OpenAPI: `/api/v1/alarms/{id}/ack`. */
  readonly path: string;
  readonly role: Asker;
  readonly summary: string;
  /** Media types of the body; JSON where absent. */
  readonly bodyTypes?: readonly string[];
}

interface RouteSpec<R extends Asked, A extends z.ZodType> extends About {
  readonly request: R;
  readonly answer: Answer<A>;
  /** What may be refused, beside what every route refuses. */
  readonly problems?: readonly ProblemCode[];
  handle(input: Input<R>, call: Call): Handled<A> | Promise<Handled<A>>;
}

/** The request as zod read it: `params`, `query`, `body`. */
type Input<R extends Asked> = z.output<ReturnType<typeof z.object<R>>>;

/** What a handler may need beside what was asked. */
export interface Call {
  /** Who asks; undefined only where anyone may. */
  readonly who: Identity | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What a handler gives: the answer, a refusal, nothing (204), or the reply where it has answered itself. */
type Handled<A extends z.ZodType> = DeepReadonly<z.output<A>> | Refusal | FastifyReply | undefined;

/** A route with its types taken care of: what the server mounts and OpenAPI describes. */
export interface Route extends About {
  readonly request: Asked;
  readonly answer: Answer<z.ZodType>;
  readonly problems: readonly ProblemCode[];
  run(call: Call): unknown;
}

/** Checks what is asked before the handler sees it: strict, all faults at once. */
export const defineRoute = <R extends Asked, A extends z.ZodType = z.ZodUndefined>(spec: RouteSpec<R, A>): Route => {
  const schema = z.object(spec.request);
  return {
    ...spec,
    problems: spec.problems ?? [],
    run: (call) => {
      const { params, query, body } = call.request;
      const read = schema.safeParse({ params, query, body });
      if (!read.success) return refuse('invalid-request', { errors: faultsIn(read.error.issues) });
      return spec.handle(read.data, call);
    },
  };
};
