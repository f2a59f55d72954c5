import { tmpdir } from 'node:os';
import { z } from 'zod';
import { startChild } from './child.ts';
import { type Figure, figure } from './figures.ts';
import type { BenchOptions, Group } from './group.ts';
import { medianOf } from './measure.ts';

const INSERT = 'store/insert';
const STALL = 'store/stall-p99-ms';
const BYTES = 'store/bytes-per-reading';
const HOUR = 'store/query-1h-ms';
const DAY = 'store/query-24h-ms';
const YARDSTICK = 'DuckDB appender in a worker';

/** 2,000,000 readings of 1,000 series. */
const INSERT_SECONDS = 2000;

const filledSchema = z.object({ perSecond: z.number(), cpuUsPerReading: z.number(), stallP99Ms: z.number() });
const answeredSchema = z.object({
  perSecond: z.number(),
  hourMs: z.number(),
  dayMs: z.number(),
  bytesPerReading: z.number(),
});

type Side = 'muster' | 'duckdb';

const askSide = async (side: Side, seconds: number, asks: boolean): Promise<unknown> => {
  const child = startChild('store/side');
  try {
    return await child.ask({ side, folder: tmpdir(), seconds, asks });
  } finally {
    await child.stop();
  }
};

const inserts = async ({ rounds, log }: BenchOptions): Promise<readonly Figure[]> => {
  const ours: z.output<typeof filledSchema>[] = [];
  const theirs: typeof ours = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(filledSchema.parse(await askSide('muster', INSERT_SECONDS, false)));
    theirs.push(filledSchema.parse(await askSide('duckdb', INSERT_SECONDS, false)));
  }
  const cpu = (runs: typeof ours): string => medianOf(runs, ({ cpuUsPerReading }) => cpuUsPerReading).toFixed(2);
  log(`${INSERT}: ${cpu(ours)} us CPU of all threads a reading, ${YARDSTICK} ${cpu(theirs)}`);
  const pair = (read: (run: z.output<typeof filledSchema>) => number): readonly [number, number] => [
    medianOf(ours, read),
    medianOf(theirs, read),
  ];
  const [rate, yardstickRate] = pair(({ perSecond }) => perSecond);
  const [stall, yardstickStall] = pair(({ stallP99Ms }) => stallP99Ms);
  return [
    figure(INSERT, rate, 'readings/s', YARDSTICK, yardstickRate),
    figure(STALL, stall, 'ms', YARDSTICK, yardstickStall),
  ];
};

const questions = async ({ log, historyHours }: BenchOptions): Promise<readonly Figure[]> => {
  const seconds = historyHours * 3600;
  const ours = answeredSchema.parse(await askSide('muster', seconds, true));
  log(`${historyHours} h of 1,000 series at 1 Hz: ${Math.round(ours.perSecond)} readings/s`);
  const theirs = answeredSchema.parse(await askSide('duckdb', seconds, true));
  log(`the same in DuckDB: ${Math.round(theirs.perSecond)} readings/s`);
  return [
    figure(BYTES, ours.bytesPerReading, 'bytes', YARDSTICK, theirs.bytesPerReading),
    figure(HOUR, ours.hourMs, 'ms', YARDSTICK, theirs.hourMs),
    figure(DAY, ours.dayMs, 'ms', YARDSTICK, theirs.dayMs),
  ];
};

/** The embedded store: readings into its worker and questions to it, beside DuckDB used the same way. */
export const store: Group = {
  name: 'store',
  figures: [INSERT, STALL, BYTES, HOUR, DAY],
  async run(options) {
    const figures: Figure[] = [];
    if (options.wants(INSERT) || options.wants(STALL)) figures.push(...(await inserts(options)));
    if ([BYTES, HOUR, DAY].some(options.wants)) figures.push(...(await questions(options)));
    return figures;
  },
};
