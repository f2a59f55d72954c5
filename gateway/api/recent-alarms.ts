import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { EventStream } from '../events.ts';
import type { AlarmHistory } from './ports.ts';

const KEPT = 1000;

/** The alarms of this run that are over, the last thousand, in memory: where nothing is kept on disk. */
export const recentAlarms = (events: EventStream): AlarmHistory & { readonly stop: () => void } => {
  const newestLast: Alarm[] = [];
  const stop = events.listen((event) => {
    if (event.type !== 'closed') return;
    newestLast.push(event.alarm);
    if (newestLast.length > KEPT) newestLast.shift();
  });
  return {
    stop,
    closed: async (limit, before) => {
      const end = before === undefined ? newestLast.length : newestLast.findIndex(({ id }) => id === before);
      // What it pointed at was forgotten: all that is older went before it.
      if (end < 0) return { items: [] };
      const items = newestLast.slice(Math.max(0, end - limit), end).reverse();
      const last = items.at(-1);
      return end > limit && last !== undefined ? { items, next: last.id } : { items };
    },
  };
};
