import { isIPv6 } from 'node:net';
import { isLoopback } from '../../config/bind.ts';
import { hostOf } from '../hosts.ts';

/** Where people find the pages: `host` as it stands in a URL, `port` of the HTTPS server. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

const HTTPS_PORT = 443;

export const inUrl = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/** The page on which a phone learns to trust: over plain HTTP, since it does not trust yet. */
export const trustUrl = ({ host, port }: Place): string => `http://${inUrl(host)}:${port}/trust`;

export const consoleUrl = ({ host, port }: Place): string =>
  `https://${inUrl(host)}${port === HTTPS_PORT ? '' : `:${port}`}/`;

/**
 * What to call the gateway: the name in a `Host` header, where the certificate is for it; else the first that it is
 * for. Never loopback: a phone that was told so would look for the gateway in itself.
 */
export const visitedHost = (header: string | undefined, hosts: readonly string[]): string => {
  const reachable = hosts.filter((host) => !isLoopback(host));
  const name = header !== undefined && URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname : '';
  const visited = hostOf(name)?.value;
  return reachable.find((host) => host === visited) ?? reachable[0] ?? 'localhost';
};
