import { readFileSync } from 'node:fs';

/** The middle value; the mean of the two middle ones of an even number. NaN of nothing. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
};

/** The value that `share` (0 to 1) of all are at or under. NaN of nothing. */
export const percentile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
};

/** Medians field by field of runs of one shape. */
export const medianOf = <T>(runs: readonly T[], read: (run: T) => number): number => median(runs.map(read));

/** Deterministic pseudo-random numbers from 0 to 1 (mulberry32), so that every run has the same input. */
export const random = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The whole numbers under `count` in a random order (Fisher-Yates). */
export const shuffledIndexes = (count: number, seed: number): Uint32Array => {
  const next = random(seed);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let at = count - 1; at > 0; at -= 1) {
    const other = Math.floor(next() * (at + 1));
    const kept = order[at] ?? 0;
    order[at] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
};

/** Microseconds of CLOCK_MONOTONIC: one clock for all processes of a machine. */
export const monotonicUs = (): number => Number(process.hrtime.bigint() / 1000n);

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const BYTES_PER_MB = 1_000_000;

/** Resident memory of a process, MB (proc(5), VmRSS). */
export const residentMb = (pid: number): number => {
  const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kB) * 1024) / BYTES_PER_MB;
};

/** Clock ticks per second in /proc (USER_HZ), 100 on every Linux that Node runs on. */
const TICK_US = 10_000;

/** User and system time of a `stat` file of proc(5), microseconds: its fields 14 and 15. */
const cpuUsOf = (file: string): number => {
  const stat = readFileSync(file, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_US;
};

/** CPU time of a process so far, all of its threads. */
export const cpuUs = (pid: number): number => cpuUsOf(`/proc/${pid}/stat`);

/** CPU time of a process' main thread so far, whose number is the process' own. */
export const mainThreadCpuUs = (pid: number): number => cpuUsOf(`/proc/${pid}/task/${pid}/stat`);
