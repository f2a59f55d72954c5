import type { MqttClient } from 'mqtt';
import { afterEach, describe, expect, test } from 'vitest';
import type { App } from '../../gateway/app.ts';
import { hashSecret } from '../../gateway/broker/clients/credentials.ts';
import { memorySink } from '../../gateway/sinks/memory.ts';
import type { Sink } from '../../gateway/sinks/sink.ts';
import { until } from '../until.ts';
import { configOf, connect, getJson, start, venueYaml, watchAlarms } from './fixture.ts';

const OPEN = 'security: { anonymous: loopback }\n';
const BADGE = 'roles: { guard: {} }\nbadges: { b1: { role: guard } }\n';
const SOS = 'rules: [{ id: help, kind: sos }]\n';

const apps: App[] = [];
const run = async (...args: Parameters<typeof start>): Promise<App> => {
  const app = await start(...args);
  apps.push(app);
  return app;
};

afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

const closing = (client: MqttClient): Promise<void> => new Promise((resolve) => client.once('close', () => resolve()));

const sos = (seq: number): string =>
  JSON.stringify([
    { n: 'seq', v: seq },
    { n: 'sos', vb: true },
  ]);

describe('a sample’s whole way', () => {
  test('an SOS over MQTT becomes a retained alarm, is acknowledged by credential, and stays until it is over', async () => {
    const secret = 'a-guard-secret-of-sixteen';
    const app = await run(
      `${BADGE}${SOS}security: { anonymous: loopback }\nclients: { phone: { secretSha256: ${hashSecret(secret)}, role: guard } }`,
    );
    const guard = await connect(app, { username: 'phone', password: secret });
    const alarms = await watchAlarms(guard);
    const badge = await connect(app);
    await badge.publishAsync('muster/hall/up/b1', sos(1), { qos: 1 });
    await until(() => alarms.size === 1, 'alarms size   1');
    const [[topic = '', alarm] = []] = alarms;
    expect(alarm).toMatchObject({ kind: 'sos', subject: 'b1', severity: 'red', human: 'unacknowledged' });
    expect(topic).toBe(`muster/hall/alarm/${alarm?.id}`);

    await guard.publishAsync(`${topic}/ack`, JSON.stringify({ comment: 'on my way', by: 'somebody else' }), { qos: 1 });
    await until(() => alarms.get(topic)?.human === 'acknowledged', 'alarms get topic human    acknowledged');
    expect(alarms.get(topic)).toMatchObject({ acknowledgedBy: 'phone', condition: 'active' });

    await badge.publishAsync('muster/hall/up/b1', JSON.stringify([{ n: 'cancel', vb: true }]), { qos: 1 });
    await until(() => alarms.size === 0, 'alarms size   0');
    const late = await connect(app);
    const retained = await watchAlarms(late);
    await late.publishAsync('muster/hall/up/b1', sos(2), { qos: 1 });
    await until(() => retained.size === 1, 'retained size   1');
    expect([...retained.values()][0]?.id).not.toBe(alarm?.id);
    for (const client of [guard, badge, late]) await client.endAsync();
  });

  test('a device may speak for itself only, and nobody acknowledges without the role', async () => {
    const secret = 'device-secret-of-128-bits';
    const app = await run(
      `roles: { guard: {} }\nbadges: { b1: { role: guard, secretSha256: ${hashSecret(secret)} }, b2: { role: guard } }\n${SOS}`,
    );
    const badge = await connect(app, { username: 'b1', password: secret });
    await badge.publishAsync('muster/hall/up/b1', sos(1), { qos: 1 });
    await until(() => app.hotPath.openAlarms().length === 1, 'app hotPath openAlarms length   1');
    const [alarm] = app.hotPath.openAlarms();
    const closed = closing(badge);
    badge.publish(`muster/hall/alarm/${alarm?.id}/ack`, '{}');
    await closed;
    expect(app.hotPath.openAlarms()[0]?.human).toBe('unacknowledged');

    const again = await connect(app, { username: 'b1', password: secret });
    const dropped = closing(again);
    again.publish('muster/hall/up/b2', sos(1));
    await dropped;
    expect(app.hotPath.openAlarms()).toHaveLength(1);
    await expect(connect(app, { username: 'b1', password: 'wrong' })).rejects.toThrow();
    await expect(connect(app)).rejects.toThrow();
  });

  test('a pattern that covers the topic is no right to acknowledge', async () => {
    const secret = 'bridge-secret-of-128-bits';
    const app = await run(
      `${OPEN}${BADGE}${SOS}clients: { bridge: { secretSha256: ${hashSecret(secret)}, publish: ["muster/hall/up/+", "muster/hall/alarm/+/ack"] } }`,
    );
    const bridge = await connect(app, { username: 'bridge', password: secret });
    await bridge.publishAsync('muster/hall/up/b1', sos(1), { qos: 1 });
    await until(() => app.hotPath.openAlarms().length === 1, 'the alarm');
    const [alarm] = app.hotPath.openAlarms();
    await bridge.publishAsync(`muster/hall/alarm/${alarm?.id}/ack`, '{}', { qos: 1 });
    expect(app.hotPath.openAlarms()[0]?.human).toBe('unacknowledged');
    await bridge.endAsync();
  });

  test('an SOS behind 100 unacknowledged QoS 1 publishes alarms within 100 ms', async () => {
    const stuck: Sink = { ...memorySink('stuck'), commit: () => undefined };
    const app = await run(`${OPEN}${BADGE}${SOS}`, [stuck]);
    const badge = await connect(app);
    for (let seq = 1; seq <= 100; seq += 1) {
      badge.publish(
        'muster/hall/up/b1',
        JSON.stringify([
          { n: 'seq', v: seq },
          { n: 'battery', v: 50 },
        ]),
        { qos: 1 },
      );
    }
    await until(() => app.hotPath.intake.counters.samples === 100, 'app hotPath intake counters samples   100');
    const raised = new Promise<number>((resolve) => app.hotPath.events.listen(() => resolve(performance.now())));
    const sentMs = performance.now();
    badge.publish('muster/hall/up/b1', sos(101), { qos: 1 });
    expect((await raised) - sentMs).toBeLessThan(100);
    expect(badge.queue.length + Object.keys(badge.outgoing).length).toBeGreaterThanOrEqual(101);
    await badge.endAsync(true);
  });

  test('QoS 1 is acknowledged only when every sink is safe', async () => {
    const waiting: (() => void)[] = [];
    const slow: Sink = { ...memorySink('slow'), commit: (done) => void waiting.push(done) };
    const app = await run(`${OPEN}${BADGE}${SOS}`, [memorySink('quick'), slow]);
    const badge = await connect(app);
    let acknowledged = false;
    const done = badge.publishAsync('muster/hall/up/b1', '[{"n":"battery","v":50}]', { qos: 1 }).then(() => {
      acknowledged = true;
    });
    await until(() => waiting.length === 1, 'waiting length   1');
    const other = await connect(app);
    await other.publishAsync('muster/hall/up/b1', '[{"n":"battery","v":51}]', { qos: 0 });
    await until(() => app.hotPath.intake.counters.samples === 2, 'app hotPath intake counters samples   2');
    expect(acknowledged).toBe(false);
    waiting[0]?.();
    await done;
    await badge.endAsync();
    await other.endAsync();
  });

  test('a pre-alarm buzzes the badge; its confirmation gives the wearer the full time', async () => {
    const app = await run(
      `${OPEN}${BADGE}rules: [{ id: tilt, kind: tilt, holdSeconds: 0, preAlarmSeconds: 1, confirmSeconds: 0.5 }]`,
    );
    const badge = await connect(app);
    const buzzed = new Promise<string>((resolve) => {
      badge.once('message', (_, payload) => resolve(JSON.parse(payload.toString()).id));
    });
    await badge.subscribeAsync('muster/hall/down/b1');
    const lying = ['x', 'y', 'z'].map((axis) => ({ n: `acceleration/${axis}`, u: 'm/s2', v: axis === 'x' ? 9.8 : 0 }));
    const startedMs = performance.now();
    await badge.publishAsync('muster/hall/up/b1', JSON.stringify(lying), { qos: 1 });
    await badge.publishAsync('muster/hall/up/b1', JSON.stringify([{ n: 'done', vs: await buzzed }]), { qos: 1 });
    await until(() => app.hotPath.openAlarms().length === 1, 'app hotPath openAlarms length   1');
    expect(performance.now() - startedMs).toBeGreaterThan(950);
    await badge.endAsync();
  });
});

