import { z } from 'zod';
import type { Device } from '../../../ingest/model/device.ts';
import { createSample } from '../../../ingest/model/stamp.ts';
import { answerQuestions } from '../child.ts';
import { random, shuffledIndexes } from '../measure.ts';
import { idiomaticSide, judgeSide, type Side, START_MS } from './sides.ts';

const questionSchema = z.object({
  side: z.enum(['judge', 'idiomatic']),
  devices: z.number(),
  rules: z.number(),
  count: z.number(),
});

/** Every device reports so often, whatever their number. */
const INTERVAL_MS = 10_000;
/** Prime: a device does not meet the same values again in every round. */
const VALUES = 65_537;
/** One reading in ten thousand raises an alarm on every rule at once: still hundreds a second, far beyond any flood. */
const EXCURSIONS = 0.0001;

const MIN_MS = 700;
const MAX_MS = 3_000;
/** Readings that both sides judge before the clock starts, and on which they must agree. */
const WARM_UP = 20_000;

const deviceOf = (index: number): Device => ({
  id: `climate-${index}`,
  seat: index,
  profile: 'climate',
  zone: 'hall',
  fromZone: undefined,
  role: undefined,
  reports: { everySeconds: 60 },
  ratedAmps: {},
  upright: [0, 0, 1],
  registered: true,
});

/** Readings in a shuffled order of devices; each is a fresh object, as a decoder has just made it. */
const feeder = (ids: readonly string[], side: Side): ((count: number) => void) => {
  const next = random(7);
  const values = Float64Array.from({ length: VALUES }, () =>
    next() < EXCURSIONS ? 45 + 15 * next() : 20 + 15 * next(),
  );
  const order = shuffledIndexes(ids.length, 11);
  const stepMs = INTERVAL_MS / ids.length;
  let fed = 0;
  return (count) => {
    for (const until = fed + count; fed < until; fed += 1) {
      const seat = order[fed % order.length] ?? 0;
      const id = ids[seat] ?? '';
      const nowMs = Math.floor(START_MS + fed * stepMs);
      const metrics = { temperatureCelsius: values[fed % VALUES] ?? 0 };
      const sample = createSample(id, '', nowMs, 'arrival', nowMs, undefined, metrics);
      sample.seat = seat;
      side.take(sample);
    }
  };
};

const heapBytes = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const timed = (feed: (count: number) => void, count: number) => {
  const chunk = Math.max(1_000, Math.min(20_000, Math.ceil(count / 20)));
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  let done = 0;
  let tookMs = 0;
  while (tookMs < MAX_MS && (done < count || (tookMs < MIN_MS && count >= WARM_UP))) {
    feed(chunk);
    done += chunk;
    tookMs = performance.now() - startedMs;
  }
  const cpu = process.cpuUsage(cpuBefore);
  return { perSecond: (done / tookMs) * 1000, cpuUsPerReading: (cpu.user + cpu.system) / done };
};

answerQuestions(async (question) => {
  const { side: name, devices, rules, count } = questionSchema.parse(question);
  const list = Array.from({ length: devices }, (_, index) => deviceOf(index));
  const venue = { zones: new Map(), devices: new Map(list.map((device) => [device.id, device])) };
  const before = heapBytes();
  const side = name === 'judge' ? judgeSide(venue, rules) : idiomaticSide(rules);
  const feed = feeder(
    list.map(({ id }) => id),
    side,
  );
  feed(Math.max(devices, Math.min(WARM_UP, count)));
  const { alarms } = side;
  const bytes = (heapBytes() - before) / (devices * rules);
  return { ...timed(feed, count), alarms, bytes };
});
