import { parentPort, workerData } from 'node:worker_threads';
import { DuckDBInstance } from '@duckdb/node-api';

/** DuckDB's appender in a thread: columns come in, are appended, and flushed when they are asked for. */
const port = parentPort;
if (port === null) throw new Error('runs in a thread');

interface Columns {
  readonly series: Int32Array;
  readonly timesMs: Float64Array;
  readonly values: Float64Array;
}

type Message =
  | { readonly columns: Columns }
  | { readonly flush: number }
  | { readonly checkpoint: number }
  | { readonly sql: string; readonly id: number }
  | { readonly close: number };

const path: string = workerData;
// As many threads as the other contestant's worker has.
const instance = await DuckDBInstance.create(path, { threads: '1' });
const connection = await instance.connect();
await connection.run('CREATE TABLE IF NOT EXISTS readings (series INTEGER, time_ms BIGINT, value DOUBLE)');
const appender = await connection.createAppender('readings');

const append = ({ series, timesMs, values }: Columns): void => {
  for (let index = 0; index < series.length; index += 1) {
    appender.appendInteger(series[index] ?? 0);
    appender.appendBigInt(BigInt(timesMs[index] ?? 0));
    appender.appendDouble(values[index] ?? 0);
    appender.endRow();
  }
};

const take = async (message: Message): Promise<void> => {
  if ('columns' in message) {
    append(message.columns);
    port.postMessage({ taken: message.columns.series.length });
    return;
  }
  if ('sql' in message) {
    const reader = await connection.runAndReadAll(message.sql);
    const columns = reader.getColumnsJS().map((column) => Float64Array.from(column, Number));
    port.postMessage({ id: message.id, rows: reader.currentRowCount, columns });
    return;
  }
  appender.flushSync();
  if ('flush' in message) port.postMessage({ id: message.flush, rows: 0 });
  else if ('checkpoint' in message) {
    await connection.run('CHECKPOINT');
    port.postMessage({ id: message.checkpoint, rows: 0 });
  } else {
    appender.closeSync();
    connection.closeSync();
    instance.closeSync();
    port.postMessage({ id: message.close, rows: 0 });
    port.close();
  }
};

let last = Promise.resolve();
port.on('message', (message: Message) => {
  last = last.then(() => take(message));
});
port.postMessage({ id: 0, rows: 0 });
