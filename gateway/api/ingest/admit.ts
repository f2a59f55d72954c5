import type { Warn } from '../../broker/log.ts';
import { type BackOff, backOff } from '../../people/back-off.ts';
import type { Timers } from '../ports.ts';
import { refuse } from '../problems.ts';
import type { Admit } from '../seam/admission.ts';
import type { Tokens } from '../security/tokens.ts';

const CHALLENGE = { 'www-authenticate': 'Bearer realm="muster ingest"' } as const;

/** Wrong tokens from one address, before it has to wait. */
const FREE_TRIES = 5;

export const tokenBackOff = (timers: Timers): BackOff =>
  backOff({ free: FREE_TRIES, maxMs: 60_000, keysMax: 10_000, nowMs: timers.now });

/**
 * Devices and clients by the secret that they have for MQTT. Right ones never wait: behind one address there may be a
 * whole venue.
 */
export const admitByToken =
  (tokens: Tokens, tries: BackOff, warn: Warn): Admit =>
  (_asker, { headers, socket }) => {
    const holder = tokens.holderOf(headers.authorization);
    if (holder !== undefined) return { name: holder.name, role: 'viewer' };
    const address = socket.remoteAddress ?? '';
    const waitMs = tries.waitMs(address);
    tries.tried(address);
    warn(`post ${address}`, { address }, 'HTTP post refused: nobody has this secret');
    if (waitMs === 0) return refuse('wrong-token', { headers: CHALLENGE });
    return refuse('too-many-requests', { headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) } });
  };
