import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type Contestant, MINUTE_MS } from './contestant.ts';

const CHUNK = 8192;
const BEHIND_READINGS = 32 * CHUNK;

type Reply = { readonly taken: number } | { readonly id: number; readonly rows: number };

/** The strongest that needs no code of ours: DuckDB and its appender, in a worker, columns transferred. */
export const duckdbStore = async (directory: string): Promise<Contestant> => {
  const worker = new Worker(new URL('./duckdb-worker.js', import.meta.url), { workerData: join(directory, 'duck.db') });
  const waiting = new Map<number, (rows: number) => void>();
  let lastId = 0;
  let pending = 0;
  let chunk = { series: new Int32Array(CHUNK), timesMs: new Float64Array(CHUNK), values: new Float64Array(CHUNK) };
  let length = 0;

  const opened = new Promise<number>((resolve) => waiting.set(0, resolve));
  worker.on('message', (reply: Reply) => {
    if ('taken' in reply) pending -= reply.taken;
    else waiting.get(reply.id)?.(reply.rows);
  });
  worker.on('error', (error: Error) => {
    throw error;
  });
  await opened;

  const send = (): void => {
    const { series, timesMs, values } = chunk;
    const columns =
      length === CHUNK
        ? chunk
        : { series: series.slice(0, length), timesMs: timesMs.slice(0, length), values: values.slice(0, length) };
    worker.postMessage({ columns }, [columns.series.buffer, columns.timesMs.buffer, columns.values.buffer]);
    chunk = { series: new Int32Array(CHUNK), timesMs: new Float64Array(CHUNK), values: new Float64Array(CHUNK) };
    length = 0;
  };
  const ask = (message: (id: number) => object): Promise<number> => {
    lastId += 1;
    const id = lastId;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      worker.postMessage(message(id));
    });
  };
  const between = (series: number, fromMs: number, toMs: number): string =>
    `series = ${series} AND time_ms >= ${fromMs} AND time_ms < ${toMs}`;

  return {
    add: (series, timeMs, value) => {
      chunk.series[length] = series;
      chunk.timesMs[length] = timeMs;
      chunk.values[length] = value;
      length += 1;
      pending += 1;
      if (length === CHUNK) send();
    },
    isBehind: () => pending > BEHIND_READINGS,
    committed: async () => {
      if (length > 0) send();
      await ask((flush) => ({ flush }));
    },
    settled: async () => void (await ask((checkpoint) => ({ checkpoint }))),
    readings: (series, fromMs, toMs) =>
      ask((id) => ({
        id,
        sql: `SELECT time_ms, value FROM readings WHERE ${between(series, fromMs, toMs)} ORDER BY time_ms`,
      })),
    minutes: (series, fromMs, toMs) =>
      ask((id) => ({
        id,
        sql: `SELECT time_ms // ${MINUTE_MS} AS minute, min(value), avg(value), max(value) FROM readings
              WHERE ${between(series, fromMs, toMs)} GROUP BY minute ORDER BY minute`,
      })),
    close: async () => {
      const ended = new Promise((resolve) => worker.once('exit', resolve));
      await ask((close) => ({ close }));
      await ended;
    },
  };
};
