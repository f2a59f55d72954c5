import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../gateway/app.ts';
import { liveClock } from '../../gateway/clock.ts';
import { createLog } from '../../gateway/log.ts';
import { type Connection, connect, numberAt } from '../../gateway/store/database/connection.ts';
import { DATABASE_FILE } from '../../gateway/store/database/open.ts';
import { until } from '../until.ts';
import { connected, publishPacket } from './broker/fixture.ts';
import { configOf, portOf, venueYaml } from './fixture.ts';
import { temporaryDirectory } from './store/fixture.ts';

const VENUE = `
roles: { guard: {} }
badges: { b1: { role: guard } }
rules: [{ id: help, kind: sos }]
security: { anonymous: loopback }
`;

const STALLED_MS = 5_000;
const SAMPLES = 100;
const PUBACK_BYTES = 4;

const UP = 'muster/hall/up/b1';
const battery = (seq: number): string =>
  JSON.stringify([
    { n: 'seq', v: seq },
    { n: 'battery', v: 50 },
  ]);
const sos = (seq: number): string =>
  JSON.stringify([
    { n: 'seq', v: seq },
    { n: 'sos', vb: true },
  ]);

/** Ends before its directory goes. */
const run = async (storeDirectory: string): Promise<App> => {
  const log = createLog({ write: () => undefined });
  const app = await startApp({ config: configOf(venueYaml(VENUE)), clock: liveClock(), log, storeDirectory });
  onTestFinished(() => app.stop());
  return app;
};

/** Another program's hold on the database: whatever the store wants to write waits for it. */
const stall = (database: Connection): (() => void) => {
  database.exec('BEGIN IMMEDIATE');
  let isStalled = true;
  const release = (): void => {
    if (isStalled) database.exec('ROLLBACK');
    isStalled = false;
  };
  onTestFinished(release);
  return release;
};

const readingsIn = (database: Connection): number =>
  numberAt(database.prepare('SELECT coalesce(sum(readings), 0) FROM log').rows()[0], 0);

test('while no commit comes through for 5 s an SOS behind 100 samples alarms at once, and nothing is acknowledged', {
  timeout: 30_000,
}, async () => {
  const directory = temporaryDirectory();
  const app = await run(directory);
  const badge = await connected(portOf(app));
  const [holder, reader] = [connect(join(directory, DATABASE_FILE)), connect(join(directory, DATABASE_FILE))];
  onTestFinished(() => {
    holder.close();
    reader.close();
  });
  const acknowledged = (): number => badge.received().length / PUBACK_BYTES;
  badge.send(publishPacket(UP, battery(1), 1));
  await until(() => acknowledged() === 1, 'an answer while the store is well');
  expect(readingsIn(reader)).toBe(1);

  const release = stall(holder);
  const stalledMs = performance.now();
  for (let seq = 2; seq <= SAMPLES + 1; seq += 1) badge.send(publishPacket(UP, battery(seq), seq));
  await until(() => app.hotPath.intake.counters.samples === SAMPLES + 1, 'all judged');
  const raised = new Promise<number>((resolve) => {
    onTestFinished(
      app.hotPath.events.listen((event) => {
        if ('alarm' in event && event.alarm.rule === 'help') resolve(performance.now());
      }),
    );
  });
  const sentMs = performance.now();
  badge.send(publishPacket(UP, sos(SAMPLES + 2), SAMPLES + 2));
  expect((await raised) - sentMs).toBeLessThan(100);
  await until(() => performance.now() - stalledMs >= STALLED_MS || acknowledged() > 1, 'the stall', 2 * STALLED_MS);
  expect(acknowledged()).toBe(1);
  expect(readingsIn(reader)).toBe(1);

  // Looked at before the acknowledgements are counted: never more of them than what others can read.
  const early: (readonly [number, number])[] = [];
  badge.socket.on('data', () => {
    const count = Math.min(acknowledged(), SAMPLES + 1);
    const readings = readingsIn(reader);
    if (count > readings) early.push([count, readings]);
  });
  release();
  await until(() => acknowledged() === SAMPLES + 2, 'all answers', 10_000);
  expect(early).toEqual([]);
  expect(readingsIn(reader)).toBe(SAMPLES + 1);
  const order = Array.from({ length: SAMPLES + 2 }, (_, index) => badge.received().readUInt16BE(4 * index + 2));
  expect(order).toEqual(Array.from({ length: SAMPLES + 2 }, (_, index) => index + 1));
});
