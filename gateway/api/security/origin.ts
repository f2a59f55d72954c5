import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/bind.ts';
import { type Refusal, refuse } from '../problems.ts';

/** Changes nothing (RFC 9110, 9.2.1). */
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

const only = (header: string | readonly string[] | undefined): string | undefined =>
  typeof header === 'string' ? header : header?.[0];

const hostOf = (origin: string): string | undefined => (URL.canParse(origin) ? new URL(origin).host : undefined);

/**
 * A page of another site must not act with the log-in of whoever looks at it. Browsers say where a request comes from,
 * by `Sec-Fetch-Site` or by `Origin`; a request with neither is no browser's.
 */
export const refuseOtherOrigins = ({ method, headers }: FastifyRequest): Refusal | undefined => {
  if (SAFE.has(method)) return undefined;
  const site = only(headers['sec-fetch-site']);
  if (site === 'same-origin' || site === 'none') return undefined;
  if (site !== undefined) return refuse('wrong-origin');
  const { origin, host } = headers;
  if (origin === undefined || hostOf(origin) === host?.toLowerCase()) return undefined;
  return refuse('wrong-origin');
};

/** The name in a `Host` header, without its port. */
const nameOf = (host: string): string =>
  host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();

/**
 * Whoever reaches this machine from itself needs no log-in in the demo, so the name must be this machine's: a page of
 * another site whose name was made to point here (DNS rebinding) would ask under its own.
 * @param names further names that may stand there: those of a proxy on this machine
 */
export const refuseOtherHosts = (request: FastifyRequest, names: ReadonlySet<string>): Refusal | undefined => {
  const { localAddress } = request.socket;
  if (localAddress !== undefined && !isLoopback(localAddress)) return undefined;
  const { host } = request.headers;
  const name = host === undefined ? '' : nameOf(host);
  return isLoopback(name) || names.has(name) ? undefined : refuse('wrong-host');
};
