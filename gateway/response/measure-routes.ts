import { z } from 'zod';
import { type ProblemCode, Refusal, refuse } from '../api/problems.ts';
import { pageShape } from '../api/schemas/common.ts';
import { commandSchema, commandsSchema, doneSchema, followUpSchema, followUpsSchema } from '../api/schemas/response.ts';
import { defineRoute, NO_INPUT, type Route } from '../api/seam/route.ts';
import { settled } from '../api/settling.ts';
import { pageOf } from '../api/views/page.ts';
import type { ResponseRoutesOptions } from './routes.ts';

const COMMIT_TIMEOUT_MS = 10_000;

const idParams = z.strictObject({ id: z.string().min(1).max(1024) });

type Asked =
  | { readonly type: 'follow-up-done'; readonly followUp: string; readonly comment: string }
  | { readonly type: 'command-done'; readonly command: string; readonly comment: string };

const UNKNOWN: Readonly<Record<Asked['type'], ProblemCode>> = {
  'follow-up-done': 'unknown-follow-up',
  'command-done': 'unknown-command',
};

/** Does it, and answers once that is kept; undefined: it is. */
const done = async (
  { hotPath, commit, timers, log }: ResponseRoutesOptions,
  asked: Asked,
  by: string,
): Promise<Refusal | undefined> => {
  const result = hotPath.act({ ...asked, by });
  if (!result.ok) {
    log.warn({ ...asked, by, reason: result.reason }, 'not marked as done');
    return refuse(result.reason === 'already-done' ? 'already-done' : UNKNOWN[asked.type]);
  }
  return (await settled(commit, timers, COMMIT_TIMEOUT_MS)) ? undefined : refuse('not-committed');
};

const commands = ({ response }: ResponseRoutesOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/commands',
    role: 'viewer',
    summary: 'What actuators were told for open alarms, and what they have not confirmed of others',
    request: { ...NO_INPUT, query: z.strictObject(pageShape) },
    answer: { status: 200, description: 'commands', schema: commandsSchema },
    problems: ['cursor-expired'],
    handle: ({ query }) => {
      const page = pageOf(response.commandViews(), ({ id }) => id, query);
      return page instanceof Refusal ? page : { ...page, items: [...page.items] };
    },
  });

const commandDone = (options: ResponseRoutesOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/commands/{id}/done',
    role: 'guard',
    summary: 'Somebody has seen to what an actuator did not confirm, in the name of whoever is logged in',
    request: { ...NO_INPUT, params: idParams, body: doneSchema },
    answer: { status: 200, description: 'the command', schema: z.object({ item: commandSchema.exactOptional() }) },
    problems: ['unknown-command', 'already-done', 'not-committed'],
    handle: async ({ params: { id }, body }, { who }) => {
      const asked = { type: 'command-done', command: id, comment: body.comment } as const;
      const refused = await done(options, asked, who?.name ?? 'anonymous');
      if (refused !== undefined) return refused;
      // With its alarm over it is forgotten.
      const item = options.response.commandViews().find((each) => each.id === id);
      return item === undefined ? {} : { item };
    },
  });

const followUps = ({ response }: ResponseRoutesOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/follow-ups',
    role: 'viewer',
    summary: 'Work that has to be done after alarms, the next deadline first, also of alarms that are over',
    request: {
      ...NO_INPUT,
      query: z.strictObject({ ...pageShape, state: z.enum(['open', 'all']).default('open') }),
    },
    answer: { status: 200, description: 'follow-ups', schema: followUpsSchema },
    problems: ['cursor-expired'],
    handle: ({ query }) => {
      const views = response.followUpViews().filter(({ state }) => query.state === 'all' || state !== 'done');
      const page = pageOf(views, ({ id }) => id, query);
      return page instanceof Refusal ? page : { ...page, items: [...page.items] };
    },
  });

const followUpDone = (options: ResponseRoutesOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/follow-ups/{id}/done',
    role: 'guard',
    summary: 'It is done, in the name of whoever is logged in',
    request: { ...NO_INPUT, params: idParams, body: doneSchema },
    answer: { status: 200, description: 'the follow-up', schema: followUpSchema },
    problems: ['unknown-follow-up', 'already-done', 'not-committed'],
    handle: async ({ params: { id }, body }, { who }) => {
      const asked = { type: 'follow-up-done', followUp: id, comment: body.comment } as const;
      const refused = await done(options, asked, who?.name ?? 'anonymous');
      return refused ?? options.response.followUpViews().find((each) => each.id === id) ?? refuse('unknown-follow-up');
    },
  });

/** What people ask and say of actuators and of work that follows. */
export const measureRoutes = (options: ResponseRoutesOptions): readonly Route[] => [
  commands(options),
  commandDone(options),
  followUps(options),
  followUpDone(options),
];
