import { z } from 'zod';
import type { Timers } from '../api/ports.ts';
import { Refusal, refuse } from '../api/problems.ts';
import { pageShape } from '../api/schemas/common.ts';
import { decisionsSchema, frozenListSchema, liftSchema, responsesSchema } from '../api/schemas/response.ts';
import { defineRoute, NO_INPUT, type Route } from '../api/seam/route.ts';
import { type Commit, settled, within } from '../api/settling.ts';
import { pageOf } from '../api/views/page.ts';
import type { HotPath } from '../hot-path.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { measureRoutes } from './measure-routes.ts';
import type { ResponseRunner } from './runner.ts';
import { decisionView } from './views.ts';

export interface ResponseRoutesOptions {
  readonly response: Pick<ResponseRunner, 'views' | 'frozenViews' | 'commandViews' | 'followUpViews'>;
  readonly hotPath: Pick<HotPath, 'act'>;
  /** Undefined: nothing is kept. */
  readonly store: Pick<Store, 'decisions'> | undefined;
  readonly commit: Commit;
  readonly timers: Timers;
  readonly log: Log;
}

const COMMIT_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 10_000;

const responses = ({ response }: ResponseRoutesOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/responses',
    role: 'viewer',
    summary: 'How far the response to each open alarm is: who was told, what comes next and when',
    request: { ...NO_INPUT, query: z.strictObject(pageShape) },
    answer: { status: 200, description: 'responses', schema: responsesSchema },
    problems: ['cursor-expired'],
    handle: ({ query }) => {
      const page = pageOf(response.views(), ({ alarm }) => alarm, query);
      return page instanceof Refusal ? page : { ...page, items: [...page.items] };
    },
  });

const decisions = ({ store, timers, log }: ResponseRoutesOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/alarms/{id}/decisions',
    role: 'viewer',
    summary: 'What was decided about telling people of an alarm, in order, each with its reason',
    request: {
      ...NO_INPUT,
      params: z.strictObject({ id: z.string().min(1).max(1024) }),
      query: z.strictObject({ ...pageShape, cursor: z.coerce.number().int().min(0).optional().describe('`next`') }),
    },
    answer: { status: 200, description: 'decisions', schema: decisionsSchema },
    problems: ['store-off', 'store-failed'],
    handle: async ({ params, query }) => {
      if (store === undefined) return refuse('store-off');
      try {
        const asked = store.decisions({ alarm: params.id, limit: query.limit, after: query.cursor });
        const { decisions: made, next } = await within(asked, timers, READ_TIMEOUT_MS);
        return { items: made.map(decisionView), ...(next === undefined ? {} : { next: String(next) }) };
      } catch (error) {
        log.error({ error }, 'decisions about telling people cannot be read');
        return refuse('store-failed');
      }
    },
  });

const frozen = ({ response }: ResponseRoutesOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/frozen',
    role: 'viewer',
    summary: 'Operations that an alarm has stopped and nobody has let go on',
    request: NO_INPUT,
    answer: { status: 200, description: 'operations', schema: frozenListSchema },
    handle: () => ({ items: response.frozenViews() }),
  });

const lift = ({ response, hotPath, commit, timers, log }: ResponseRoutesOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/frozen/{operation}/lift',
    role: 'guard',
    summary:
      'Lets an operation go on, in the name of whoever is logged in, who must be of the role that the plan names',
    request: {
      ...NO_INPUT,
      params: z.strictObject({ operation: z.string().min(1).max(256) }),
      body: liftSchema,
    },
    answer: { status: 200, description: 'operations that are still frozen', schema: frozenListSchema },
    problems: ['not-frozen', 'not-yours-to-lift', 'not-committed'],
    handle: async ({ params, body }, { who }) => {
      const { operation } = params;
      const by = who?.name ?? 'anonymous';
      const asked = {
        type: 'lift',
        operation,
        by,
        isEngineer: who?.role === 'engineer',
        comment: body.comment,
      } as const;
      const result = hotPath.act(asked);
      if (!result.ok) {
        log.warn({ operation, by, reason: result.reason }, 'an operation was not let go on');
        return refuse(result.reason === 'not-frozen' ? 'not-frozen' : 'not-yours-to-lift');
      }
      const isKept = await settled(commit, timers, COMMIT_TIMEOUT_MS);
      return isKept ? { items: response.frozenViews() } : refuse('not-committed');
    },
  });

export const responseRoutes = (options: ResponseRoutesOptions): readonly Route[] => [
  responses(options),
  decisions(options),
  frozen(options),
  lift(options),
  ...measureRoutes(options),
];
