import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figure } from './figures.ts';
import type { BenchOptions, Group } from './group.ts';
import { medianOf } from './measure.ts';
import { type Course, type CourseOptions, p99, startCourse } from './pipeline/course.ts';
import { type Database, startDatabase } from './pipeline/database.ts';
import { sustained } from './pipeline/sustained.ts';

const CPU = 'kept/cpu-ratio@20000';
const STALL = 'kept/stall-p99-ms@20000';
const SUSTAINED = 'kept/sustained';
const HALF = 'kept/p99-ms@50';
const DURABLE = 'pipeline/qos1-durable-vs-aedes';
const WITHOUT = 'the same without store and InfluxDB';

const FIXED_PER_SECOND = 20_000;
const WARM_UP_SECONDS = 3;
/** From one snapshot to the next, so that its share of them is in it; the warm-up holds the first. */
const FIXED_SECONDS = 30;
const LATENCY_SECONDS = 4;
const DURABLE_SECONDS = 4;
const FIRST_GUESS = 40_000;

interface Run {
  readonly mainCpuUs: number;
  readonly stallP99Ms: number;
  /** 0 where nobody asked. */
  readonly rate: number;
  readonly halfP99Ms: number;
}

/** A course whose gateway keeps what it judges, in a directory that goes with it. */
const withStore = async <T>(
  databases: readonly Database[],
  options: CourseOptions,
  work: (course: Course) => Promise<T>,
): Promise<T> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-bench-kept-'));
  try {
    return await onCourse({ ...options, keep: { directory, sinks: databases.map(({ sink }) => sink) } }, work);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

const onCourse = async <T>(options: CourseOptions, work: (course: Course) => Promise<T>): Promise<T> => {
  const course = await startCourse('gateway', options);
  try {
    return await work(course);
  } finally {
    await course.stop();
  }
};

/** @param before the sustained rate of an earlier round */
const measure = async (
  course: Course,
  name: string,
  before: number | undefined,
  { seconds, wants, log }: BenchOptions,
): Promise<Run> => {
  await course.run(FIXED_PER_SECOND, WARM_UP_SECONDS);
  const fixed = { mainCpuUs: 0, cpuUs: 0, shed: 0 };
  const stallP99Ms = await course.stallP99Ms(async () => {
    const { mainCpuUsPerMessage, cpuUsPerMessage, shed } = await course.run(FIXED_PER_SECOND, FIXED_SECONDS);
    Object.assign(fixed, { mainCpuUs: mainCpuUsPerMessage, cpuUs: cpuUsPerMessage, shed });
  });
  const { mainCpuUs, cpuUs, shed } = fixed;
  log(
    `${name} at ${FIXED_PER_SECOND}/s: ${mainCpuUs.toFixed(2)} us CPU of the main thread a message, ` +
      `${cpuUs.toFixed(1)} of all, stall p99 ${stallP99Ms.toFixed(2)} ms, ${shed} shed`,
  );
  if (!wants(SUSTAINED) && !wants(HALF)) return { mainCpuUs, stallP99Ms, rate: 0, halfP99Ms: 0 };
  const { rate } = await (before === undefined
    ? sustained(course, FIRST_GUESS, 'unknown', seconds)
    : sustained(course, before * 0.95, 'measured', seconds));
  const half = await course.run(rate / 2, LATENCY_SECONDS);
  const { written } = await course.mark();
  log(`${name}: ${Math.round(rate)}/s, p99 at half ${p99(half).toFixed(1)} ms, ${written} lines in InfluxDB by then`);
  return { mainCpuUs, stallP99Ms, rate, halfP99Ms: p99(half) };
};

const rateBefore = (runs: readonly Run[]): number | undefined => runs.at(-1)?.rate || undefined;

const beside = async (options: BenchOptions): Promise<readonly Figure[]> => {
  const without: Run[] = [];
  const kept: Run[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    without.push(await onCourse({}, (course) => measure(course, 'without', rateBefore(without), options)));
    const database = await startDatabase();
    try {
      kept.push(
        await withStore([database], {}, (course) =>
          measure(course, `with store and ${database.name}`, rateBefore(kept), options),
        ),
      );
    } finally {
      await database.stop();
    }
  }
  const compared = (name: string, unit: string, read: (run: Run) => number): Figure =>
    figure(name, medianOf(kept, read), unit, WITHOUT, medianOf(without, read));
  return [
    compared(CPU, 'us of the main thread', ({ mainCpuUs }) => mainCpuUs),
    compared(STALL, 'ms', ({ stallP99Ms }) => stallP99Ms),
    compared(SUSTAINED, 'messages/s', ({ rate }) => rate),
    compared(HALF, 'ms', ({ halfP99Ms }) => halfP99Ms),
  ];
};

const bareAcknowledged = async (): Promise<number> => {
  const course = await startCourse('aedes', { qos: 1 });
  try {
    return await course.acknowledged(DURABLE_SECONDS);
  } finally {
    await course.stop();
  }
};

const durable = async ({ rounds, log }: BenchOptions): Promise<Figure> => {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const kept = await withStore([], { qos: 1 }, (course) => course.acknowledged(DURABLE_SECONDS));
    const bare = await bareAcknowledged();
    log(`QoS 1: ${Math.round(kept)}/s acknowledged after the commit, aedes alone ${Math.round(bare)}/s`);
    ours.push(kept);
    theirs.push(bare);
  }
  const same = (value: number): number => value;
  return figure(DURABLE, medianOf(ours, same), 'messages/s', 'aedes alone', medianOf(theirs, same));
};

/** What it costs to keep what is judged: the gateway with its store and InfluxDB beside the gateway without. */
export const kept: Group = {
  name: 'kept',
  figures: [CPU, STALL, SUSTAINED, HALF, DURABLE],
  async run(options) {
    const figures: Figure[] = [];
    if ([CPU, STALL, SUSTAINED, HALF].some(options.wants)) figures.push(...(await beside(options)));
    if (options.wants(DURABLE)) figures.push(await durable(options));
    return figures;
  },
};
