import { Subject } from 'rxjs';
import { z } from 'zod';
import { createSample } from '../../../ingest/model/stamp.ts';
import { type EngineInput, judge } from '../../../rules/engine.ts';
import { answerQuestions } from '../child.ts';
import { random, shuffledIndexes } from '../measure.ts';
import { START_MS } from './sides.ts';
import { reportOf, venueOf } from './venue.ts';

const questionSchema = z.object({ badges: z.number(), sensors: z.number(), count: z.number() });

/** Every device reports so often. */
const INTERVAL_MS = 10_000;
const MIN_MS = 700;
const MAX_MS = 3_000;
const NOISES = 65_537;

answerQuestions(async (question) => {
  const { badges, sensors, count } = questionSchema.parse(question);
  const { venue, rules } = venueOf(badges, sensors);
  const devices = [...venue.devices.values()];
  const source = new Subject<EngineInput>();
  let alarms = 0;
  const scheduler = { now: () => START_MS, schedule: () => ({ unsubscribe: () => undefined }) };
  source.pipe(judge(rules, { scheduler, venue })).subscribe((verdict) => {
    if (verdict.type === 'fault') throw verdict.error;
    if (verdict.type === 'condition' && verdict.condition.phase === 'active') alarms += 1;
  });

  const next = random(7);
  const noises = Float64Array.from({ length: NOISES }, next);
  const order = shuffledIndexes(devices.length, 11);
  const stepMs = INTERVAL_MS / devices.length;
  let fed = 0;
  let readings = 0;
  const feed = (reports: number): void => {
    for (const until = fed + reports; fed < until; fed += 1) {
      const device = devices[order[fed % order.length] ?? 0];
      if (device === undefined) continue;
      const noise = noises[fed % NOISES] ?? 0;
      const nowMs = Math.floor(START_MS + fed * stepMs);
      const metrics = reportOf(device, Math.floor(fed / devices.length), noise);
      const sample = createSample(device.id, '', nowMs, 'arrival', nowMs, undefined, metrics);
      sample.seat = device.seat;
      source.next(sample);
      for (const _ in metrics) readings += 1;
    }
  };
  feed(2 * devices.length);
  readings = 0;
  const begun = fed;
  const startedMs = performance.now();
  let tookMs = 0;
  while (tookMs < MAX_MS && (fed - begun < count || tookMs < MIN_MS)) {
    feed(5_000);
    tookMs = performance.now() - startedMs;
  }
  return {
    samplesPerSecond: ((fed - begun) / tookMs) * 1000,
    readingsPerSecond: (readings / tookMs) * 1000,
    alarms,
  };
});
