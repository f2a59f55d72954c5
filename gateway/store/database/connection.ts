import Database from 'libsql';

/** A row as an array of its columns. */
export type Row = readonly unknown[];

export type Value = number | string | Uint8Array | null;

/** A prepared statement. */
export interface Statement {
  /** Answers the row id of the last insert. */
  run(...values: readonly Value[]): number;
  rows(...values: readonly Value[]): readonly Row[];
}

/** A connection to one SQLite file. Everything throws the errors of SQLite, with `code`. */
export interface Connection {
  prepare(sql: string): Statement;
  exec(sql: string): void;
  /** The first column of a pragma's answer. */
  pragma(text: string): unknown;
  /** Runs `work` in one transaction; what it throws undoes it. `synced`: on disk when this returns. */
  transaction<T>(synced: boolean, work: () => T): T;
  close(): void;
}

/** Locked by another process for a moment (a backup): waited for. */
const BUSY_MS = 2000;

export const connect = (path: string, busyMs = BUSY_MS): Connection => {
  const database = new Database(path, { timeout: busyMs });
  let isSynced: boolean | undefined;

  const pragma = (text: string): unknown => {
    // Not raw: libsql refuses that of pragmas which answer nothing.
    const row: unknown = database.prepare(`PRAGMA ${text}`).all()[0];
    return typeof row === 'object' && row !== null ? Object.values(row)[0] : undefined;
  };
  /** In WAL mode FULL syncs the log file at every commit, NORMAL only at checkpoints (sqlite.org/pragma.html). */
  const setSynced = (synced: boolean): void => {
    if (synced === isSynced) return;
    database.exec(`PRAGMA synchronous=${synced ? 'FULL' : 'NORMAL'}`);
    isSynced = synced;
  };
  const undo = (): void => {
    try {
      if (database.inTransaction) database.exec('ROLLBACK');
    } catch {
      // A failed write may have undone it already; the error that led here is the one to tell.
    }
  };

  return {
    prepare: (sql) => {
      const statement = database.prepare(sql);
      const raw = /^\s*(SELECT|WITH)/i.test(sql) ? statement.raw() : statement;
      return {
        // One array of values: libsql 0.5.29 ends the process where a buffer is the only argument.
        run: (...values) => Number(statement.run([...values]).lastInsertRowid),
        rows: (...values) => raw.all([...values]).filter((row): row is unknown[] => Array.isArray(row)),
      };
    },
    exec: (sql) => void database.exec(sql),
    pragma,
    transaction: (synced, work) => {
      setSynced(synced);
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        undo();
        throw error;
      }
    },
    close: () => void database.close(),
  };
};

const wrong = (row: Row, index: number, expected: string): TypeError =>
  new TypeError(`column ${index} holds ${typeof row[index]}, expected ${expected}`);

export const numberAt = (row: Row | undefined, index: number): number => {
  const value = row?.[index];
  if (typeof value === 'number') return value;
  throw wrong(row ?? [], index, 'a number');
};

export const textAt = (row: Row | undefined, index: number): string => {
  const value = row?.[index];
  if (typeof value === 'string') return value;
  throw wrong(row ?? [], index, 'text');
};

export const bytesAt = (row: Row | undefined, index: number): Uint8Array => {
  const value = row?.[index];
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  throw wrong(row ?? [], index, 'bytes');
};
