import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { startApp } from '../../../gateway/app.ts';
import { scaledClock } from '../../../gateway/clock.ts';
import { createLog } from '../../../gateway/log.ts';
import { Port } from '../../../gateway/store/port/port.ts';
import { configOf } from '../fixture.ts';

export const settingsSchema = z.strictObject({
  venue: z.string(),
  storeDirectory: z.string(),
  epochMs: z.number(),
  speed: z.number(),
  /** Real moment of the epoch: the same in every life, so that judged time goes on while the gateway is down. */
  startAtMs: z.number(),
  /** Acknowledges before the commit. */
  isHasty: z.boolean(),
});

export type ChildSettings = z.output<typeof settingsSchema>;

const start = async (settings: ChildSettings): Promise<void> => {
  const { venue, storeDirectory, epochMs, speed, startAtMs, isHasty } = settings;
  if (isHasty) Port.prototype.commit = (done) => done();
  const clock = scaledClock(epochMs, speed);
  clock.startAt(startAtMs);
  const log = createLog({ write: (line) => void process.stderr.write(line) }, 'fatal');
  const app = await startApp({ config: configOf(venue), clock, log, storeDirectory });
  writeSync(1, `${JSON.stringify({ mqtt: app.mqtt[0]?.port, http: app.http.port })}\n`);
};

/**
 * A gateway that runs until it is killed. Loaded already, it waits for its settings on standard input, tells its ports
 * on standard output, each as one line of JSON, and goes on with whatever an earlier one has left in the directory.
 */
createInterface({ input: process.stdin })
  .once('line', (line) => void start(settingsSchema.parse(JSON.parse(line))))
  // Nobody is left running where the test ends in the middle.
  .once('close', () => process.exit());
