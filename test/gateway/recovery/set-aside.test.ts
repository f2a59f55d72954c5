import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { connect as connectDatabase } from '../../../gateway/store/database/connection.ts';
import { until } from '../../until.ts';
import { configOf, connect, venueYaml } from '../fixture.ts';
import { HANGS, NO_CONTENT, scriptedServer } from '../influx/scripted-server.ts';
import { readWebhook, SECRET } from '../notifiers/fixture.ts';
import { committed, openTestStore, START_MS, sampleAt, silentLog, temporaryDirectory } from '../store/fixture.ts';

const VENUE = `
roles: { guard: {} }
badges: { b1: { role: guard }, b2: { role: guard } }
rules: [{ id: help, kind: sos }]
security: { anonymous: loopback }
`;
const sos = (seq: number): string => `[{"n":"seq","v":${seq}},{"n":"sos","vb":true}]`;

/** So many readings that the database has pages to lose. */
const filledDirectory = async (): Promise<string> => {
  const directory = temporaryDirectory();
  const store = await openTestStore(directory);
  for (let index = 0; index < 20_000; index += 1)
    store.sample(sampleAt(START_MS + index, { temperatureCelsius: index }));
  await committed(store);
  await store.stop();
  return directory;
};

const startIn = async (storeDirectory: string, rest = ''): Promise<App> => {
  const app = await startApp({
    config: configOf(venueYaml(VENUE + rest)),
    clock: liveClock(),
    log: silentLog,
    storeDirectory,
  });
  onTestFinished(() => app.stop());
  return app;
};

/** As a dying disk would: all but the first page is lost, and the store is made to read its pages again. */
const damage = (path: string): void => {
  const other = connectDatabase(path);
  other.pragma('wal_checkpoint(TRUNCATE)');
  writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 8192), Buffer.alloc(8192 * 20, 0x5a)]));
  other.pragma('application_id=1');
  other.close();
};

const kindsOf = (app: App): string =>
  app.hotPath
    .openAlarms()
    .map(({ kind }) => kind)
    .sort()
    .join();

/** A venue that tells a server of red alarms. */
const telling = (url: string): string => `
plan: { red: { notify: [guard], channels: [hook], repeatSeconds: 3600 } }
notifiers: [{ kind: webhook, id: hook, url: "${url}", secret: ${SECRET} }]
`;

test('a database that fails takes nothing with it that is open: the new one knows alarm and waiting notice', async () => {
  const stuck = await scriptedServer(HANGS);
  const directory = await filledDirectory();
  const first = await startIn(directory, telling(stuck.url));
  const badge = await connect(first);
  for (const seq of [1, 2]) await badge.publishAsync('muster/hall/up/b1', sos(seq), { qos: 1 });
  damage(join(directory, 'store.db'));
  badge.publish('muster/hall/up/b2', '[{"n":"battery","v":50}]', { qos: 1 });
  await until(() => first.hotPath.openAlarms().some(({ subject }) => subject === 'store-history'), 'it is set aside');
  await until(() => !first.health().problems.includes('store-failing'), 'the store commits again');
  await badge.publishAsync('muster/hall/up/b2', '[{"n":"battery","v":51}]', { qos: 1 });
  await badge.endAsync();
  await first.stop();

  const server = await scriptedServer(NO_CONTENT);
  const second = await startIn(directory, telling(server.url));
  const events = (): readonly string[] => server.received.map((request) => readWebhook(request).event);
  // The second press: without the notice that waited nothing would tell of it.
  await until(() => events().includes('repeated'), 'the notices that waited');
  expect(events().slice(0, 2)).toEqual(['raised', 'repeated']);
  await until(() => kindsOf(second) === 'gateway-health,gateway-health,sos', `the alarms are back: ${kindsOf(second)}`);
});
