import { isIPv6 } from 'node:net';
import { backOff } from './back-off.ts';
import { nameKey } from './names.ts';

/** Slows down whoever guesses passwords: by address, and by the user they are guessed for. */
export interface LogInLimits {
  /** 0: may be tried, and is counted; else how long to wait, milliseconds. */
  admit(address: string, name: string): number;
  succeeded(address: string, name: string): void;
}

const ADDRESSES = { free: 10, maxMs: 300_000, keysMax: 10_000 } as const;
/** A low ceiling: it is also how long a stranger can keep a user out of an address that never logged in. */
const NAMES = { free: 5, maxMs: 30_000, keysMax: 10_000 } as const;
const PLACES_MAX = 10_000;

/** An IPv6 host can take any address of its /64 (RFC 4291 section 2.5.4); link-local ones are all of one /64. */
export const addressKey = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  const [bare = address] = address.split('%', 1);
  if (!isIPv6(bare) || /^fe[89ab]/i.test(bare)) return address;
  const [head = '', tail = ''] = bare.split('::', 2);
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  const zeros = bare.includes('::') ? Math.max(0, 8 - before.length - after.length) : 0;
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  return `${groups.slice(0, 4).join(':')}::/64`;
};

/** `nowMs`: monotonic. */
export const logInLimits = (nowMs: () => number): LogInLimits => {
  const addresses = backOff({ ...ADDRESSES, nowMs });
  const names = backOff({ ...NAMES, nowMs });
  /** Where each user has logged in: there nobody else's guesses keep them out. */
  const places = new Set<string>();
  const placeOf = (address: string, name: string): string => `${address} ${name}`;
  return {
    admit: (from, user) => {
      const [address, name] = [addressKey(from), nameKey(user)];
      const isKnown = places.has(placeOf(address, name));
      const waitMs = Math.max(addresses.waitMs(address), isKnown ? 0 : names.waitMs(name));
      if (waitMs > 0) return waitMs;
      addresses.tried(address);
      if (!isKnown) names.tried(name);
      return 0;
    },
    succeeded: (from, user) => {
      const [address, name] = [addressKey(from), nameKey(user)];
      addresses.forgive(address);
      names.forget(name);
      places.delete(placeOf(address, name));
      places.add(placeOf(address, name));
      const [oldest] = places.size > PLACES_MAX ? places : [];
      if (oldest !== undefined) places.delete(oldest);
    },
  };
};
