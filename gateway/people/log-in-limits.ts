import { ipBytes } from '../tls/ip-bytes.ts';
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

const IPV4_IN_IPV6 = '00000000000000000000ffff';

/**
 * What counts as one address: an IPv6 host can take any of its /64 (RFC 4291 section 2.5.4). All link-local ones
 * (fe80::/10) are of one /64, and count for themselves.
 */
export const addressKey = (address: string): string => {
  const bytes = ipBytes(address);
  if (bytes === undefined) return address;
  const hex = bytes.toString('hex');
  if (hex.startsWith(IPV4_IN_IPV6)) return hex.slice(IPV4_IN_IPV6.length);
  return /^fe[89ab]/.test(hex) ? hex : hex.slice(0, 16);
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
