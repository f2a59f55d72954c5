import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credential, Registry } from '../../config/registry.ts';
import type { Role } from '../contract.ts';
import type { Access } from '../ports.ts';
import { ROLES } from '../schemas/session.ts';

/** A device or client of the venue file that has shown its secret. */
export interface Holder {
  readonly name: string;
  readonly credential: Credential;
}

/** Who holds the secret in an `Authorization` header: that of MQTT. */
export interface Tokens {
  /** `Bearer <secret>`, or `Basic` with name and secret, which a secret that several share takes. */
  holderOf(authorization: string | undefined): Holder | undefined;
}

const SECRET_CHARACTERS_MAX = 512;

const digestOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

const splitBasic = (encoded: string): readonly [name: string, secret: string] => {
  const text = Buffer.from(encoded, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? ['', text] : [text.slice(0, colon), text.slice(colon + 1)];
};

interface Known {
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly byDigest: ReadonlyMap<string, Holder>;
  /** Digests of secrets that several have. */
  readonly shared: ReadonlySet<string>;
}

const knownOf = (credentials: ReadonlyMap<string, Credential>): Known => {
  const byDigest = new Map<string, Holder>();
  const shared = new Set<string>();
  for (const [name, credential] of credentials) {
    const digest = credential.secretSha256;
    if (byDigest.has(digest)) shared.add(digest);
    byDigest.set(digest, { name, credential });
  }
  return { credentials, byDigest, shared };
};

/** `venue.credentials` may become other ones. */
export const tokens = (venue: Pick<Registry, 'credentials'>): Tokens => {
  let known = knownOf(venue.credentials);
  const now = (): Known => {
    if (known.credentials !== venue.credentials) known = knownOf(venue.credentials);
    return known;
  };

  const named = (name: string, secret: string): Holder | undefined => {
    const credential = now().credentials.get(name);
    if (credential === undefined) return undefined;
    const digest = Buffer.from(credential.secretSha256, 'hex');
    return timingSafeEqual(digest, digestOf(secret)) ? { name, credential } : undefined;
  };
  /** Found by its digest: how long that takes tells nothing of the secret. */
  const unnamed = (secret: string): Holder | undefined => {
    const digest = digestOf(secret).toString('hex');
    const { shared, byDigest } = now();
    return shared.has(digest) ? undefined : byDigest.get(digest);
  };

  return {
    holderOf: (authorization = '') => {
      const [scheme = '', value = ''] = authorization.split(' ', 2);
      if (value === '' || value.length > SECRET_CHARACTERS_MAX) return undefined;
      switch (scheme.toLowerCase()) {
        case 'bearer':
          return unnamed(value);
        case 'basic':
          return named(...splitBasic(value));
        default:
          return undefined;
      }
    },
  };
};

const isRole = (role: string | undefined): role is Role => ROLES.some((known) => known === role);

/** Clients of the venue file with a role of the HTTP side: Prometheus as viewer, another program as guard. */
export const clientAccess = (known: Tokens): Access => ({
  identify: ({ headers }) => {
    const holder = known.holderOf(headers.authorization);
    if (holder === undefined || holder.credential.kind !== 'client') return undefined;
    const { role } = holder.credential;
    return isRole(role) ? { name: holder.name, role } : undefined;
  },
});
