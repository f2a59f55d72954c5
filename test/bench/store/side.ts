import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { z } from 'zod';
import { answerQuestions } from '../child.ts';
import { median, random, sleep } from '../measure.ts';
import type { Contestant } from './contestant.ts';
import { duckdbStore } from './duckdb.ts';
import { musterStore } from './muster.ts';
import { readings, SECOND_MS, SERIES, START_MS } from './readings.ts';

const questionSchema = z.object({
  side: z.enum(['muster', 'duckdb']),
  /** On a disk: a file system in memory would flatter everybody. */
  folder: z.string(),
  seconds: z.number(),
  /** Fill alone, or questions too. */
  asks: z.boolean(),
});

/** A rate that leaves the thread time: what it is late then is the store's doing. */
const PACED_PER_SECOND = 20_000;
const PACED_SECONDS = 4;
const RESOLUTION_MS = 1;
const NS_PER_MS = 1e6;
const QUESTIONS = 40;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const sizeOf = (directory: string): number =>
  readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

/** How late the main thread's loop is at a fixed rate, 99th percentile, milliseconds. */
const stallP99Ms = async (store: Contestant): Promise<number> => {
  const source = readings();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const startedMs = performance.now();
  for (let ms = 0; ms < PACED_SECONDS * 1000; ms = performance.now() - startedMs) {
    const due = (ms / 1000) * (PACED_PER_SECOND / SERIES);
    if (source.seconds < due) source.nextSecond(store.add);
    await sleep(1);
  }
  await store.committed();
  delay.disable();
  // What is over the timer's own interval is what the loop was late.
  return Math.max(0, delay.percentile(99) / NS_PER_MS - RESOLUTION_MS);
};

const fill = async (store: Contestant, seconds: number): Promise<object> => {
  const source = readings();
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  while (source.seconds < seconds) {
    while (store.isBehind()) await turn();
    source.nextSecond(store.add);
    await turn();
  }
  await store.committed();
  const tookMs = performance.now() - startedMs;
  const { user, system } = process.cpuUsage(cpu);
  const count = seconds * SERIES;
  return { perSecond: (count * 1000) / tookMs, cpuUsPerReading: (user + system) / count };
};

/** Median milliseconds of a question over random series; throws where an answer is not of the size it must be. */
const timeOf = async (ask: (series: number) => Promise<number>, expected: number): Promise<number> => {
  const next = random(3);
  const times: number[] = [];
  for (let question = 0; question < QUESTIONS; question += 1) {
    const series = Math.floor(SERIES * next());
    const startedMs = performance.now();
    const found = await ask(series);
    times.push(performance.now() - startedMs);
    if (Math.abs(found - expected) > 1) throw new Error(`series ${series}: ${found} found, expected ${expected}`);
  }
  return median(times);
};

const answers = async (store: Contestant, seconds: number): Promise<object> => {
  const endMs = START_MS + seconds * SECOND_MS;
  const [hour, day] = [Math.min(seconds, HOUR_SECONDS), Math.min(seconds, DAY_SECONDS)];
  const hourMs = await timeOf((series) => store.readings(series, endMs - hour * SECOND_MS, endMs), hour);
  const dayMs = await timeOf((series) => store.minutes(series, endMs - day * SECOND_MS, endMs), Math.ceil(day / 60));
  return { hourMs, dayMs };
};

answerQuestions(async (question) => {
  const { side, folder, seconds, asks } = questionSchema.parse(question);
  const directory = mkdtempSync(join(folder, `muster-bench-${side}-`));
  try {
    const store = await (side === 'muster' ? musterStore(directory) : duckdbStore(directory));
    const filled = await fill(store, seconds);
    if (!asks) {
      const stall = await stallP99Ms(store);
      await store.close();
      return { ...filled, stallP99Ms: stall };
    }
    await store.settled();
    const answered = await answers(store, seconds);
    await store.close();
    return { ...filled, ...answered, bytesPerReading: sizeOf(directory) / (seconds * SERIES) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
