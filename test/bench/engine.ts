import { z } from 'zod';
import { startChild } from './child.ts';
import { type Figure, figure } from './figures.ts';
import type { BenchOptions, Group } from './group.ts';
import { medianOf } from './measure.ts';

const DEVICES = [100, 10_000, 100_000];
const RULES = [1, 10, 30];

/** Above that the idiomatic version runs out of heap. */
const IDIOMATIC_MAX_DEVICE_RULES = 300_000;

const BYTES = 'engine/bytes-per-device-rule';
const GROWTH = 'engine/growth-100-100000x10';
const YARDSTICK = 'groupBy + scan';

/** Every kind of rule at once: 10,000 badges, each under all that concern wearers, and 1,000 sensors. */
const VENUE = 'engine/venue-all-kinds';
const BADGES = 10_000;
const SENSORS = 1_000;

const venueSchema = z.object({
  samplesPerSecond: z.number(),
  readingsPerSecond: z.number(),
  alarms: z.number(),
});

const resultSchema = z.object({
  perSecond: z.number(),
  cpuUsPerReading: z.number(),
  alarms: z.number(),
  bytes: z.number(),
});

type Result = z.output<typeof resultSchema>;
type Side = 'judge' | 'idiomatic';

const measureOnce = async (side: Side, devices: number, rules: number, count: number): Promise<Result> => {
  const child = startChild('engine/worker', { node: ['--max-old-space-size=8192'] });
  try {
    return resultSchema.parse(await child.ask({ side, devices, rules, count }));
  } finally {
    await child.stop();
  }
};

interface Pair {
  readonly ours: readonly Result[];
  readonly theirs: readonly Result[];
}

const sizeName = (devices: number, rules: number): string => `engine/${devices}x${rules}`;

const measureSize = async (devices: number, rules: number, { rounds, count, log }: BenchOptions): Promise<Pair> => {
  const ours: Result[] = [];
  const theirs: Result[] = [];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await measureOnce('judge', devices, rules, count));
    if (devices * rules <= IDIOMATIC_MAX_DEVICE_RULES)
      theirs.push(await measureOnce('idiomatic', devices, rules, count));
  }
  const expected = ours[0]?.alarms;
  // A fast wrong answer is no answer: on the same first readings both must have raised the same.
  for (const { alarms } of [...ours, ...theirs]) {
    if (alarms !== expected) throw new Error(`${sizeName(devices, rules)}: ${alarms} alarms, expected ${expected}`);
  }
  log(
    `${sizeName(devices, rules)}: ${Math.round(medianOf(ours, (run) => run.perSecond))} readings/s, ` +
      `${medianOf(ours, (run) => run.cpuUsPerReading).toFixed(2)} us CPU each; idiomatic ` +
      `${Math.round(medianOf(theirs, (run) => run.perSecond))}, ${medianOf(theirs, (run) => run.cpuUsPerReading).toFixed(2)} us`,
  );
  return { ours, theirs };
};

const measureVenue = async ({ rounds, count, log }: BenchOptions): Promise<Figure> => {
  const runs: z.output<typeof venueSchema>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const child = startChild('engine/venue-worker', { node: ['--max-old-space-size=8192'] });
    try {
      runs.push(venueSchema.parse(await child.ask({ badges: BADGES, sensors: SENSORS, count })));
    } finally {
      await child.stop();
    }
  }
  const perSecond = medianOf(runs, (run) => run.readingsPerSecond);
  const samples = Math.round(medianOf(runs, (run) => run.samplesPerSecond));
  log(`${VENUE}: ${Math.round(perSecond)} readings/s in ${samples} samples/s, ${runs[0]?.alarms} conditions active`);
  const theirs = await measureOnce('idiomatic', BADGES, 10, count);
  return figure(VENUE, perSecond, 'readings/s', `${YARDSTICK}, ten rules of one kind`, theirs.perSecond);
};

const rate = (runs: readonly Result[] | undefined): number | undefined =>
  runs === undefined || runs.length === 0 ? undefined : medianOf(runs, (run) => run.perSecond);

const growth = (small: number | undefined, large: number | undefined): number | undefined =>
  small === undefined || large === undefined ? undefined : small / large;

const needed = (name: string, wants: BenchOptions['wants']): boolean => {
  if (wants(name) || (name === 'engine/10000x10' && (wants(BYTES) || wants(GROWTH)))) return true;
  return wants(GROWTH) && (name === 'engine/100x10' || name === 'engine/100000x10');
};

/** Readings a second through `judge`, beside the same rules written as RxJS tutorials write them. */
export const engine: Group = {
  name: 'engine',
  figures: [...DEVICES.flatMap((devices) => RULES.map((rules) => sizeName(devices, rules))), BYTES, GROWTH, VENUE],
  async run(options) {
    const pairs = new Map<string, Pair>();
    const figures: Figure[] = [];
    for (const devices of DEVICES) {
      for (const rules of RULES) {
        const name = sizeName(devices, rules);
        if (!needed(name, options.wants)) continue;
        const pair = await measureSize(devices, rules, options);
        pairs.set(name, pair);
        figures.push(figure(name, rate(pair.ours) ?? Number.NaN, 'readings/s', YARDSTICK, rate(pair.theirs)));
      }
    }
    const middle = pairs.get('engine/10000x10');
    if (middle !== undefined) {
      const bytes = (runs: readonly Result[]): number => medianOf(runs, (run) => run.bytes);
      figures.push(figure(BYTES, bytes(middle.ours), 'bytes', YARDSTICK, bytes(middle.theirs)));
    }
    const small = pairs.get('engine/100x10');
    const ours = growth(rate(small?.ours), rate(pairs.get('engine/100000x10')?.ours));
    const theirs = growth(rate(small?.theirs), rate(middle?.theirs));
    if (ours !== undefined) figures.push(figure(GROWTH, ours, 'x cost', `${YARDSTICK}, 100 to 10000`, theirs));
    if (options.wants(VENUE)) figures.push(await measureVenue(options));
    return figures;
  },
};
