import fastifyCookie from '@fastify/cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What reads and writes cookies; cookies of other routes than ours are nobody's. */
export const useCookies = (server: FastifyInstance): void => {
  server.register(fastifyCookie, { hook: false });
};

/**
 * Over TLS under a name that browsers bind to this very host, to TLS and to every path (RFC 6265bis section 4.1.3.2), so
 * that no neighbour can plant one.
 */
const nameFor = (secure: boolean): string => (secure ? '__Host-muster' : 'muster');

const isSecure = (request: FastifyRequest): boolean => request.protocol === 'https';

/** Longest header that is looked at. */
const HEADER_MAX = 8_192;

/** The session id that a request carries. */
export const sessionIdOf = (request: FastifyRequest): string | undefined => {
  const { cookie } = request.headers;
  if (cookie === undefined || cookie.length > HEADER_MAX) return undefined;
  const name = nameFor(isSecure(request));
  const cookies = request.server.parseCookie(cookie);
  return Object.hasOwn(cookies, name) ? cookies[name] : undefined;
};

/** Gives the browser a session id, or with an empty one takes it away. */
export const setSessionId = (reply: FastifyReply, id: string, maxAgeSeconds: number): void => {
  const secure = isSecure(reply.request);
  const options = { path: '/', httpOnly: true, sameSite: 'strict', secure, maxAge: maxAgeSeconds } as const;
  reply.header('set-cookie', reply.server.serializeCookie(nameFor(secure), id, options));
};
