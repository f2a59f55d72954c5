import { BlockList, isIP } from 'node:net';

/** RFC 1918, 3927, 4193, 4291, and this machine: who asks from there is at the venue. */
const LOCAL = new BlockList();
LOCAL.addSubnet('127.0.0.0', 8, 'ipv4');
LOCAL.addSubnet('10.0.0.0', 8, 'ipv4');
LOCAL.addSubnet('172.16.0.0', 12, 'ipv4');
LOCAL.addSubnet('192.168.0.0', 16, 'ipv4');
LOCAL.addSubnet('169.254.0.0', 16, 'ipv4');
LOCAL.addAddress('::1', 'ipv6');
LOCAL.addSubnet('fc00::', 7, 'ipv6');
LOCAL.addSubnet('fe80::', 10, 'ipv6');

/** True for an address of the venue's own network. */
export const isLocalAddress = (address: string | undefined): boolean => {
  const bare = (address ?? '').replace(/^::ffff:/i, '').replace(/%.*$/, '');
  const version = isIP(bare);
  return version !== 0 && LOCAL.check(bare, version === 4 ? 'ipv4' : 'ipv6');
};