describe('what cannot be used', () => {
  const NASTY: readonly (readonly [string, string | Buffer])[] = [
    ['not-json', '[{"n":"temperature"'],
    ['wrong-type', '[{"n":"temperature","u":"Cel","v":"hot"}]'],
    ['out-of-range', '[{"n":"temperature","u":"Cel","v":-300}]'],
    ['wrong-shape', `${'['.repeat(5000)}1${']'.repeat(5000)}`],
    ['wrong-device', '[{"bn":"other/","n":"temperature","u":"Cel","v":20}]'],
    ['wrong-time', '[{"n":"temperature","u":"Cel","t":4102444800,"v":20}]'],
    ['not-cbor', Buffer.from('9fa300', 'hex')],
    ['wrong-shape', '[{"n":"__proto__","u":"Cel","v":20}]'],
  ];

  test('is counted by code and kept with its reason; the gateway and other devices go on', async () => {
    const app = await run(
      `${OPEN}devices: { t1: { profile: climate }, t2: { profile: climate } }\nrules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }]`,
    );
    const client = await connect(app);
    for (const [, payload] of NASTY) await client.publishAsync('muster/hall/up/t1', payload, { qos: 1 });
    await client.publishAsync('some/where/else', 'x', { qos: 1 });
    const rejected = await getJson(app, '/api/v1/rejected');
    expect(rejected.items).toMatchObject(
      [...NASTY.map(([code]) => ({ code, address: 'muster/hall/up/t1' })), { code: 'unknown-topic' }].reverse(),
    );
    expect(app.hotPath.openAlarms()).toEqual([]);
    await client.publishAsync('muster/hall/up/t2', '[{"n":"temperature","u":"Cel","v":70}]', { qos: 1 });
    await until(() => app.hotPath.openAlarms().length === 1, 'app hotPath openAlarms length   1');
    expect((await getJson(app, '/healthz')).status).toBe('ok');
    await client.endAsync();
  });

  test('a payload of 1 MB closes that connection only, and never reaches memory', async () => {
    const app = await run(`${OPEN}devices: { t1: { profile: climate } }`);
    const [big, other] = [await connect(app), await connect(app)];
    big.on('error', () => undefined);
    const closed = closing(big);
    big.publish('muster/hall/up/t1', Buffer.alloc(1_000_000));
    await closed;
    await other.publishAsync('muster/hall/up/t1', '[{"n":"temperature","u":"Cel","v":20}]', { qos: 1 });
    expect(app.hotPath.intake.counters.frames).toBe(1);
    await other.endAsync();
  });

  test('a device that nobody has registered is listed with its values, and not judged', async () => {
    const app = await run(
      `${OPEN}rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }]`,
    );
    const client = await connect(app);
    await client.publishAsync('zigbee2mqtt/cellar', '{"temperature":70}', { qos: 1 });
    expect((await getJson(app, '/api/v1/devices')).items).toMatchObject([
      { id: 'cellar', registered: false, address: 'zigbee2mqtt:cellar', channels: { '': { temperatureCelsius: 70 } } },
    ]);
    expect(app.hotPath.openAlarms()).toEqual([]);
    await client.endAsync();
  });

  test('a stranger that calls itself like a registered badge does not pass for it', async () => {
    const app = await run(`${OPEN}${BADGE}${SOS}`);
    const client = await connect(app);
    await client.publishAsync('zigbee2mqtt/b1', '{"action":"emergency"}', { qos: 1 });
    await until(() => app.hotPath.openAlarms().length === 1, 'app hotPath openAlarms length   1');
    expect(app.hotPath.openAlarms()[0]).toMatchObject({
      subject: 'zigbee2mqtt:b1',
      reason: { code: 'sos-unregistered' },
    });
    await client.endAsync();
  });
});

describe('starting', () => {
  test('a port in use is said plainly, and nothing stays behind', async () => {
    const app = await run(OPEN);
    const config = configOf(venueYaml('').replace('port: 0', `port: ${app.mqtt[0]?.port}`));
    const { startApp } = await import('../../gateway/app.ts');
    const { liveClock } = await import('../../gateway/clock.ts');
    const { createLog } = await import('../../gateway/log.ts');
    const starting = startApp({ config, clock: liveClock(), log: createLog({ write: () => undefined }) });
    await expect(starting).rejects.toMatchObject({ name: 'StartError', message: expect.stringContaining('in use') });
  });

  test('health and status answer at once', async () => {
    const app = await run(OPEN);
    expect(await getJson(app, '/healthz')).toMatchObject({ status: 'ok', venue: 'hall', openAlarms: 0 });
    const client = await connect(app);
    const status = new Promise<string>((resolve) =>
      client.once('message', (_, payload) => resolve(payload.toString())),
    );
    await client.subscribeAsync('muster/hall/status');
    expect(JSON.parse(await status)).toEqual({ status: 'online' });
    await client.endAsync();
  });
});
