import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from 'fastify';
import type { Role } from '../contract.ts';
import type { Access, Identity } from '../ports.ts';
import { Refusal, refuse } from '../problems.ts';
import { ROLES } from '../schemas/session.ts';
import type { Route } from './route.ts';
import { sendRefusal } from './send.ts';

/** `{id}` of OpenAPI as fastify writes it. */
const fastifyPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

const METHODS: readonly HTTPMethods[] = ['DELETE', 'GET', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const mayAsk = (who: Identity, role: Role): boolean => ROLES.indexOf(who.role) >= ROLES.indexOf(role);

/** Without this header 401 is not a complete answer (RFC 9110, 11.6.1); `Basic` would make browsers ask by themselves. */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="muster"' } as const;

/** Who asks, where they may; else why they may not. */
const admit = ({ role }: Route, who: Identity | undefined): Refusal | undefined => {
  if (role === 'anyone') return undefined;
  if (who === undefined) return refuse('log-in-needed', { headers: CHALLENGE });
  if (mayAsk(who, role)) return undefined;
  return refuse('wrong-role', { zh: `需要 ${role}`, en: `it takes ${role}` });
};

const mountRoute = (server: FastifyInstance, route: Route, access: Access): void => {
  const asking = new WeakMap<FastifyRequest, Identity>();
  server.route({
    method: route.method,
    url: fastifyPath(route.path),
    // Before the body is read: strangers do not get to send one.
    onRequest: (request, reply, done) => {
      const who = access.identify(request);
      const refusal = admit(route, who);
      if (refusal !== undefined) {
        sendRefusal(reply, refusal);
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
  const allow = [...taken, ...(taken.includes('GET') ? ['HEAD'] : [])].sort().join(', ');
  const refusal = refuse('wrong-method', { en: allow, zh: allow, headers: { allow } });
  server.route({
    method: METHODS.filter((method) => typeof method === 'string' && !taken.includes(method)),
    url: fastifyPath(path),
    onRequest: (_request: FastifyRequest, reply: FastifyReply) => {
      sendRefusal(reply, refusal);
    },
    handler: async () => undefined,
  });
};

export const mountRoutes = (server: FastifyInstance, routes: readonly Route[], access: Access): void => {
  const taken = new Map<string, string[]>();
  for (const route of routes) {
    mountRoute(server, route, access);
    taken.set(route.path, [...(taken.get(route.path) ?? []), route.method]);
  }
  for (const [path, methods] of taken) mountRefusals(server, path, methods);
};
