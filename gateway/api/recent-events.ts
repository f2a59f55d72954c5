import type { AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { EventStream } from '../events.ts';
import type { AlarmRecord } from './ports.ts';

const ALARMS_KEPT = 200;
const EVENTS_KEPT = 50;

/** The events of the last alarms of this run, in memory: where nothing is kept on disk. */
export const recentEvents = (events: EventStream): AlarmRecord & { readonly stop: () => void } => {
  const byAlarm = new Map<string, AlarmEvent[]>();
  const stop = events.listen((event) => {
    if (!('alarm' in event)) return;
    const { id } = event.alarm;
    const known = byAlarm.get(id) ?? [];
    // What was said first is what explains it; of a long life the middle is forgotten.
    if (known.length >= EVENTS_KEPT) known.splice(EVENTS_KEPT / 2, 1);
    known.push(event);
    byAlarm.delete(id);
    byAlarm.set(id, known);
    const [oldest] = byAlarm.keys();
    if (byAlarm.size > ALARMS_KEPT && oldest !== undefined) byAlarm.delete(oldest);
  });
  return { stop, events: async (alarm) => [...(byAlarm.get(alarm) ?? [])] };
};
