import type { FastifyRequest } from 'fastify';
import { isLoopback } from '../../config/bind.ts';
import type { Access, Identity } from '../ports.ts';

const ANONYMOUS: Identity = { name: 'anonymous', role: 'engineer', anonymous: true };

/** Somebody in between has passed the request on: where it comes from is not known. */
const isForwarded = ({ headers }: FastifyRequest): boolean =>
  headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;

/** Whoever sits at this machine may do everything: the demo, as long as there are no users. */
export const loopbackAccess: Access = {
  identify: (request) =>
    isLoopback(request.socket.remoteAddress ?? '') && !isForwarded(request) ? ANONYMOUS : undefined,
};

/** Asks one after the other; the first that knows them decides. */
export const firstAccess = (accesses: readonly Access[]): Access => ({
  identify: (request) => {
    for (const access of accesses) {
      const who = access.identify(request);
      if (who !== undefined) return who;
    }
    return undefined;
  },
});

/** Lets nobody in. */
export const noAccess: Access = { identify: () => undefined };
