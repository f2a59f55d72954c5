import type { FastifyRequest } from 'fastify';
import type { Access, Identity } from '../ports.ts';
import { type Refusal, refuse } from '../problems.ts';
import { ROLES } from '../schemas/session.ts';
import type { Asker } from './route.ts';

/** Who asks, where they may; else why they may not. Undefined: a stranger, where strangers may. */
export type Admit = (asker: Asker, request: FastifyRequest) => Identity | Refusal | undefined;

/** Without this header 401 is not a complete answer (RFC 9110, 11.6.1); `Basic` would make browsers ask by themselves. */
const CHALLENGE = { 'www-authenticate': 'Bearer realm="muster"' } as const;

const RANKS: readonly Asker[] = ROLES;

/** A role may all that the ones before it may. Devices have an entrance of their own. */
const mayAsk = (who: Identity, asker: Asker): boolean =>
  asker !== 'device' && RANKS.indexOf(who.role) >= RANKS.indexOf(asker);

/** People, and programs in their place, by their role. */
export const admitByRole =
  (access: Access): Admit =>
  (asker, request) => {
    const who = access.identify(request);
    if (asker === 'anyone') return who;
    if (who === undefined) return refuse('log-in-needed', { headers: CHALLENGE });
    return mayAsk(who, asker) ? who : refuse('wrong-role', { zh: `需要 ${asker}`, en: `it takes ${asker}` });
  };
