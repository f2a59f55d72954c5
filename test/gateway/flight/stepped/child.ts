import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startApp } from '../../../../gateway/app.ts';
import { replayClock } from '../../../../gateway/flight/replay-clock.ts';
import { createLog } from '../../../../gateway/log.ts';
import { configOf } from '../../fixture.ts';

export const settingsSchema = z.strictObject({ venue: z.string(), storeDirectory: z.string(), nowMs: z.number() });
export type SteppedSettings = z.output<typeof settingsSchema>;

const commandSchema = z.strictObject({ advanceTo: z.number() });

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
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    const { advanceTo } = commandSchema.parse(JSON.parse(next.value));
    clock.advance(advanceTo);
    tell({ atMs: clock.now() });
  }
  // Nobody is left running where the test ends in the middle.
  process.exit();
};

void run();
