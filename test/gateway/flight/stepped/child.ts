import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { startApp } from '../../../../gateway/app.ts';
import { replayClock } from '../../../../gateway/flight/replay-clock.ts';
import { createLog } from '../../../../gateway/log.ts';
import { until } from '../../../until.ts';
import { configOf } from '../../fixture.ts';

export const settingsSchema = z.strictObject({ venue: z.string(), storeDirectory: z.string(), nowMs: z.number() });
export type SteppedSettings = z.output<typeof settingsSchema>;

const commandSchema = z.strictObject({ advanceTo: z.number(), isSettled: z.boolean() });

/** A gateway that runs in real time has committed what it has lived through, and marked so often that it runs. */
const MARK_MS = 30;

const tell = (word: object): void => void writeSync(1, `${JSON.stringify(word)}\n`);

/**
 * A gateway whose judged time stands still until it is told to go on, so that nothing depends on how fast the machine
 * is. Loaded already, it waits for its settings on standard input; then each line puts its time on.
 */
const run = async (): Promise<void> => {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const settings = settingsSchema.parse(JSON.parse((await lines.next()).value ?? '{}'));
  const clock = replayClock(settings.nowMs);
  const log = createLog({ write: (line) => void process.stderr.write(line) }, 'fatal');
  const app = await startApp({
    config: configOf(settings.venue),
    clock,
    log,
    storeDirectory: settings.storeDirectory,
  });
  tell({ mqtt: app.mqtt[0]?.port, http: app.http.port });
  const committed = () => until(() => app.health().levels?.store?.pendingBytes === 0, 'all is committed');
  const settle = async (toMs: number): Promise<void> => {
    clock.advance(Math.max(clock.now(), toMs - MARK_MS));
    await committed();
    clock.advance(toMs);
    await committed();
    await wait(MARK_MS);
  };
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const { advanceTo, isSettled } = commandSchema.parse(JSON.parse(next.value));
    if (isSettled) await settle(advanceTo);
    else clock.advance(advanceTo);
    tell({ atMs: clock.now() });
  }
  // Nobody is left running where the test ends in the middle.
  process.exit();
};

void run();
