import { z } from 'zod';
import { type ActionResult, type AskedAction, REFUSALS } from '../../../rules/alarms/action.ts';
import type { OutOfService } from '../../../rules/alarms/alarm.ts';
import type { HotPath } from '../../hot-path.ts';
import type { Log } from '../../log.ts';
import type { OutOfServiceView } from '../contract.ts';
import type { Identity, Timers } from '../ports.ts';
import { type Refusal, refuse } from '../problems.ts';
import {
  acknowledgeSchema,
  alarmSchema,
  assignSchema,
  commentSchema,
  outOfServiceSchema,
  removeSchema,
  shelveSchema,
} from '../schemas/alarms.ts';
import { listOf, pageShape } from '../schemas/common.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { type Commit, settled } from '../settling.ts';
import { pageOf } from '../views/page.ts';
import { serviceView } from '../views/service.ts';

export interface AlarmActionsOptions {
  readonly hotPath: Pick<HotPath, 'act' | 'outOfService'>;
  readonly clock: { now(): number };
  readonly commit: Commit;
  readonly timers: Timers;
  readonly log: Log;
}

/** What is done and not kept by then says so. */
const COMMIT_TIMEOUT_MS = 10_000;
const MINUTE_MS = 60_000;

const byOf = (who: Identity | undefined): string => who?.name ?? 'anonymous';

/** Does it; answers once that is kept. */
const done = async (
  { hotPath, commit, timers, log }: AlarmActionsOptions,
  action: AskedAction,
): Promise<Extract<ActionResult, { ok: true }> | Refusal> => {
  const result = hotPath.act(action);
  if (!result.ok) return result.reason === 'not-open' ? refuse('alarm-not-open') : refused(result.reason);
  log.info({ action: action.type, by: action.by, already: result.already }, 'somebody acted on an alarm');
  return (await settled(commit, timers, COMMIT_TIMEOUT_MS)) ? result : refuse('not-committed');
};

const refused = (reason: keyof typeof REFUSALS): Refusal => refuse('action-refused', REFUSALS[reason]);

const onAlarm = { ...NO_INPUT, params: z.strictObject({ id: z.string().min(1).max(1024) }) } as const;
const answer = { status: 200, description: 'the alarm as it is now', schema: alarmSchema } as const;
const PROBLEMS = ['alarm-not-open', 'action-refused', 'not-committed'] as const;

const about = (deed: string, summary: string) =>
  ({
    method: 'POST',
    path: `/api/v1/alarms/{id}/${deed}`,
    role: 'guard',
    summary,
    answer,
    problems: PROBLEMS,
  }) as const;

const alarmAfter = async (options: AlarmActionsOptions, action: AskedAction) => {
  const result = await done(options, action);
  return 'ok' in result ? (result.alarm ?? refuse('alarm-not-open')) : result;
};

const shelve = (options: AlarmActionsOptions): Route =>
  defineRoute({
    ...about('shelve', 'Shelves an open alarm for some minutes, or until its condition clears; never a call for help'),
    request: { ...onAlarm, body: shelveSchema.nullish() },
    handle: ({ params, body }, { who }) => {
      const { minutes, comment } = body ?? {};
      const untilMs = minutes === undefined ? undefined : options.clock.now() + minutes * MINUTE_MS;
      return alarmAfter(options, { type: 'shelve', alarm: params.id, by: byOf(who), comment, untilMs });
    },
  });

const unshelve = (options: AlarmActionsOptions): Route =>
  defineRoute({
    ...about('unshelve', 'Takes it from the shelf: people are told again'),
    request: { ...onAlarm, body: acknowledgeSchema.nullish() },
    handle: ({ params, body }, { who }) =>
      alarmAfter(options, { type: 'unshelve', alarm: params.id, by: byOf(who), comment: body?.comment }),
  });

const comment = (options: AlarmActionsOptions): Route =>
  defineRoute({
    ...about('comment', 'Says something about an open alarm'),
    request: { ...onAlarm, body: commentSchema },
    handle: ({ params, body }, { who }) =>
      alarmAfter(options, { type: 'comment', alarm: params.id, by: byOf(who), comment: body.comment }),
  });

const assign = (options: AlarmActionsOptions): Route =>
  defineRoute({
    ...about('assign', 'Says who sees to it: a user or a role; without `to`: nobody any more'),
    request: { ...onAlarm, body: assignSchema.nullish() },
    handle: ({ params, body }, { who }) =>
      alarmAfter(options, { type: 'assign', alarm: params.id, by: byOf(who), to: body?.to, comment: body?.comment }),
  });

const keyOf = ({ rule, subject = '' }: OutOfServiceView): string => `${rule}\n${subject}`;

const listAway = ({ hotPath }: AlarmActionsOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/out-of-service',
    role: 'viewer',
    summary: 'Rules that are out of service: judged and kept, but nobody is told',
    request: { ...NO_INPUT, query: z.strictObject(pageShape) },
    answer: { status: 200, description: 'what is out of service', schema: listOf(outOfServiceSchema) },
    problems: ['cursor-expired'],
    handle: ({ query }) => pageOf(hotPath.outOfService().map(serviceView), keyOf, query),
  });

const entryAnswer = { status: 200, description: 'what was done', schema: outOfServiceSchema } as const;
const entryOf = (result: { readonly entry?: OutOfService } | Refusal) =>
  'problem' in result ? result : result.entry === undefined ? refuse('internal') : serviceView(result.entry);

const remove = (options: AlarmActionsOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/out-of-service',
    role: 'engineer',
    summary: 'Takes a rule, or a rule for one subject, out of service; calls for help are refused',
    request: { ...NO_INPUT, body: removeSchema },
    answer: entryAnswer,
    problems: ['action-refused', 'not-committed'],
    handle: async ({ body: { rule, subject, why, minutes } }, { who }) => {
      const untilMs = minutes === undefined ? undefined : options.clock.now() + minutes * MINUTE_MS;
      const action = { type: 'remove-from-service', rule, subject, why, untilMs, by: byOf(who) } as const;
      return entryOf(await done(options, action));
    },
  });

const putBack = (options: AlarmActionsOptions): Route =>
  defineRoute({
    method: 'DELETE',
    path: '/api/v1/out-of-service',
    role: 'engineer',
    summary: 'Returns it to service; what is open is told to people again',
    request: {
      ...NO_INPUT,
      query: z.strictObject({ rule: z.string().min(1).max(64), subject: z.string().min(1).max(512).optional() }),
    },
    answer: entryAnswer,
    problems: ['action-refused', 'not-committed'],
    handle: async ({ query: { rule, subject } }, { who }) =>
      entryOf(await done(options, { type: 'return-to-service', rule, subject, by: byOf(who) })),
  });

/** What people do about alarms, beside acknowledging: who does it is whoever is logged in, never what a body says. */
export const alarmActionRoutes = (options: AlarmActionsOptions): readonly Route[] => [
  shelve(options),
  unshelve(options),
  comment(options),
  assign(options),
  listAway(options),
  remove(options),
  putBack(options),
];
