import type { MqttClient } from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type App, startApp } from '../../../gateway/app.ts';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { createLog } from '../../../gateway/log.ts';
import { until } from '../../until.ts';
import { ask } from '../api/ask.ts';
import { configOf, connect, venueYaml } from '../fixture.ts';
import { press } from '../notifiers/fixture.ts';
import { temporaryDirectory } from '../store/fixture.ts';

const SECRET = 'a secret of the test';
const HASH = hashSecret(SECRET);
const VENUE = venueYaml(`
roles: { guard: {} }
badges: { b1: { role: guard, secretSha256: ${HASH} } }
devices:
  siren: { profile: plug, secretSha256: ${HASH} }
  sign: { profile: plug, secretSha256: ${HASH} }
clients: { desk: { role: guard, secretSha256: ${HASH} } }
rules: [{ id: help, kind: sos }]
plan:
  red:
    commands:
      - { device: siren, do: sound, with: { seconds: 10 }, confirmWithinSeconds: 20 }
      - { device: sign, do: show, confirmWithinSeconds: 2 }
    followUp: [{ id: report, withinSeconds: 3600, what: { zh: 初报, en: report } }]
`);

const commandSchema = z.looseObject({ id: z.string(), do: z.string(), attempt: z.int() });
type Command = z.output<typeof commandSchema>;

/** An actuator that writes down what it is told. */
const actuator = async (app: App, id: string) => {
  const client: MqttClient = await connect(app, { username: id, password: SECRET });
  client.on('error', () => undefined);
  const told: Command[] = [];
  client.on('message', (_, payload) => told.push(commandSchema.parse(JSON.parse(payload.toString()))));
  await client.subscribeAsync(`muster/hall/down/${id}`, { qos: 1 });
  const confirm = (command: Command | undefined, as = id) =>
    client.publishAsync(`muster/hall/up/${as}`, JSON.stringify([{ n: 'done', vs: command?.id }]), { qos: 1 });
  return { client, told, confirm };
};

const headers = {
  authorization: `Basic ${Buffer.from(`desk:${SECRET}`).toString('base64')}`,
  'content-type': 'application/json',
};

const itemsSchema = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
const list = async (app: App, path: string) =>
  itemsSchema.parse((await ask(app.http.port, path, { headers })).json()).items;
const states = async (app: App) =>
  (await list(app, '/api/v1/commands')).map((each) => `${each.device} ${each.state}`).toSorted();
const done = async (app: App, path: string, body: object) =>
  (await ask(app.http.port, path, { method: 'POST', headers, body: JSON.stringify(body) })).status;
const turns = (app: App, state: string) => until(async () => (await states(app)).includes(state), state);

const start = async (storeDirectory: string): Promise<App> => {
  const log = createLog({ write: () => undefined });
  const app = await startApp({ config: configOf(VENUE), clock: liveClock(), log, storeDirectory });
  onTestFinished(() => app.stop());
  return app;
};

test('an actuator confirms over the embedded broker, another does not; nobody confirms for it; a restart between', {
  timeout: 60_000,
}, async () => {
  const storeDirectory = temporaryDirectory();
  const first = await start(storeDirectory);
  const siren = await actuator(first, 'siren');
  const sign = await actuator(first, 'sign');
  const badge = await connect(first, { username: 'b1', password: SECRET });
  await press(badge, 'b1', 1);
  await until(() => siren.told.length === 1 && sign.told.length === 1, 'both are told');
  expect(siren.told[0]).toMatchObject({
    do: 'sound',
    seconds: 10,
    attempt: 1,
    alarm: expect.stringContaining('help.b1.'),
  });

  // Under its own name, with the id of another one's command: it is counted, and does nothing.
  await sign.confirm(siren.told[0]);
  // In the name of the other one: the broker throws it out.
  const thrownOut = new Promise<void>((resolve) => sign.client.once('close', () => resolve()));
  sign.confirm(siren.told[0], 'siren').catch(() => undefined);
  await thrownOut;
  expect(await states(first)).toEqual([expect.stringMatching(/^sign (sent|overdue)$/), 'siren sent']);
  expect(first.health().counters).toMatchObject({ response: { commandsConfirmed: 0, strayConfirmations: 1 } });
  await Promise.all([badge.endAsync(), siren.client.endAsync(true)]);
  await first.stop();

  const second = await start(storeDirectory);
  const again = await actuator(second, 'siren');
  await until(() => again.told.length > 0, 'the siren is told again', 30_000);
  expect(again.told[0]).toMatchObject({ id: siren.told[0]?.id, afterRestart: true });
  expect(again.told[0]?.attempt).toBeGreaterThan(1);
  await again.confirm(again.told[0]);
  await turns(second, 'siren confirmed');

  await turns(second, 'sign overdue');
  const alarms = async () => (await list(second, '/api/v1/alarms')).filter(({ kind }) => kind === 'gateway-health');
  await until(async () => (await alarms()).length === 1, 'that is an alarm');
  const [alarm] = await alarms();
  expect(alarm).toMatchObject({ subject: 'actuator:sign', severity: 'orange', condition: 'active' });
  expect(alarm).toMatchObject({
    reason: { code: 'actuator-overdue' },
    guidance: { en: expect.stringContaining('by hand') },
  });

  const late = await actuator(second, 'sign');
  await late.confirm(sign.told[0]);
  await until(async () => (await alarms())[0]?.condition === 'cleared', 'it clears when it is confirmed');
  expect(await states(second)).toEqual(['sign confirmed', 'siren confirmed']);

  const [work] = await list(second, '/api/v1/follow-ups');
  const path = `/api/v1/follow-ups/${encodeURIComponent(work?.id ?? '')}/done`;
  expect(await done(second, path, {})).toBe(400);
  expect(await done(second, path, { comment: 'handed in' })).toBe(200);
  expect(await done(second, path, { comment: 'again' })).toBe(409);
  expect(await list(second, '/api/v1/follow-ups')).toEqual([]);
  expect(await list(second, '/api/v1/follow-ups?state=all')).toMatchObject([
    { state: 'done', done: { by: 'desk', comment: 'handed in' } },
  ]);
  expect(await done(second, '/api/v1/commands/order.none/done', { comment: 'x' })).toBe(404);
  await Promise.all([again.client.endAsync(true), late.client.endAsync(true)]);
});
