import type { Connection } from './connection.ts';
import { numberAt } from './connection.ts';

/**
 * The schema as a list of steps: PRAGMA user_version says how many were taken. A step, once released, never changes.
 *
 * `log`: batches in order, until all of its readers (`cursors`) are past them. `blocks`: packed history; `series` is
 * source number x 256 + metric number. `series.through`: its readings of the log up to there are in blocks.
 * `snapshot_parts`: of each key the newest row up to the snapshot cursor counts; JSON null: the key is gone.
 * `outbox`: notices that a channel has not taken yet, in order; `told`: what each channel was last told of an open alarm;
 * `attempts`: how delivering went; `used_links`: acknowledge links that are spent. `courses`: how far the response to an
 * open alarm is; `decisions`: what was decided about telling people; `frozen`: operations that stand still.
 * `out_of_service`: subject '' is all of the rule. `orders`: commands to actuators that are open or of an open alarm;
 * `follow_ups`: work that has to be done after alarms.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE sources (
    number INTEGER PRIMARY KEY, device TEXT NOT NULL, channel TEXT NOT NULL, last_us INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE metrics (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE log (
    sequence INTEGER PRIMARY KEY, first_ms REAL NOT NULL, readings INTEGER NOT NULL, bytes BLOB NOT NULL
  );
  CREATE TABLE cursors (reader TEXT PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO cursors VALUES ('packed', 0), ('snapshot', 0);
  CREATE TABLE series (
    key INTEGER PRIMARY KEY, through INTEGER NOT NULL, tail INTEGER NOT NULL, tail_count INTEGER NOT NULL
  );
  CREATE TABLE blocks (
    id INTEGER PRIMARY KEY, series INTEGER NOT NULL, start_us INTEGER NOT NULL, end_us INTEGER NOT NULL,
    count INTEGER NOT NULL, min REAL, max REAL, sum REAL, bytes BLOB NOT NULL
  );
  CREATE INDEX blocks_by_time ON blocks (series, start_us, end_us);
  CREATE TABLE alarm_events (
    id INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, at_ms REAL NOT NULL, type TEXT NOT NULL, alarm TEXT,
    json TEXT NOT NULL
  );
  CREATE INDEX alarm_events_by_time ON alarm_events (at_ms);
  CREATE INDEX alarm_events_by_alarm ON alarm_events (alarm) WHERE alarm IS NOT NULL;
  CREATE INDEX alarm_events_closed ON alarm_events (id) WHERE type = 'closed';
  CREATE TABLE open_alarms (alarm TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE snapshot_parts (
    key TEXT NOT NULL, sequence INTEGER NOT NULL, json TEXT NOT NULL, PRIMARY KEY (key, sequence)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE outbox (number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, json TEXT NOT NULL);
  CREATE TABLE told (
    alarm TEXT NOT NULL, channel TEXT NOT NULL, at_ms REAL NOT NULL, severity TEXT NOT NULL, repeats INTEGER NOT NULL,
    PRIMARY KEY (alarm, channel)
  ) WITHOUT ROWID;
  CREATE TABLE attempts (id INTEGER PRIMARY KEY, alarm TEXT NOT NULL, json TEXT NOT NULL);
  CREATE INDEX attempts_by_alarm ON attempts (alarm, id);
  CREATE TABLE used_links (link TEXT PRIMARY KEY, until_ms REAL NOT NULL) WITHOUT ROWID;
  `,
  `
  CREATE TABLE courses (alarm TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE decisions (id INTEGER PRIMARY KEY, alarm TEXT NOT NULL, json TEXT NOT NULL);
  CREATE INDEX decisions_by_alarm ON decisions (alarm, id);
  CREATE TABLE frozen (operation TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
    `,
  `
  CREATE TABLE out_of_service (
    rule TEXT NOT NULL, subject TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (rule, subject)
  ) WITHOUT ROWID;
  `,
  `
  CREATE TABLE orders (id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE follow_ups (id TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  `,
];

export const SCHEMA_VERSION = MIGRATIONS.length;

export const schemaVersion = (connection: Connection): number => numberAt([connection.pragma('user_version')], 0);

/** Takes the steps that are missing, each in a transaction of its own. Answers the version it found. */
export const migrate = (connection: Connection, migrations: readonly string[] = MIGRATIONS): number => {
  const found = schemaVersion(connection);
  for (const [index, step] of migrations.entries()) {
    if (index < found) continue;
    connection.transaction(true, () => {
      connection.exec(step);
      connection.exec(`PRAGMA user_version=${index + 1}`);
    });
  }
  return found;
};
