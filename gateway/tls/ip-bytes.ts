import { isIPv4, isIPv6 } from 'node:net';

const v4 = (address: string): number[] => address.split('.').map(Number);

/** Groups of one side of `::`; the last may be an IPv4 address (RFC 4291 section 2.2). */
const groups = (side: string): number[] =>
  side === ''
    ? []
    : side.split(':').flatMap((group) => {
        if (group.includes('.')) return v4(group);
        const value = Number.parseInt(group, 16);
        return [value >> 8, value & 0xff];
      });

/** 4 or 16 bytes of an IP address, without its zone; undefined where it is none. */
export const ipBytes = (address: string): Buffer | undefined => {
  const [bare = ''] = address.split('%', 1);
  if (isIPv4(bare)) return Buffer.from(v4(bare));
  if (!isIPv6(bare)) return undefined;
  const [head = '', tail = ''] = bare.split('::', 2);
  const [before, after] = [groups(head), groups(tail)];
  return Buffer.from([...before, ...new Array<number>(16 - before.length - after.length).fill(0), ...after]);
};
