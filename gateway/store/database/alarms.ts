import type { OutOfService } from '../../../rules/alarms/alarm.ts';
import type { DeskEvent } from '../../../rules/alarms/desk.ts';
import { type Connection, numberAt, type Row, textAt } from './connection.ts';

export const EVENTS_MAX = 1000;

/** The ends of time that Date knows. */
const TIME_MAX_MS = 8.64e15;

/** Which events: all bounds may be left out. */
export interface AlarmEventQuery {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  /** Of one alarm alone. */
  readonly alarm?: string | undefined;
  /** Goes on after this one. */
  readonly after?: number | undefined;
  /** At most EVENTS_MAX, which is also what is taken where it is left out. */
  readonly limit?: number | undefined;
  /**
   * Only alarms that came or came again, without their evidence: the last so many before `toMs`. No further page; `alarm`,
   * `after` and `limit` do not count.
   */
  readonly alarmsMax?: number | undefined;
}

/** Events in the order in which they happened; JSON as it was stored. */
export interface AlarmEventPage {
  readonly events: readonly string[];
  /** `after` of the next question, where there may be more. */
  readonly next?: number;
}

/** Tables of alarm events, of the alarms that are open and of what is out of service. */
export interface AlarmTables {
  /** Within a transaction. */
  insert(sequence: number, event: DeskEvent, json: string): void;
  events(query: AlarmEventQuery): AlarmEventPage;
  open(): readonly string[];
  /** What is out of service. */
  outOfService(): readonly string[];
  /** Events of alarms that came to their end, the last first, before an id. */
  closed(limit: number, before: number): AlarmEventPage;
}

const pageOf = (rows: readonly Row[], most: number): AlarmEventPage => {
  const last = rows.at(-1);
  return {
    events: rows.map((row) => textAt(row, 1)),
    ...(last === undefined || rows.length < most ? {} : { next: numberAt(last, 0) }),
  };
};

const mostOf = (limit = EVENTS_MAX): number => Math.min(EVENTS_MAX, Math.max(1, Math.floor(limit)));

export const alarmTables = (connection: Connection): AlarmTables => {
  const insert = connection.prepare(
    'INSERT INTO alarm_events (sequence, at_ms, type, alarm, json) VALUES (?, ?, ?, ?, ?)',
  );
  const setOpen = connection.prepare('INSERT OR REPLACE INTO open_alarms VALUES (?, ?)');
  const close = connection.prepare('DELETE FROM open_alarms WHERE alarm = ?');
  const open = connection.prepare('SELECT json FROM open_alarms ORDER BY alarm');
  const setAway = connection.prepare('INSERT OR REPLACE INTO out_of_service VALUES (?, ?, ?)');
  const endAway = connection.prepare('DELETE FROM out_of_service WHERE rule = ? AND subject = ?');
  const away = connection.prepare('SELECT json FROM out_of_service ORDER BY rule, subject');
  const keepService = (isOver: boolean, entry: OutOfService): void => {
    const { rule, subject = '' } = entry;
    if (isOver) endAway.run(rule, subject);
    else setAway.run(rule, subject, JSON.stringify(entry));
  };
  const range = 'at_ms >= ? AND at_ms < ? AND id > ? ORDER BY id LIMIT ?';
  const all = connection.prepare(`SELECT id, json FROM alarm_events WHERE ${range}`);
  const closed = connection.prepare(
    `SELECT id, json FROM alarm_events WHERE type = 'closed' AND id < ? ORDER BY id DESC LIMIT ?`,
  );
  const ofAlarm = connection.prepare(`SELECT id, json FROM alarm_events WHERE alarm = ? AND ${range}`);
  const came = connection.prepare(
    `SELECT id, json_remove(json, '$.evidence') FROM alarm_events WHERE at_ms >= ? AND at_ms < ?
     AND type IN ('raised', 'escalated', 'repeated') ORDER BY at_ms DESC, id DESC LIMIT ?`,
  );
  return {
    insert: (sequence, event, json) => {
      const alarm = 'alarm' in event ? event.alarm : undefined;
      insert.run(sequence, event.atMs, event.type, alarm?.id ?? null, json);
      if ('entry' in event) keepService(event.type === 'service-returned', event.entry);
      if (alarm === undefined) return;
      if (event.type === 'closed') close.run(alarm.id);
      else setOpen.run(alarm.id, JSON.stringify(alarm));
    },
    events: ({ fromMs, toMs, alarm, after, limit, alarmsMax }) => {
      if (alarmsMax !== undefined) {
        const rows = came.rows(fromMs ?? -TIME_MAX_MS, toMs ?? TIME_MAX_MS, alarmsMax);
        return { events: rows.map((row) => textAt(row, 1)).toReversed() };
      }
      const most = mostOf(limit);
      const bounds = [fromMs ?? -TIME_MAX_MS, toMs ?? TIME_MAX_MS, after ?? 0, most] as const;
      return pageOf(alarm === undefined ? all.rows(...bounds) : ofAlarm.rows(alarm, ...bounds), most);
    },
    closed: (limit, before) => {
      const most = mostOf(limit);
      return pageOf(closed.rows(before > 0 ? before : Number.MAX_SAFE_INTEGER, most), most);
    },
    open: () => open.rows().map((row) => textAt(row, 0)),
    outOfService: () => away.rows().map((row) => textAt(row, 0)),
  };
};
