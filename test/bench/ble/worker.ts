import { z } from 'zod';
import { createIntake } from '../../../ingest/intake.ts';
import { unregisteredDevice } from '../../../ingest/model/device.ts';
import { realTimers } from '../../../ingest/sources/ble/timers.ts';
import { keepUart } from '../../../ingest/sources/ble/uart-line.ts';
import { bleSource } from '../../../ingest/sources/ble.ts';
import { answerQuestions } from '../child.ts';
import { addressOf, TAGS } from './adverts.ts';

const questionSchema = z.object({ path: z.string(), side: z.enum(['ours', 'noble']), seconds: z.number() });

const WARM_UP_MS = 1_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Of what is counted, how much a second: wall clock, and of one core. */
const rateOf = async (count: () => number, seconds: number) => {
  await pause(WARM_UP_MS);
  const [before, startedMs, cpu] = [count(), performance.now(), process.cpuUsage()];
  await pause(seconds * 1000);
  const { user, system } = process.cpuUsage(cpu);
  const done = count() - before;
  return { perSecond: (done / (performance.now() - startedMs)) * 1000, perCoreSecond: (done / (user + system)) * 1e6 };
};

/** Scanned and decoded: from the bytes of the line to samples of registered devices. */
const ours = async (path: string, seconds: number) => {
  const devices = new Map(Array.from({ length: TAGS }, (_, tag) => [addressOf(tag), unregisteredDevice(`tag-${tag}`)]));
  let samples = 0;
  const intake = createIntake({
    venueId: 'bench',
    resolve: (_kind, name) => devices.get(name),
    isRegistered: () => false,
    onSample: () => {
      samples += 1;
    },
    onOccurrence: () => undefined,
  });
  const source = bleSource({
    id: 'hall',
    where: path,
    line: keepUart({ path, baudRate: 1_000_000, rtscts: false, nowMs: Date.now }),
    rhythm: { intervalMs: 100, windowMs: 100 },
    silenceSeconds: 60,
    timers: realTimers,
    log: { warn: () => undefined, info: () => undefined },
    nowMs: Date.now,
  });
  await source.start(intake.take);
  const rate = await rateOf(() => source.status?.().counters.frames ?? 0, seconds);
  await source.stop();
  // Adverts that decode to nothing would be very fast.
  if (samples < rate.perSecond) throw new Error(`${samples} samples came of the adverts`);
  return rate;
};

/** noble, which parses adverts and keeps them by device; nothing is decoded of what it finds in them. */
const nobles = async (path: string, seconds: number) => {
  const { withBindings } = await import('@stoprocent/noble');
  const noble = withBindings('hci', { hciDriver: 'uart', bindParams: { uart: { port: path, baudRate: 1_000_000 } } });
  let adverts = 0;
  noble.on('discover', () => {
    adverts += 1;
  });
  await noble.waitForPoweredOnAsync(10_000);
  await noble.startScanningAsync([], true);
  const rate = await rateOf(() => adverts, seconds);
  noble.stop();
  return rate;
};

answerQuestions((question) => {
  const { path, side, seconds } = questionSchema.parse(question);
  return side === 'ours' ? ours(path, seconds) : nobles(path, seconds);
});
