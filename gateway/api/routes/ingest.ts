import { z } from 'zod';
import type { Intake } from '../../../ingest/intake.ts';
import type { Failure } from '../contract.ts';
import type { Inbox } from '../ingest/inbox.ts';
import { outcomeOf } from '../ingest/outcome.ts';
import type { MayPost } from '../ingest/rates.ts';
import type { TopicOf } from '../ingest/topics.ts';
import type { Timers } from '../ports.ts';
import { Refusal, refuse } from '../problems.ts';
import { ingestedSchema, ingestQuerySchema } from '../schemas/rejected.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { settled } from '../settling.ts';

export interface IngestRouteOptions {
  readonly inbox: Inbox;
  readonly intake: Intake;
  readonly topicOf: TopicOf;
  readonly mayPost: MayPost;
  readonly timers: Timers;
}

/** What decoders take: JSON, CBOR and plain text; the format is known by the topic and the bytes. */
export const INGEST_TYPES = [
  'application/senml+json',
  'application/senml+cbor',
  'application/json',
  'application/cbor',
  'application/octet-stream',
  'text/plain',
] as const;

/** Posts whose commit is waited for. */
const UNSETTLED_MAX = 2000;
const COMMIT_TIMEOUT_MS = 30_000;
const SOON = { headers: { 'retry-after': '1' } } as const;

const bytesSchema = z.instanceof(Uint8Array, { error: 'a SenML pack, or another format by its topic' });

const failuresAsErrors = (failures: readonly Failure[]) =>
  failures.map(({ code, where, expected }) => ({ code, where: `body${where === '' ? '' : ` ${where}`}`, expected }));

export const ingestRoute = ({ inbox, intake, topicOf, mayPost, timers }: IngestRouteOptions): Route => {
  let unsettled = 0;
  return defineRoute({
    method: 'POST',
    path: '/api/v1/ingest',
    role: 'device',
    summary: 'A message of a device, with its secret as token: judged at once, answered once it is kept',
    request: { ...NO_INPUT, query: ingestQuerySchema, body: bytesSchema },
    bodyTypes: INGEST_TYPES,
    answer: { status: 200, description: 'kept, but for the parts that could not be used', schema: ingestedSchema },
    problems: [
      'wrong-token',
      'topic-not-allowed',
      'unusable',
      'too-many-requests',
      'too-busy',
      'not-ready',
      'not-committed',
    ],
    handle: async ({ query, body }, { who }) => {
      const client = who?.name ?? '';
      if (!mayPost(client, timers.now())) return refuse('too-many-requests', SOON);
      if (!inbox.listening) return refuse('not-ready', SOON);
      if (unsettled >= UNSETTLED_MAX) return refuse('too-busy', SOON);
      const topic = topicOf(client, query.topic);
      if (topic instanceof Refusal) return topic;
      const post = { topic, payload: body, client };
      const { used, failures, safe } = outcomeOf(intake, () =>
        settled((done) => inbox.give(post, done), timers, COMMIT_TIMEOUT_MS),
      );
      if (!used && failures.length > 0) return refuse('unusable', { errors: failuresAsErrors(failures) });
      unsettled += 1;
      const isSafe = await safe;
      unsettled -= 1;
      if (!isSafe) return refuse('not-committed', SOON);
      return failures.length === 0 ? undefined : { failures };
    },
  });
};
