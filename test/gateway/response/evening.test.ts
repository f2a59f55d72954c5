import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../until.ts';
import { ask } from '../api/ask.ts';
import { venueYaml } from '../fixture.ts';
import { NO_CONTENT, scriptedServer } from '../influx/scripted-server.ts';
import { press, readWebhook, SECRET } from '../notifiers/fixture.ts';
import { temporaryDirectory } from '../store/fixture.ts';
import { standBy } from '../survival/gateway-process.ts';

const STEP_SECONDS = 4;

const venueOf = (url: string): string =>
  venueYaml(`
security: { anonymous: loopback }
roles: { guard: {}, manager: { name: { zh: 经理, en: Manager } } }
badges: { b1: { role: guard } }
rules: [{ id: help, kind: sos }]
people:
  li: { name: 李伟, roles: [guard], user: anonymous }
  wang: { name: 王芳, roles: [manager], addresses: { hook: "+86 1" } }
plan:
  red:
    notify: [guard]
    channels: [hook]
    repeatSeconds: 3600
    level: one-way-flow
    freezes: hoisting
    releasedBy: guard
    escalate: [{ afterSeconds: ${STEP_SECONDS}, notify: [manager], channels: [hook] }]
  operations: { hoisting: { name: { zh: 吊装, en: Hoisting } } }
notifiers: [{ kind: webhook, id: hook, url: "${url}", secret: ${SECRET} }]
`);

test('a step whose time comes while the gateway is dead is taken within a second of its return; what is frozen stays so', {
  timeout: 60_000,
}, async () => {
  const storeDirectory = temporaryDirectory();
  const server = await scriptedServer(NO_CONTENT);
  const startAtMs = Date.now();
  const settings = {
    venue: venueOf(server.url),
    storeDirectory,
    epochMs: startAtMs,
    speed: 1,
    startAtMs,
    isHasty: false,
  };
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
  await press(badge, 'b1', 1);
  await until(() => server.received.length === 1, 'the first is told');
  // Acknowledged to its sender when all that came before it is kept.
  await badge.publishAsync('muster/hall/up/b1', '[{"n":"battery","v":50}]', { qos: 1 });
  await life.kill();
  await badge.endAsync(true);
  const raised = readWebhook(server.received[0] ?? expect.fail());
  expect(raised).toMatchObject({ event: 'raised', level: 'one-way-flow', recipients: [{ id: 'li' }] });

  const dueMs = Date.parse(raised.at) + STEP_SECONDS * 1000;
  await until(() => Date.now() > dueMs, 'the time of the step', 10_000);
  const next = await second.start(settings);
  const steps = () => server.received.map(readWebhook).filter((body) => body.step === 1);
  await until(() => steps().length > 0, 'the step');
  const step = steps()[0] ?? expect.fail();
  expect(step).toMatchObject({
    event: 'repeated',
    step: 1,
    recipients: [{ id: 'li' }, { id: 'wang', name: '王芳', roles: ['manager'], address: '+86 1' }],
  });

  const { http } = next.ports;
  const lift = (body: object) =>
    ask(http, '/api/v1/frozen/hoisting/lift', {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  expect((await ask(http, '/api/v1/frozen')).json()).toMatchObject({ items: [{ operation: 'hoisting' }] });
  expect((await lift({})).status).toBe(400);
  expect((await lift({ comment: 'the rig was checked' })).status).toBe(200);
  expect((await ask(http, '/api/v1/frozen')).json()).toEqual({ items: [] });
  expect((await lift({ comment: 'again' })).status).toBe(404);
  // The lift has answered when all that came before it was kept.
  const decided = await ask(http, `/api/v1/alarms/${encodeURIComponent(raised.alarm.id)}/decisions`);
  expect(decided.json()).toMatchObject({
    items: [{ type: 'told' }, { type: 'frozen' }, { type: 'escalated', step: 1 }, { type: 'lifted', by: 'anonymous' }],
  });
});
