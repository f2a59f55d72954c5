import { isIPv4, isIPv6 } from 'node:net';
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { domainToASCII } from 'node:url';
import { ipBytes } from './ip-bytes.ts';

/** What a certificate is for: a DNS name in lower case, or an IP address. */
export interface Host {
  readonly kind: 'dns' | 'ip';
  readonly value: string;
}

/** RFC 1123 section 2.1; no wildcards: a box has its name. */
const DNS_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** A name or address as people write it; undefined where it is neither. */
export const hostOf = (text: string): Host | undefined => {
  const bare = text.replace(/^\[(.*)\]$/, '$1');
  if (isIPv4(bare)) return { kind: 'ip', value: bare };
  // The one way to write it, RFC 5952; with a zone it is nobody else's address.
  if (isIPv6(bare))
    return bare.includes('%') ? undefined : { kind: 'ip', value: new URL(`http://[${bare}]`).hostname.slice(1, -1) };
  const name = domainToASCII(text.trim()).replace(/\.$/, '');
  return DNS_NAME.test(name) ? { kind: 'dns', value: name } : undefined;
};

/** Addresses that stay what they are: not link-local ones, and of IPv6 only private ones, since others rotate (RFC 8981). */
const isLasting = (address: string): boolean => {
  const bytes = ipBytes(address);
  if (bytes === undefined) return false;
  const [first = 0, second = 0] = bytes;
  return bytes.length === 16 ? (first & 0xfe) === 0xfc : !(first === 169 && second === 254);
};

export interface Machine {
  readonly name: string;
  readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
}

export const thisMachine = (): Machine => ({ name: hostname(), interfaces: networkInterfaces() });

/** Addresses that others reach a machine by, IPv4 first: it is what people can type. */
export const lanAddresses = ({ interfaces }: Machine): readonly string[] =>
  Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter(({ internal, address }) => !internal && isLasting(address))
    .toSorted((a, b) => a.family.localeCompare(b.family))
    .map(({ address }) => address);

const distinct = (hosts: readonly Host[]): readonly Host[] => [
  ...new Map(hosts.map((host) => [`${host.kind} ${host.value}`, host])).values(),
];

/** What a machine is called from its own network, and by itself; `given` first. */
export const hostsOf = (given: readonly Host[], machine: Machine): readonly Host[] => {
  const own = hostOf(machine.name);
  const names = own === undefined || own.kind === 'ip' ? [] : [own.value];
  // RFC 6762: what mDNS answers to on the local link.
  const local = names.filter((name) => !name.includes('.')).map((name) => `${name}.local`);
  const texts = [...lanAddresses(machine), ...names, ...local, 'localhost', '127.0.0.1', '::1'];
  return distinct([...given, ...texts.flatMap((text) => hostOf(text) ?? [])]);
};
