import { z } from 'zod';
import type { Timers } from '../api/ports.ts';
import { refuse } from '../api/problems.ts';
import { listOf, pageShape, timeSchema } from '../api/schemas/common.ts';
import { defineRoute, NO_INPUT, type Route } from '../api/seam/route.ts';
import { within } from '../api/settling.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { TROUBLES, type TroubleCode } from './troubles.ts';

const attemptSchema = z
  .object({
    at: timeSchema,
    key: z.string().describe('of the notice: the same on every attempt'),
    notifier: z.string(),
    event: z.string(),
    attempt: z.int().describe('1 is the first since the gateway started'),
    outcome: z
      .enum(['delivered', 'failed', 'given-up', 'dropped', 'held-back'])
      .describe('failed: tried again; held-back: nobody was to be told'),
    code: z.string().exactOptional().describe('why; stable'),
    zh: z.string().exactOptional(),
    en: z.string().exactOptional(),
    people: z.array(z.string()).exactOptional().describe('whom it was for, by id'),
    reason: z
      .string()
      .exactOptional()
      .describe('the words of the other side; of what is held back: by whom, or by which alarm'),
    tookMs: z.int(),
  })
  .meta({ id: 'Attempt' });

export interface AttemptsRouteOptions {
  /** Undefined: nothing is kept. */
  readonly store: Pick<Store, 'attempts'> | undefined;
  readonly timers: Timers;
  readonly log: Log;
}

const READ_TIMEOUT_MS = 10_000;

const sayingOf = (code: TroubleCode | undefined) => (code === undefined ? {} : { code, ...TROUBLES[code] });

/** Who was told of an alarm, when, and what came of it. */
export const attemptsRoute = ({ store, timers, log }: AttemptsRouteOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/alarms/{id}/attempts',
    role: 'viewer',
    summary: 'Attempts to tell notifiers of an alarm, in order, with what came of each',
    request: {
      ...NO_INPUT,
      params: z.strictObject({ id: z.string().min(1).max(1024) }),
      query: z.strictObject({ ...pageShape, cursor: z.coerce.number().int().min(0).optional().describe('`next`') }),
    },
    answer: { status: 200, description: 'attempts', schema: listOf(attemptSchema) },
    problems: ['store-off', 'store-failed'],
    handle: async ({ params, query }) => {
      if (store === undefined) return refuse('store-off');
      try {
        const asked = store.attempts({ alarm: params.id, limit: query.limit, after: query.cursor });
        const { attempts, next } = await within(asked, timers, READ_TIMEOUT_MS);
        const items = attempts.map(({ atMs, channel, alarm: _, code, ...rest }) => ({
          at: new Date(Math.round(atMs)).toISOString(),
          notifier: channel,
          ...rest,
          ...sayingOf(code),
        }));
        return next === undefined ? { items } : { items, next: String(next) };
      } catch (error) {
        log.error({ error }, 'attempts to notify cannot be read');
        return refuse('store-failed');
      }
    },
  });
