import { bytesAt, type Connection, numberAt, textAt } from './connection.ts';

/** A batch as the log holds it. */
export interface LogRow {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** Whoever reads the log in order; a row stays until all are past it. */
export type LogFollower = 'packed' | 'snapshot' | `influxdb:${string}`;

export interface TrimmedRow {
  readonly sequence: number;
  readonly bytes: number;
  readonly readings: number;
}

/** Deleted at a time, at least a row: a slice of the worker's time. */
const TRIM_ROWS = 256;
const TRIM_BYTES = 2 * 1024 * 1024;

/** The table of batches, and how far each of its readers is. */
export class Log {
  readonly #insert: ReturnType<Connection['prepare']>;
  readonly #after: ReturnType<Connection['prepare']>;
  readonly #sizes: ReturnType<Connection['prepare']>;
  readonly #remove: ReturnType<Connection['prepare']>;
  readonly #saveCursor: ReturnType<Connection['prepare']>;
  readonly #cursors = new Map<string, number>();
  #lastSequence: number;
  #bytes: number;

  constructor(connection: Connection) {
    this.#insert = connection.prepare('INSERT INTO log VALUES (?, ?, ?, ?)');
    this.#after = connection.prepare('SELECT sequence, bytes FROM log WHERE sequence > ? ORDER BY sequence LIMIT ?');
    this.#sizes = connection.prepare(
      'SELECT sequence, length(bytes), readings FROM log WHERE sequence <= ? ORDER BY sequence LIMIT ?',
    );
    this.#remove = connection.prepare('DELETE FROM log WHERE sequence <= ?');
    this.#saveCursor = connection.prepare('INSERT OR REPLACE INTO cursors VALUES (?, ?)');
    for (const row of connection.prepare('SELECT reader, sequence FROM cursors').rows())
      this.#cursors.set(textAt(row, 0), numberAt(row, 1));
    const [row] = connection
      .prepare('SELECT coalesce(max(sequence), 0), coalesce(sum(length(bytes)), 0) FROM log')
      .rows();
    // A log that is all read is empty; its cursors still say where it was.
    this.#lastSequence = Math.max(numberAt(row, 0), ...this.#cursors.values());
    this.#bytes = numberAt(row, 1);
  }

  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Of all batches held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Within a transaction; `appended` when it has come to its end. */
  insert(sequence: number, firstMs: number, readings: number, bytes: Uint8Array): void {
    this.#insert.run(sequence, firstMs, readings, bytes);
  }

  appended(sequence: number, bytes: number): void {
    this.#lastSequence = sequence;
    this.#bytes += bytes;
  }

  after(sequence: number, rows: number): readonly LogRow[] {
    return this.#after.rows(sequence, rows).map((row) => ({ sequence: numberAt(row, 0), bytes: bytesAt(row, 1) }));
  }

  cursor(follower: LogFollower): number {
    return this.#cursors.get(follower) ?? 0;
  }

  /** Within a transaction; `moved` when it has come to its end. */
  saveCursor(follower: LogFollower, sequence: number): void {
    this.#saveCursor.run(follower, sequence);
  }

  moved(follower: LogFollower, sequence: number): void {
    this.#cursors.set(follower, sequence);
  }

  /** Up to where rows are no longer needed; up to what is packed where the log has grown over `bytesMax`. */
  trimmable(bytesMax: number): number {
    return this.#bytes > bytesMax ? this.cursor('packed') : Math.min(...this.#cursors.values());
  }

  /** Deletes some of the rows up to a sequence; answers which. */
  trim(connection: Connection, upTo: number): readonly TrimmedRow[] {
    let sum = 0;
    const found = this.#sizes.rows(upTo, TRIM_ROWS).map((row) => ({
      sequence: numberAt(row, 0),
      bytes: numberAt(row, 1),
      readings: numberAt(row, 2),
    }));
    const rows = found.filter(({ bytes }) => {
      sum += bytes;
      return sum <= Math.max(TRIM_BYTES, found[0]?.bytes ?? 0);
    });
    const last = rows.at(-1);
    if (last === undefined) return rows;
    connection.transaction(false, () => this.#remove.run(last.sequence));
    for (const { bytes } of rows) this.#bytes -= bytes;
    return rows;
  }

  /** The readers besides packing and snapshots: a new one begins at the end, one that is gone holds nothing any more. */
  setFollowers(connection: Connection, names: readonly LogFollower[]): void {
    const kept = new Set<string>(['packed', 'snapshot', ...names]);
    const drop = connection.prepare('DELETE FROM cursors WHERE reader = ?');
    connection.transaction(false, () => {
      for (const name of [...this.#cursors.keys()]) if (!kept.has(name)) drop.run(name);
      for (const name of names) if (!this.#cursors.has(name)) this.saveCursor(name, this.#lastSequence);
    });
    for (const name of [...this.#cursors.keys()]) if (!kept.has(name)) this.#cursors.delete(name);
    for (const name of names) if (!this.#cursors.has(name)) this.moved(name, this.#lastSequence);
  }
}
