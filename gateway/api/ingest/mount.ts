import type { FastifyInstance } from 'fastify';
import type { Intake } from '../../../ingest/intake.ts';
import type { Rate } from '../../broker/limits.ts';
import { throttledWarnings } from '../../broker/log.ts';
import type { Registry } from '../../config/registry.ts';
import type { Log } from '../../log.ts';
import type { Timers } from '../ports.ts';
import { INGEST_TYPES, ingestRoute } from '../routes/ingest.ts';
import { mountRoutes } from '../seam/mount.ts';
import type { Route } from '../seam/route.ts';
import type { Tokens } from '../security/tokens.ts';
import { admitByToken, tokenBackOff } from './admit.ts';
import type { Inbox } from './inbox.ts';
import { postRates } from './rates.ts';
import { postTopics } from './topics.ts';

export interface IngestOptions {
  readonly registry: Registry;
  readonly intake: Intake;
  readonly inbox: Inbox;
  readonly timers: Timers;
  /** Posts of a credential that has no rate of its own. */
  readonly rate: Rate;
}

export const makeIngestRoute = ({ registry, intake, inbox, timers, rate }: IngestOptions): Route => {
  return ingestRoute({ inbox, intake, topicOf: postTopics(registry), mayPost: postRates(registry, rate), timers });
};

/** Apart from the other routes: bodies are bytes here, and whoever posts shows the secret of a device. */
export const mountIngest = (
  server: FastifyInstance,
  route: Route,
  tokens: Tokens,
  { timers, log }: { readonly timers: Timers; readonly log: Log },
): void => {
  const admit = admitByToken(tokens, tokenBackOff(timers), throttledWarnings(log, timers));
  server.register(async (own) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser([...INGEST_TYPES], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    mountRoutes(own, [route], admit);
  });
};
