import { BlockList, isIPv4 } from 'node:net';
import type { Host } from '../hosts.ts';
import { ipBytes } from '../ip-bytes.ts';
import { context, elementsOf, encoded, SEQUENCE } from './der.ts';

/**
 * What an authority may vouch for (RFC 5280 section 4.2.1.10): whatever else it signs, phones refuse. A venue's key that
 * fell into wrong hands is then of no use against a bank.
 */
export interface Permitted {
  /** A name, and every name below it. */
  readonly dns: readonly string[];
  /** `address/prefix` */
  readonly networks: readonly string[];
}

/** Object identifier of the extension. */
export const NAME_CONSTRAINTS = '2.5.29.30';

/** Names that no public server can have: RFC 6761, RFC 6762, RFC 8375, and what common routers hand out. */
const LOCAL_NAMES = ['localhost', 'local', 'lan', 'internal', 'home.arpa'];

/** RFC 1122, RFC 1918, RFC 3927, RFC 6598; RFC 4291, RFC 4193. */
const LOCAL_NETWORKS = [
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16', '100.64.0.0/10'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
];

const networkOf = (text: string): { readonly address: string; readonly prefix: number } => {
  const slash = text.indexOf('/');
  return { address: text.slice(0, slash), prefix: Number(text.slice(slash + 1)) };
};

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');

export const isPermitted = ({ dns, networks }: Permitted, { kind, value }: Host): boolean => {
  if (kind === 'dns') return dns.some((name) => value === name || value.endsWith(`.${name}`));
  const list = new BlockList();
  for (const { address, prefix } of networks.map(networkOf)) list.addSubnet(address, prefix, familyOf(address));
  return list.check(value, familyOf(value));
};

/** All local names and networks, and whatever else these hosts need. */
export const permittedFor = (hosts: readonly Host[]): Permitted => {
  const local = { dns: LOCAL_NAMES, networks: LOCAL_NETWORKS };
  const others = hosts.filter((host) => !isPermitted(local, host));
  return {
    dns: [...local.dns, ...others.filter(({ kind }) => kind === 'dns').map(({ value }) => value)],
    networks: [
      ...local.networks,
      ...others.filter(({ kind }) => kind === 'ip').map(({ value }) => `${value}/${isIPv4(value) ? 32 : 128}`),
    ],
  };
};

const DNS_NAME = context(2);
const IP_ADDRESS = context(7);
const PERMITTED_SUBTREES = context(0, true);

const maskOf = (bytes: number, prefix: number): Buffer =>
  Buffer.from(Array.from({ length: bytes }, (_, at) => 0xff & ~(0xff >> Math.min(8, Math.max(0, prefix - 8 * at)))));

const prefixOf = (mask: Buffer): number =>
  mask.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);

/** Value of the extension, DER. */
export const encodePermitted = ({ dns, networks }: Permitted): Buffer => {
  const names = dns.map((name) => encoded(SEQUENCE, encoded(DNS_NAME, Buffer.from(name, 'ascii'))));
  const ranges = networks.map(networkOf).map(({ address, prefix }) => {
    const bytes = ipBytes(address) ?? Buffer.alloc(0);
    return encoded(SEQUENCE, encoded(IP_ADDRESS, bytes, maskOf(bytes.length, prefix)));
  });
  return encoded(SEQUENCE, encoded(PERMITTED_SUBTREES, ...names, ...ranges));
};

const addressText = (bytes: Buffer): string =>
  bytes.length === 4 ? bytes.join('.') : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');

/** Reads the value of the extension; undefined where it is not one that `encodePermitted` could have made. */
export const decodePermitted = (value: Buffer): Permitted | undefined => {
  const [whole] = elementsOf(value) ?? [];
  const [permitted] = (whole?.tag === SEQUENCE ? elementsOf(whole.content) : undefined) ?? [];
  const subtrees = permitted?.tag === PERMITTED_SUBTREES ? elementsOf(permitted.content) : undefined;
  if (subtrees === undefined) return undefined;
  const bases = subtrees.flatMap(({ content }) => elementsOf(content)?.slice(0, 1) ?? []);
  const ranges = bases.filter(
    ({ tag, content }) => tag === IP_ADDRESS && (content.length === 8 || content.length === 32),
  );
  return {
    dns: bases.filter(({ tag }) => tag === DNS_NAME).map(({ content }) => content.toString('ascii')),
    networks: ranges.map(({ content }) => {
      const half = content.length / 2;
      return `${addressText(content.subarray(0, half))}/${prefixOf(content.subarray(half))}`;
    }),
  };
};
