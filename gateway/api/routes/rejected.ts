import type { Rejected, RejectedLog } from '../../../ingest/rejected.ts';
import { listOf } from '../schemas/common.ts';
import { rejectedQuerySchema, rejectedSchema } from '../schemas/rejected.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';
import { iso } from '../views/device.ts';
import { cursorOf, keyOfCursor } from '../views/page.ts';

/** Entries have no name: the cursor is the time of the last one shown, and how many of that very time were. */
const skip = (items: readonly Rejected[], cursor: string | undefined): readonly Rejected[] => {
  if (cursor === undefined) return items;
  const [atMs = 0, shown = 0] = keyOfCursor(cursor).split('/').map(Number);
  let same = 0;
  return items.filter((item) => {
    if (item.atMs !== atMs) return item.atMs < atMs;
    same += 1;
    return same > shown;
  });
};

const cursorAfter = (shown: readonly Rejected[], all: readonly Rejected[]): string => {
  const last = shown.at(-1);
  const until = last === undefined ? 0 : all.indexOf(last) + 1;
  const same = all.slice(0, until).filter(({ atMs }) => atMs === last?.atMs).length;
  return cursorOf(`${last?.atMs ?? 0}/${same}`);
};

export const rejectedRoute = (log: RejectedLog): Route =>
  defineRoute({
    method: 'GET',
    path: '/api/v1/rejected',
    role: 'engineer',
    summary: 'What could not be used, the last first, with the reason',
    request: { ...NO_INPUT, query: rejectedQuerySchema },
    answer: { status: 200, description: 'rejected frames', schema: listOf(rejectedSchema) },
    handle: ({ query }) => {
      const all = log.list();
      const left = skip(all, query.cursor);
      const shown = left.slice(0, query.limit);
      const items = shown.map(({ atMs, ...rest }) => ({ at: iso(atMs), ...rest }));
      return left.length > shown.length ? { items, next: cursorAfter(shown, all) } : { items };
    },
  });
