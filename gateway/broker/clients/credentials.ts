import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Rate } from '../limits.ts';
import { TokenBucket } from '../limits.ts';
import type { Access, Patterns } from './access.ts';
import { access, anonymousAccess, roleAccess } from './access.ts';

/** One that may connect: user name = its key, password = its secret. */
export interface Credential extends Patterns {
  /** SHA-256 of the secret, 64 hexadecimal digits. Secrets are random, so a slow hash would protect nothing more. */
  readonly secretSha256: string;
  readonly role?: string;
  /** Overrides the broker's publish rate. */
  readonly rate?: Rate;
}

export interface CredentialOptions {
  readonly venueId: string;
  readonly credentials: ReadonlyMap<string, Credential>;
  /** `loopback`: without a user name, from this very machine, with access to everything. Demo and simulator only. */
  readonly anonymous: 'refuse' | 'loopback';
  readonly rate: Rate;
}

/** Who is connected. */
export interface Identity {
  /** Undefined: anonymous. */
  readonly name: string | undefined;
  readonly role: string | undefined;
  readonly access: Access;
  /** Shared by all connections of the credential; undefined: each connection has its own. */
  readonly bucket: TokenBucket | undefined;
}

export interface Login {
  readonly userName: string | undefined;
  readonly password: Uint8Array | undefined;
  /** From this machine, and not by way of a web page from elsewhere. */
  readonly local: boolean;
}

export interface Credentials {
  /** Takes the same time for a wrong secret as for a name that does not exist. */
  identify(login: Login): Identity | undefined;
}

/** 128 random bits, 22 characters of base64url. */
export const newSecret = (): string => randomBytes(16).toString('base64url');

/** SHA-256 in hexadecimal, as `secretSha256` wants it. */
export const hashSecret = (secret: string | Uint8Array): string => createHash('sha256').update(secret).digest('hex');

export const credentials = (options: CredentialOptions, clock: Clock): Credentials => {
  const known = new Map(
    [...options.credentials].map(([name, entry]) => [name, knownEntry(name, entry, options, clock)]),
  );
  const anonymous: Identity = {
    name: undefined,
    role: 'guard',
    access: access(options.venueId, anonymousAccess(options.venueId)),
    bucket: undefined,
  };
  return {
    identify: ({ userName, password, local }) => {
      if (userName === undefined) return options.anonymous === 'loopback' && local ? anonymous : undefined;
      const entry = known.get(userName);
      const given = createHash('sha256')
        .update(password ?? NOTHING)
        .digest();
      const equal = timingSafeEqual(given, entry?.digest ?? NO_DIGEST);
      return equal ? entry?.identity : undefined;
    },
  };
};

const NOTHING = new Uint8Array(0);
/** No password has this digest: it only keeps the comparison as long as a real one. */
const NO_DIGEST = randomBytes(32);

const knownEntry = (name: string, entry: Credential, options: CredentialOptions, clock: Clock) => {
  const extra = roleAccess(options.venueId, entry.role);
  const digest = Buffer.from(entry.secretSha256, 'hex');
  if (digest.length !== 32) throw new Error(`secretSha256 of ${name}: expected 64 hexadecimal digits`);
  const identity: Identity = {
    name,
    role: entry.role,
    access: access(options.venueId, {
      publish: [...entry.publish, ...extra.publish],
      subscribe: [...entry.subscribe, ...extra.subscribe],
    }),
    bucket: new TokenBucket(entry.rate ?? options.rate, clock.now()),
  };
  return { digest, identity };
};
