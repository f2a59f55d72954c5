import { BatchEncoder } from '../../../gateway/store/batch/encoder.ts';
import { Sources } from '../../../gateway/store/batch/sources.ts';
import { openDatabase } from '../../../gateway/store/database/open.ts';
import { Gauges } from '../../../gateway/store/gauges.ts';
import type { Range } from '../../../gateway/store/history/query.ts';
import type { WorkerSettings } from '../../../gateway/store/protocol.ts';
import { Keeper } from '../../../gateway/store/worker/keeper.ts';
import { createUpkeep, type Upkeep } from '../../../gateway/store/worker/upkeep.ts';
import { METRIC_NAMES, type MetricName } from '../../../ingest/model/metrics.ts';
import type { Sample } from '../../../ingest/model/sample.ts';
import { START_MS } from './fixture.ts';

const METRICS: ReadonlyMap<string, number> = new Map(METRIC_NAMES.map((name, number) => [name, number]));

/** What the worker keeps, without its thread: commits and upkeep happen when they are called. */
export interface TestKeeper {
  readonly keeper: Keeper;
  readonly gauges: Gauges;
  commit(samples: readonly Sample[]): void;
  /** One series of the open window is packed, or one other piece of upkeep is done; false: nothing is to do. */
  upkeep(): boolean;
  packDue(): void;
  /** All columns of an answer, row by row, and where it goes on. */
  query(device: string, metric: MetricName, range: Range): { readonly rows: number[][]; readonly nextMs?: number };
  close(): void;
}

export const openKeeper = (directory: string, settings: Partial<WorkerSettings> = {}): TestKeeper => {
  const opened = openDatabase({ directory, nowMs: START_MS, isSuspect: false });
  if ('code' in opened) throw new Error(opened.message);
  const gauges = new Gauges();
  const keeper = new Keeper({ connection: opened.connection, gauges });
  const encoder = new BatchEncoder(new Sources(keeper.names.sources), METRICS);
  const all: WorkerSettings = {
    directory,
    nowMs: START_MS,
    packReadings: 1_000_000,
    packEveryMs: 600_000,
    logBytesMax: 0,
    isSuspect: false,
    sinks: [],
    gauges: gauges.memory,
    ...settings,
  };
  let ticks = 0;
  // Every look at the clock takes so long that a slice is over after its first step.
  const monotonicMs = (): number => {
    ticks += 1000;
    return ticks;
  };
  const upkeep: Upkeep = createUpkeep({ keeper, settings: all, gauges, monotonicMs });
  return {
    keeper,
    gauges,
    commit: (samples) => {
      for (const sample of samples) encoder.sample(sample);
      keeper.commit([{ type: 'batch', sequence: keeper.log.lastSequence + 1, bytes: encoder.seal().bytes }]);
    },
    upkeep: () => upkeep.slice(1),
    packDue: upkeep.packDue,
    query: (device, metric, range) => {
      const source = keeper.dictionary.sourceNumber({ device, channel: '' });
      const steps = keeper.history.query(source, keeper.dictionary.metricNames.indexOf(metric), range);
      let step = steps.next();
      while (!step.done) step = steps.next();
      const { columns, nextMs } = step.value;
      const rows = Array.from(columns[0] ?? [], (_, index) => columns.map((column) => column[index] ?? Number.NaN));
      return { rows, ...(nextMs === undefined ? {} : { nextMs }) };
    },
    close: () => keeper.connection.close(),
  };
};
