import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connect, numberAt } from '../../../gateway/store/database/connection.ts';
import { DATABASE_FILE } from '../../../gateway/store/database/open.ts';
import { until } from '../../until.ts';
import { NO_CONTENT, scriptedServer } from '../influx/scripted-server.ts';
import { temporaryDirectory } from '../store/fixture.ts';
import { press, readWebhook, run, SECRET, venueOf } from './fixture.ts';

test('a disk that takes nothing delays no notice; it is written down when it can be', async () => {
  const directory = temporaryDirectory();
  const server = await scriptedServer(NO_CONTENT);
  const { app, badge } = await run(
    venueOf([{ kind: 'webhook', id: 'hook', url: server.url, secret: SECRET }]),
    directory,
  );
  const database = connect(join(directory, DATABASE_FILE));
  onTestFinished(() => database.close());
  database.exec('BEGIN IMMEDIATE');
  // Its sender waits for the disk, people do not.
  const kept = press(badge, 'b1', 1);
  await until(() => server.received.length === 1, 'the notice');
  expect(readWebhook(server.received[0] ?? expect.fail()).event).toBe('raised');
  await until(() => app.health().counters.notifier_hook?.delivered === 1, 'it is counted');
  expect(numberAt(database.prepare('SELECT count(*) FROM alarm_events').rows()[0], 0)).toBe(0);
  database.exec('ROLLBACK');
  await kept;
  await app.stop();
  expect(numberAt(database.prepare('SELECT count(*) FROM attempts').rows()[0], 0)).toBe(1);
  expect(numberAt(database.prepare('SELECT count(*) FROM outbox').rows()[0], 0)).toBe(0);
});
