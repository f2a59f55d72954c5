import { z } from 'zod';
import type { Alarm } from '../../../rules/alarms/alarm.ts';
import type { HotPath } from '../../hot-path.ts';
import type { Log } from '../../log.ts';
import type { AlarmHistory, Timers } from '../ports.ts';
import { Refusal, refuse } from '../problems.ts';
import { acknowledgeSchema, alarmSchema, alarmsQuerySchema } from '../schemas/alarms.ts';
import { listOf } from '../schemas/common.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { type Commit, settled, within } from '../settling.ts';
import { cursorOf, keyOfCursor, pageOf } from '../views/page.ts';

export interface AlarmRoutesOptions {
  readonly hotPath: Pick<HotPath, 'openAlarms' | 'act'>;
  readonly past: AlarmHistory;
  readonly commit: Commit;
  readonly timers: Timers;
  readonly log: Log;
}

type Query = z.output<typeof alarmsQuerySchema>;
type Page = { readonly items: readonly Alarm[]; readonly next?: string };

/** An acknowledgement that is not kept by then says so. */
const COMMIT_TIMEOUT_MS = 10_000;
const READ_TIMEOUT_MS = 10_000;

const newestFirst = (alarms: readonly Alarm[]): readonly Alarm[] =>
  [...alarms].sort((a, b) => (a.raisedAt < b.raisedAt ? 1 : a.raisedAt > b.raisedAt ? -1 : 0));

/** Begins a cursor into the past; no alarm id does, for a rule id has no colon. */
const PAST = 'past:';

const pastPage = async ({ past, timers }: AlarmRoutesOptions, limit: number, before: string): Promise<Page> => {
  const { items, next } = await within(past.closed(limit, before === '' ? undefined : before), timers, READ_TIMEOUT_MS);
  return next === undefined ? { items } : { items, next: cursorOf(`${PAST}${next}`) };
};

/** Open alarms first, then those that are over; one that ends between two pages may come twice. */
const allAlarms = async (
  options: AlarmRoutesOptions,
  open: readonly Alarm[],
  query: Query,
): Promise<Page | Refusal> => {
  const { cursor, limit } = query;
  const key = cursor === undefined ? '' : keyOfCursor(cursor);
  if (key.startsWith(PAST)) return pastPage(options, limit, key.slice(PAST.length));
  const page = pageOf(open, ({ id }) => id, query);
  if (page instanceof Refusal || page.next !== undefined) return page;
  const room = limit - page.items.length;
  if (room === 0) return { items: page.items, next: cursorOf(PAST) };
  const rest = await pastPage(options, room, '');
  return { ...rest, items: [...page.items, ...rest.items] };
};

const list = (options: AlarmRoutesOptions): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/alarms',
    role: 'viewer',
    summary: 'Alarms, the newest first; with state=all those that are over after the open ones',
    request: { ...NO_INPUT, query: alarmsQuerySchema },
    answer: { status: 200, description: 'alarms', schema: listOf(alarmSchema) },
    problems: ['cursor-expired', 'store-failed'],
    handle: async ({ query }) => {
      const open = newestFirst(options.hotPath.openAlarms());
      if (query.state === 'open') return pageOf(open, ({ id }) => id, query);
      try {
        return await allAlarms(options, open, query);
      } catch (error) {
        options.log.error({ error }, 'past alarms cannot be read');
        return refuse('store-failed');
      }
    },
  });

const acknowledge = ({ hotPath, commit, timers, log }: AlarmRoutesOptions): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/alarms/{id}/ack',
    role: 'guard',
    summary: 'Acknowledges an open alarm, in the name of whoever is logged in; answers once that is kept',
    request: {
      ...NO_INPUT,
      params: z.strictObject({ id: z.string().min(1).max(1024) }),
      body: acknowledgeSchema.nullish(),
    },
    answer: { status: 200, description: 'the alarm as it is now', schema: alarmSchema },
    problems: ['alarm-not-open', 'alarm-held', 'not-committed'],
    handle: async ({ params, body }, { who }) => {
      const by = who?.name ?? 'anonymous';
      const result = hotPath.act({ type: 'acknowledge', alarm: params.id, by, comment: body?.comment });
      if (!result.ok) return refuse(result.reason === 'not-open' ? 'alarm-not-open' : 'alarm-held');
      log.info({ alarm: params.id, by, already: result.already }, 'alarm acknowledged');
      return (await settled(commit, timers, COMMIT_TIMEOUT_MS))
        ? (result.alarm ?? refuse('alarm-not-open'))
        : refuse('not-committed');
    },
  });

export const alarmRoutes = (options: AlarmRoutesOptions): readonly Route[] => [list(options), acknowledge(options)];
