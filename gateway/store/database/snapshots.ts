import { type Connection, textAt } from './connection.ts';

/** One key's state as JSON; null: the key is gone. */
export type SnapshotPart = readonly [key: string, json: string | null];

/** JSON null stands for a key that is gone. */
const GONE = 'null';

const CLEANED_KEYS = 256;

interface Put {
  readonly key: string;
  readonly sequence: number;
}

/**
 * The table of snapshots: a complete one is, of each key, the newest row up to the snapshot cursor. What a next one
 * puts lies beside it, and counts from the moment the cursor moves.
 */
export class Snapshots {
  readonly #put: ReturnType<Connection['prepare']>;
  readonly #page: ReturnType<Connection['prepare']>;
  readonly #drop: ReturnType<Connection['prepare']>;
  readonly #dropOlder: ReturnType<Connection['prepare']>;
  readonly #dropGone: ReturnType<Connection['prepare']>;
  /** Of complete snapshots, whose older rows are still to go. */
  #superseding: Put[] = [];
  #unfinished: Put[] = [];

  constructor(connection: Connection, completeSequence: number) {
    this.#put = connection.prepare('INSERT OR REPLACE INTO snapshot_parts VALUES (?, ?, ?)');
    this.#page = connection.prepare(
      `SELECT key, json, max(sequence) FROM snapshot_parts WHERE key > ? AND sequence <= ?
       GROUP BY key ORDER BY key LIMIT ?`,
    );
    this.#drop = connection.prepare('DELETE FROM snapshot_parts WHERE key = ? AND sequence = ?');
    this.#dropOlder = connection.prepare('DELETE FROM snapshot_parts WHERE key = ? AND sequence < ?');
    this.#dropGone = connection.prepare(
      `DELETE FROM snapshot_parts WHERE key = ? AND sequence = ? AND json = '${GONE}'`,
    );
    connection.transaction(false, () => {
      connection.prepare('DELETE FROM snapshot_parts WHERE sequence > ?').run(completeSequence);
      connection
        .prepare(
          `DELETE FROM snapshot_parts WHERE EXISTS (SELECT 1 FROM snapshot_parts AS newer
           WHERE newer.key = snapshot_parts.key AND newer.sequence > snapshot_parts.sequence)`,
        )
        .run();
    });
  }

  /** Within a transaction; `noted` when it has come to its end. */
  put(sequence: number, parts: readonly SnapshotPart[]): void {
    // One that was given up must not lend its parts to the next.
    for (const old of this.#unfinished) if (old.sequence !== sequence) this.#drop.run(old.key, old.sequence);
    for (const [key, json] of parts) this.#put.run(key, sequence, json ?? GONE);
  }

  noted(sequence: number, parts: readonly SnapshotPart[]): void {
    this.#unfinished = this.#unfinished.filter((old) => old.sequence === sequence);
    for (const [key] of parts) this.#unfinished.push({ key, sequence });
  }

  /** The snapshot counts now. */
  completed(): void {
    this.#superseding = this.#superseding.concat(this.#unfinished);
    this.#unfinished = [];
  }

  get isClean(): boolean {
    return this.#superseding.length === 0;
  }

  /** Deletes some of what complete snapshots have replaced. */
  clean(connection: Connection): void {
    const some = this.#superseding.slice(-CLEANED_KEYS);
    connection.transaction(false, () => {
      for (const { key, sequence } of some) {
        this.#dropOlder.run(key, sequence);
        this.#dropGone.run(key, sequence);
      }
    });
    this.#superseding.length -= some.length;
  }

  /** Parts of the complete snapshot after a key, in order of keys. */
  page(completeSequence: number, afterKey: string, limit: number): readonly SnapshotPart[] {
    return this.#page.rows(afterKey, completeSequence, limit).map((row) => {
      const json = textAt(row, 1);
      return [textAt(row, 0), json === GONE ? null : json] as const;
    });
  }
}
