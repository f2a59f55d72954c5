import { type Course, type Frozen, freezeKey, type KeptResponse, type ResponseEntry } from '../../response/decision.ts';
import type { FollowUp } from '../../response/follow-up.ts';
import type { Order } from '../../response/order.ts';
import { type Connection, numberAt, textAt } from './connection.ts';
import { ATTEMPTS_MAX, type AttemptPage, type AttemptQuery } from './outbox.ts';

/** Decisions kept: an alarm that nobody acknowledges makes a handful. */
const DECISIONS_KEPT = 50_000;

/** How far the response to each open alarm is, what was decided, what stands still, and what has to be done yet. */
export interface ResponseTables {
  /** Within a transaction. */
  insert(entry: ResponseEntry): void;
  /** Within a transaction: an alarm is over. What it froze stays frozen, and what follows has to be done all the same. */
  closed(alarm: string): void;
  kept(): KeptResponse;
  /** Of one alarm, or of all. */
  decisions(query: AttemptQuery): AttemptPage;
}

export const responseTables = (connection: Connection): ResponseTables => {
  const putCourse = connection.prepare('INSERT OR REPLACE INTO courses VALUES (?, ?)');
  const endCourse = connection.prepare('DELETE FROM courses WHERE alarm = ?');
  const courses = connection.prepare('SELECT json FROM courses');
  const decide = connection.prepare('INSERT INTO decisions (alarm, json) VALUES (?, ?)');
  const trim = connection.prepare('DELETE FROM decisions WHERE id <= ?');
  const all = connection.prepare('SELECT id, json FROM decisions WHERE id > ? ORDER BY id LIMIT ?');
  const ofAlarm = connection.prepare('SELECT id, json FROM decisions WHERE alarm = ? AND id > ? ORDER BY id LIMIT ?');
  const freeze = connection.prepare('INSERT OR REPLACE INTO frozen VALUES (?, ?)');
  const lift = connection.prepare('DELETE FROM frozen WHERE operation = ?');
  const frozen = connection.prepare('SELECT json FROM frozen');
  const putOrder = connection.prepare('INSERT OR REPLACE INTO orders VALUES (?, ?)');
  const dropOrder = connection.prepare('DELETE FROM orders WHERE id = ?');
  const orders = connection.prepare('SELECT json FROM orders');
  const putFollowUp = connection.prepare('INSERT OR REPLACE INTO follow_ups VALUES (?, ?)');
  const dropFollowUp = connection.prepare('DELETE FROM follow_ups WHERE id = ?');
  const followUps = connection.prepare('SELECT json FROM follow_ups');
  connection.exec('DELETE FROM courses WHERE alarm NOT IN (SELECT alarm FROM open_alarms)');

  return {
    insert: (entry) => {
      switch (entry.type) {
        case 'course':
          putCourse.run(entry.course.alarm, JSON.stringify(entry.course));
          return;
        case 'decision': {
          const id = decide.run(entry.decision.alarm, JSON.stringify(entry.decision));
          if (id > DECISIONS_KEPT) trim.run(id - DECISIONS_KEPT);
          return;
        }
        case 'frozen':
          freeze.run(freezeKey(entry.frozen), JSON.stringify(entry.frozen));
          return;
        case 'lifted':
          lift.run(freezeKey(entry.frozen));
          return;
        case 'order':
          putOrder.run(entry.order.id, JSON.stringify(entry.order));
          return;
        case 'order-gone':
          dropOrder.run(entry.id);
          return;
        case 'follow-up':
          putFollowUp.run(entry.followUp.id, JSON.stringify(entry.followUp));
          return;
        case 'follow-up-gone':
          dropFollowUp.run(entry.id);
      }
    },
    closed: (alarm) => void endCourse.run(alarm),
    kept: () => ({
      courses: courses.rows().map((row): Course => JSON.parse(textAt(row, 0))),
      frozen: frozen.rows().map((row): Frozen => JSON.parse(textAt(row, 0))),
      orders: orders.rows().map((row): Order => JSON.parse(textAt(row, 0))),
      followUps: followUps.rows().map((row): FollowUp => JSON.parse(textAt(row, 0))),
    }),
    decisions: ({ alarm, after = 0, limit = ATTEMPTS_MAX }) => {
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
