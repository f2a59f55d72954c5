import { RECORD } from '../batch/format.ts';
import { BatchReader } from '../batch/reader.ts';
import type { SourceName } from '../batch/sources.ts';
import { type AlarmTables, alarmTables } from '../database/alarms.ts';
import { type Connection, numberAt } from '../database/connection.ts';
import { Dictionary, type KnownNames } from '../database/dictionary.ts';
import { Log } from '../database/log.ts';
import { type OutboxTables, outboxTables } from '../database/outbox.ts';
import { type ResponseTables, responseTables } from '../database/responses.ts';
import { Snapshots } from '../database/snapshots.ts';
import type { Gauges } from '../gauges.ts';
import { History } from '../history/history.ts';
import type { BatchMessage, Work } from '../protocol.ts';

export interface KeeperOptions {
  readonly connection: Connection;
  readonly gauges: Gauges;
  readonly known?: KnownNames | undefined;
}

/** Rows read at a time when the open window is filled again. */
const REPLAY_ROWS = 64;

/** What the worker keeps, on one connection: commits work in order and in groups. */
export class Keeper {
  readonly connection: Connection;
  readonly dictionary: Dictionary;
  readonly log: Log;
  readonly alarms: AlarmTables;
  readonly outbox: OutboxTables;
  readonly responses: ResponseTables;
  readonly snapshots: Snapshots;
  readonly history: History;
  readonly #gauges: Gauges;

  constructor({ connection, gauges, known }: KeeperOptions) {
    this.connection = connection;
    this.#gauges = gauges;
    this.dictionary = new Dictionary(connection, known);
    this.log = new Log(connection);
    this.alarms = alarmTables(connection);
    this.outbox = outboxTables(connection);
    this.responses = responseTables(connection);
    this.snapshots = new Snapshots(connection, this.log.cursor('snapshot'));
    this.history = new History({ connection, onDamage: () => gauges.add('damagedBlocks', 1) });
    for (const row of connection.prepare('SELECT number, last_us FROM sources').rows())
      this.history.setLastUs(numberAt(row, 0), numberAt(row, 1));
    this.#replay();
    this.showGauges();
  }

  /** What the main thread goes on numbering from. */
  get names(): KnownNames {
    const sources = this.dictionary.sources.flatMap((name, number) =>
      name === undefined ? [] : [{ ...name, number, lastUs: this.history.lastUs(number) }],
    );
    return { sources, metrics: this.dictionary.metricNames };
  }

  /** All of it in one transaction, on disk when this returns; throws where nothing of it was kept. */
  commit(work: readonly Work[]): void {
    // Posted again after a worker ended: it may have been committed by then.
    const fresh = work.filter((item) => item.type !== 'batch' || item.sequence > this.log.lastSequence);
    const readers = new Map<BatchMessage, BatchReader>();
    const named: (readonly [number, SourceName])[] = [];
    this.connection.transaction(true, () => {
      for (const item of fresh) {
        if (item.type === 'batch') readers.set(item, this.#insertBatch(item, named));
        else if (item.type === 'put') this.snapshots.put(item.sequence, item.parts);
        else this.log.saveCursor('snapshot', item.sequence);
      }
    });
    for (const [number, name] of named) this.dictionary.learn(number, name);
    for (const item of fresh) {
      if (item.type === 'batch') this.log.appended(item.sequence, item.bytes.byteLength);
      else if (item.type === 'put') this.snapshots.noted(item.sequence, item.parts);
      else {
        this.snapshots.completed();
        this.log.moved('snapshot', item.sequence);
      }
    }
    for (const [{ sequence }, reader] of readers) {
      this.history.take(reader, sequence);
      this.#gauges.add('committedReadings', reader.readings);
    }
  }

  showGauges(): void {
    this.#gauges.set('openReadings', this.history.openReadings);
    this.#gauges.set('logBytes', this.log.bytes);
  }

  #insertBatch(message: BatchMessage, named: (readonly [number, SourceName])[]): BatchReader {
    const { sequence, bytes } = message;
    const reader = new BatchReader(bytes);
    this.log.insert(sequence, reader.firstMs, reader.readings, bytes);
    if (reader.records === reader.samples) return reader;
    while (reader.next()) {
      if (reader.kind === RECORD.source) {
        named.push([reader.source, reader.sourceName]);
        this.dictionary.insert(reader.source, reader.sourceName);
      } else if (reader.kind === RECORD.event) this.#insertEvent(sequence, reader);
      else if (reader.kind === RECORD.outbox) this.outbox.insert(reader.outbox());
      else if (reader.kind === RECORD.response) this.responses.insert(reader.response());
    }
    return new BatchReader(bytes);
  }

  #insertEvent(sequence: number, reader: BatchReader): void {
    const event = reader.event();
    this.alarms.insert(sequence, event, reader.text);
    if (event.type !== 'closed') return;
    this.outbox.closed(event.alarm.id);
    this.responses.closed(event.alarm.id);
  }

  /** Fills the open window with what of the log is not packed. */
  #replay(): void {
    let after = this.log.cursor('packed');
    for (;;) {
      const rows = this.log.after(after, REPLAY_ROWS);
      for (const { sequence, bytes } of rows) {
        this.history.take(new BatchReader(bytes), sequence);
        after = sequence;
      }
      if (rows.length < REPLAY_ROWS) return;
    }
  }
}
