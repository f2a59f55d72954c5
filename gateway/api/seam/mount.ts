import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Identity } from '../ports.ts';
import { Refusal, refuse } from '../problems.ts';
import type { Admit } from './admission.ts';
import type { Route } from './route.ts';
import { sendRefusal } from './send.ts';

/** `{id}` of OpenAPI as fastify writes it. */
const fastifyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

const METHODS: readonly string[] = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] satisfies HTTPMethods[];

const hasEnd = ({ method, answer }: Route): boolean => method === 'GET' && answer.mediaType !== 'text/event-stream';

const mountRoute = (server: FastifyInstance, route: Route, admit: Admit): void => {
  const asking = new WeakMap<FastifyRequest, Identity>();
  server.route({
    method: route.method,
    // An answer without end has no head.
    exposeHeadRoute: hasEnd(route),
    url: fastifyPath(route.path),
    // Before the body is read: strangers do not get to send one.
    onRequest: (request, reply, done) => {
      const who = admit(route.role, request);
      if (who instanceof Refusal) {
        sendRefusal(reply, who);
        return;
      }
      if (who !== undefined) asking.set(request, who);
      done();
    },
    handler: async (request, reply): Promise<unknown> => {
      const answer = await route.run({ who: asking.get(request), request, reply });
      if (answer instanceof Refusal) return sendRefusal(reply, answer);
      if (answer === undefined && !reply.sent) return reply.code(204).send();
      return answer;
    },
  });
};

/** The methods that a path does not take are said no to by name. */
const mountRefusals = (server: FastifyInstance, path: string, taken: readonly string[]): void => {
  const allow = taken.join(', ');
  const refusal = refuse('wrong-method', { zh: allow, en: allow, headers: { allow } });
  server.route({
    method: METHODS.filter((method) => !taken.includes(method)),
    url: fastifyPath(path),
    onRequest: (_request: FastifyRequest, reply: FastifyReply) => {
      sendRefusal(reply, refusal);
    },
    handler: async () => undefined,
  });
};

export const mountRoutes = (server: FastifyInstance, routes: readonly Route[], admit: Admit): void => {
  const taken = new Map<string, string[]>();
  for (const route of routes) {
    mountRoute(server, route, admit);
    const methods = hasEnd(route) ? [route.method, 'HEAD'] : [route.method];
    taken.set(route.path, [...(taken.get(route.path) ?? []), ...methods]);
  }
  for (const [path, methods] of taken) mountRefusals(server, path, methods);
};
