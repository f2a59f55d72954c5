import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { TRUST_PATHS, type TrustPages } from './answers.ts';

const querySchema = z.object({ lang: z.string().max(32).optional().catch(undefined) });

/** The trust pages on the server itself: for whoever is already there. Without an authority they are not found. */
export const mountTrustPages = (server: FastifyInstance, pages: TrustPages): void => {
  for (const path of TRUST_PATHS) {
    server.get(path, async (request, reply) => {
      const { host, 'accept-language': acceptLanguage } = request.headers;
      const answer = await pages.answer({ path, host, acceptLanguage, lang: querySchema.parse(request.query).lang });
      if (answer === undefined) {
        reply.callNotFound();
        return reply;
      }
      return reply.headers(answer.headers).send(answer.body);
    });
  }
};
