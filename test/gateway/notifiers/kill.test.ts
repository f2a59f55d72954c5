import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../until.ts';
import { HANGS, NO_CONTENT, scriptedServer } from '../influx/scripted-server.ts';
import { openTestStore, temporaryDirectory } from '../store/fixture.ts';
import { standBy } from '../survival/gateway-process.ts';
import { press, readWebhook, SECRET, venueOf } from './fixture.ts';

const ALARMS = 50;

test('kill -9 with 50 deliveries under way loses none; what is sent again carries the same key', {
  timeout: 60_000,
}, async () => {
  const storeDirectory = temporaryDirectory();
  let isWell = false;
  const server = await scriptedServer((request, response, number) =>
    // Some are taken before the kill, some are never answered.
    (isWell || number % 5 === 0 ? NO_CONTENT : HANGS)(request, response, number),
  );
  const hooks = Array.from({ length: 7 }, (_, index) => ({
    kind: 'webhook',
    id: `hook${index}`,
    url: `${server.url}/${index}`,
    secret: SECRET,
  }));
  const venue = venueOf(hooks, { badges: ALARMS });
  const startAtMs = Date.now();
  const settings = { venue, storeDirectory, epochMs: startAtMs, speed: 1, startAtMs, isHasty: false };
  const [first, second] = [standBy(), standBy()];
  onTestFinished(async () => {
    await first.kill();
    await second.kill();
  });

  const life = await first.start(settings);
  const badge = await mqtt.connectAsync(`mqtt://127.0.0.1:${life.ports.mqtt}`, {
    protocolVersion: 4,
    reconnectPeriod: 0,
  });
  badge.on('error', () => undefined);
  // Each is acknowledged to its sender: it is kept.
  for (let index = 1; index <= ALARMS; index += 1) await press(badge, `b${index}`, 1);
  await until(() => server.received.length - Math.ceil(server.received.length / 5) >= ALARMS, '50 under way', 15_000);
  await life.kill();
  await badge.endAsync(true);
  const beforeKill = server.received.length;
  expect(server.concurrent).toBeGreaterThanOrEqual(ALARMS);

  isWell = true;
  await second.start(settings);
  const keysOf = (requests: typeof server.received) =>
    requests.map((request) => `${request.path} ${readWebhook(request).alarm.subject} ${readWebhook(request).key}`);
  const expected = hooks.length * ALARMS;
  await until(() => new Set(keysOf(server.received)).size >= expected, 'every alarm on every channel', 30_000);
  const all = keysOf(server.received);
  // One key for each alarm and channel, over both lives.
  expect(new Set(all).size).toBe(expected);
  expect(all.slice(beforeKill).some((key) => all.slice(0, beforeKill).includes(key))).toBe(true);
  await second.kill();
  const store = await openTestStore(storeDirectory);
  expect((await store.openAlarms()).length).toBe(ALARMS);
});
