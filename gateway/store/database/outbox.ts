import { SEVERITIES } from '../../../rules/rule.ts';
import type { KeptOutbox, Notice, OutboxEntry, ToldState } from '../../notifiers/notice.ts';
import { type Connection, numberAt, textAt } from './connection.ts';

/** Attempts kept: of a channel that fails all night a few hundred an hour. */
const ATTEMPTS_KEPT = 50_000;

export const ATTEMPTS_MAX = 1000;

export interface AttemptQuery {
  /** Of one alarm alone. */
  readonly alarm?: string | undefined;
  /** Goes on after this one. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

/** In the order in which they were made; JSON as it was stored. */
export interface AttemptPage {
  readonly attempts: readonly string[];
  /** `after` of the next question, where there may be more. */
  readonly next?: number;
}

/** What has to be told and is not yet, who was told, and how the attempts went. */
export interface OutboxTables {
  /** Within a transaction. */
  insert(entry: OutboxEntry): void;
  /** Within a transaction: an alarm is over, and nobody will be told again. */
  closed(alarm: string): void;
  kept(): KeptOutbox;
  attempts(query: AttemptQuery): AttemptPage;
}

const severityOf = (text: string): ToldState['severity'] => SEVERITIES.find((severity) => severity === text) ?? 'red';

export const outboxTables = (connection: Connection): OutboxTables => {
  const insert = connection.prepare('INSERT OR IGNORE INTO outbox (key, json) VALUES (?, ?)');
  const remove = connection.prepare('DELETE FROM outbox WHERE key = ?');
  const waiting = connection.prepare('SELECT json FROM outbox ORDER BY number');
  const tell = connection.prepare('INSERT OR REPLACE INTO told VALUES (?, ?, ?, ?, ?)');
  const forget = connection.prepare('DELETE FROM told WHERE alarm = ?');
  const told = connection.prepare('SELECT alarm, channel, at_ms, severity, repeats FROM told');
  const attempted = connection.prepare('INSERT INTO attempts (alarm, json) VALUES (?, ?)');
  const trim = connection.prepare('DELETE FROM attempts WHERE id <= ?');
  const all = connection.prepare('SELECT id, json FROM attempts WHERE id > ? ORDER BY id LIMIT ?');
  const ofAlarm = connection.prepare('SELECT id, json FROM attempts WHERE alarm = ? AND id > ? ORDER BY id LIMIT ?');
  const use = connection.prepare('INSERT OR IGNORE INTO used_links VALUES (?, ?)');
  const expire = connection.prepare('DELETE FROM used_links WHERE until_ms < ?');
  const used = connection.prepare('SELECT link, until_ms FROM used_links');
  // Whoever was told of an alarm that ended while nobody was looking need not be known.
  connection.exec('DELETE FROM told WHERE alarm NOT IN (SELECT alarm FROM open_alarms)');

  return {
    insert: (entry) => {
      switch (entry.type) {
        case 'notice': {
          insert.run(entry.notice.key, JSON.stringify(entry.notice));
          if (entry.told === undefined || entry.notice.event === 'closed') return;
          const { alarm, channel, atMs, severity, repeats } = entry.told;
          tell.run(alarm, channel, atMs, severity, repeats);
          return;
        }
        case 'attempt': {
          const { key, alarm, outcome } = entry.attempt;
          const id = attempted.run(alarm, JSON.stringify(entry.attempt));
          if (id > ATTEMPTS_KEPT) trim.run(id - ATTEMPTS_KEPT);
          if (outcome !== 'failed') remove.run(key);
          return;
        }
        case 'link-used':
          expire.run(entry.atMs);
          use.run(entry.link, entry.untilMs);
      }
    },
    closed: (alarm) => void forget.run(alarm),
    kept: () => ({
      notices: waiting.rows().map((row): Notice => JSON.parse(textAt(row, 0))),
      told: told.rows().map((row) => ({
        alarm: textAt(row, 0),
        channel: textAt(row, 1),
        atMs: numberAt(row, 2),
        severity: severityOf(textAt(row, 3)),
        repeats: numberAt(row, 4),
      })),
      usedLinks: new Map(used.rows().map((row) => [textAt(row, 0), numberAt(row, 1)])),
    }),
    attempts: ({ alarm, after = 0, limit = ATTEMPTS_MAX }) => {
      const most = Math.min(ATTEMPTS_MAX, Math.max(1, Math.floor(limit)));
      const rows = alarm === undefined ? all.rows(after, most) : ofAlarm.rows(alarm, after, most);
      const last = rows.at(-1);
      return {
        attempts: rows.map((row) => textAt(row, 1)),
        ...(last === undefined || rows.length < most ? {} : { next: numberAt(last, 0) }),
      };
    },
  };
};
