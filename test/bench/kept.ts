import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figure } from './figures.ts';
import type { BenchOptions, Group } from './group.ts';
import { medianOf } from './measure.ts';
import { type Course, type CourseOptions, type Leg, p99, startCourse } from './pipeline/course.ts';
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
/**
 * Short legs in turn, so that what else the machine does meets both alike; together they last for two snapshots, one of
 * which comes while the other gateway rests.
 */
const FIXED_LEGS = 6;
const FIXED_SECONDS = 5;
const LATENCY_SECONDS = 4;
const DURABLE_SECONDS = 4;
const FIRST_GUESS = 40_000;

/** A gateway, and what was measured of it in one round. */
interface Side {
  readonly name: string;
  readonly course: Course;
  readonly legs: Leg[];
}

interface Run {
  readonly mainCpuUs: number;
  readonly stallP99Ms: number;
  /** 0 where nobody asked. */
  readonly rate: number;
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

const fixedRate = async (sides: readonly Side[]): Promise<void> => {
  for (const { course } of sides) await course.run(FIXED_PER_SECOND, WARM_UP_SECONDS);
  for (let leg = 0; leg < FIXED_LEGS; leg += 1) {
    for (const { course, legs } of sides) {
      legs.push(await course.watched(() => course.run(FIXED_PER_SECOND, FIXED_SECONDS)));
    }
  }
};

/** @param before the sustained rate of an earlier round */
const measure = async (
  { name, course, legs }: Side,
  before: number | undefined,
  { seconds, wants, log }: BenchOptions,
): Promise<Run> => {
  const mainCpuUs = medianOf(legs, (leg) => leg.mainCpuUsPerMessage);
  const stallP99Ms = await course.stallP99Ms();
  log(
    `${name} at ${FIXED_PER_SECOND}/s: ${mainCpuUs.toFixed(2)} us CPU of the main thread a message, ` +
      `${medianOf(legs, (leg) => leg.cpuUsPerMessage).toFixed(1)} of all, stall p99 ${stallP99Ms.toFixed(2)} ms, ` +
      `${legs.reduce((sum, { shed }) => sum + shed, 0)} shed`,
  );
  if (!wants(SUSTAINED) && !wants(HALF)) return { mainCpuUs, stallP99Ms, rate: 0 };
  const { rate } = await (before === undefined
    ? sustained(course, FIRST_GUESS, 'unknown', seconds)
    : sustained(course, before * 0.95, 'measured', seconds));
  log(`${name}: ${Math.round(rate)}/s`);
  return { mainCpuUs, stallP99Ms, rate };
};

const rateBefore = (runs: readonly Run[]): number | undefined => runs.at(-1)?.rate || undefined;

/** One gateway that keeps, with a database, and one that does not. */
const onBoth = async <T>(work: (sides: { readonly without: Side; readonly kept: Side }) => Promise<T>): Promise<T> => {
  const database = await startDatabase();
  try {
    return await withStore([database], {}, (keeping) =>
      onCourse({}, (plain) =>
        work({
          without: { name: 'without', course: plain, legs: [] },
          kept: { name: `with store and ${database.name}`, course: keeping, legs: [] },
        }),
      ),
    );
  } finally {
    await database.stop();
  }
};

/** Publish to alarm at half of what each sustains; begun anew, for half load is not catching up after a search. */
const halfP99Ms = async ({ name, course }: Side, rate: number, { log }: BenchOptions): Promise<number> => {
  await course.run(rate / 2, WARM_UP_SECONDS);
  const half = p99(await course.run(rate / 2, LATENCY_SECONDS));
  const { written } = await course.mark();
  log(`${name}: p99 at half ${half.toFixed(1)} ms, ${written} lines in InfluxDB by then`);
  return half;
};

const beside = async (options: BenchOptions): Promise<readonly Figure[]> => {
  const without: Run[] = [];
  const kept: Run[] = [];
  const halves: { readonly without: number; readonly kept: number }[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    await onBoth(async (sides) => {
      await fixedRate([sides.without, sides.kept]);
      without.push(await measure(sides.without, rateBefore(without), options));
      kept.push(await measure(sides.kept, rateBefore(kept), options));
    });
    if (!options.wants(HALF)) continue;
    await onBoth(async (sides) => {
      halves.push({
        without: await halfP99Ms(sides.without, rateBefore(without) ?? 0, options),
        kept: await halfP99Ms(sides.kept, rateBefore(kept) ?? 0, options),
      });
    });
  }
  const compared = (name: string, unit: string, read: (run: Run) => number): Figure =>
    figure(name, medianOf(kept, read), unit, WITHOUT, medianOf(without, read));
  return [
    compared(CPU, 'us of the main thread', ({ mainCpuUs }) => mainCpuUs),
    compared(STALL, 'ms', ({ stallP99Ms }) => stallP99Ms),
    compared(SUSTAINED, 'messages/s', ({ rate }) => rate),
    figure(
      HALF,
      medianOf(halves, (half) => half.kept),
      'ms',
      WITHOUT,
      medianOf(halves, (half) => half.without),
    ),
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
