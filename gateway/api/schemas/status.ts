import { z } from 'zod';
import { loadSummarySchema } from './alarm-load.ts';
import { textSchema, timeSchema } from './common.ts';
import { followUpSchema, frozenSchema } from './response.ts';

const counts = z.record(z.string(), z.record(z.string(), z.number()));

const sourceSchema = z.object({
  id: z.string(),
  state: z.enum(['opening', 'open', 'silent', 'lost', 'stopped']).describe('silent: open, but nothing is heard'),
  counters: z
    .record(z.string(), z.number())
    .describe('frames, bytes, failures and what else it counts; they only grow'),
  lastTrouble: z.object({ code: z.string(), at: timeSchema, text: textSchema }).exactOptional(),
});

/** `GET /healthz`. Strangers are told only whether all is well. */
export const healthSchema = z
  .object({
    status: z.enum(['ok', 'degraded']),
    version: z.string(),
    venue: z.string(),
    startedAt: timeSchema,
    openAlarms: z.number(),
    problems: z.array(z.string()).describe('why it is degraded, by name'),
    counters: counts.describe('all that is counted, by part: frames, failures, drops. They only grow'),
    levels: counts.exactOptional().describe('what rises and falls, by part: queues, connections'),
    sources: z.array(sourceSchema).exactOptional().describe('sources that keep a port or a connection open'),
  })
  .meta({ id: 'Health' });

export const readySchema = z
  .object({ ready: z.boolean(), waitingFor: z.array(z.string()).describe('parts that are not ready yet') })
  .meta({ id: 'Ready' });

/** What a page shows before anybody has logged in. */
export const venueViewSchema = z
  .object({
    id: z.string(),
    name: textSchema,
    timezone: z.string().describe('IANA name'),
    locale: z.string().describe('zh-CN or en'),
  })
  .meta({ id: 'Venue' });

/** How the gateway is, every few seconds on the stream. */
export const statusSchema = z
  .object({
    now: timeSchema.describe("the gateway's clock: ages are to be measured against it"),
    status: z.enum(['ok', 'degraded']),
    problems: z.array(z.string()),
    openAlarms: z.number(),
    frozen: z
      .array(frozenSchema)
      .exactOptional()
      .describe('operations that stand still until a person lifts that; absent: none'),
    load: loadSummarySchema.exactOptional(),
    followUps: z
      .array(followUpSchema)
      .exactOptional()
      .describe('work that is not done yet, the next deadlines of it; absent: none'),
  })
  .meta({ id: 'Status' });
