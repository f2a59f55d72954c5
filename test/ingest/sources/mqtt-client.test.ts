import { readFileSync } from 'node:fs';
import { connectAsync } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import type { BrokerOptions } from '../../../gateway/broker/options.ts';
import type { Frame } from '../../../ingest/model/frame.ts';
import type { MqttClientOptions, MqttClientSource } from '../../../ingest/sources/mqtt-client.ts';
import { mqttClientSource } from '../../../ingest/sources/mqtt-client.ts';
import { certificate, folder } from '../../gateway/broker/certificates.ts';
import { startBroker } from '../../gateway/broker/fixture.ts';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { mosquitto } from './mosquitto.ts';

const present = requireProgram('mosquitto', 'mosquitto');

interface Received {
  readonly frame: Frame;
  readonly settle: (() => void) | undefined;
}

const open = async (port: number, options: Partial<MqttClientOptions> = {}, settles = true) => {
  const received: Received[] = [];
  const source = mqttClientSource({
    id: 'site',
    url: `mqtt://127.0.0.1:${port}`,
    clientId: 'muster-test',
    topics: ['t/#'],
    reconnect: { firstMs: 20, maxMs: 100 },
    log: { info: () => undefined, warn: () => undefined },
    nowMs: () => 1_700_000_000_000,
    ...options,
  });
  onTestFinished(() => source.stop());
  await source.start((frame, settle) => {
    received.push({ frame, settle });
    if (settles) settle?.();
  });
  return { source, received };
};

const publisher = async (port: number) => {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 50 });
  onTestFinished(() => client.endAsync(true));
  client.on('error', () => undefined);
  return client;
};

/** Its subscription stands: a message comes through. */
const ready = async (port: number, { received }: { received: Received[] }) => {
  const client = await publisher(port);
  await until(() => {
    client.publish('t/ready', '');
    return received.length > 0;
  }, 'the source is subscribed');
  await client.publishAsync('t/last', '', { qos: 1 });
  await until(() => received.some(({ frame }) => frame.address === 't/last'), 'the last of them');
  received.length = 0;
  return client;
};

const texts = (received: readonly Received[]): string[] =>
  received.map(({ frame }) => Buffer.from(frame.payload).toString());

describe.skipIf(!present)('mqtt-client on mosquitto', () => {
  test('sends by its connection, and says when it has none', async () => {
    const broker = await mosquitto();
    const opened = await open(broker.port);
    const node = await ready(broker.port, opened);
    const heard: string[] = [];
    node.on('message', (topic, payload) => heard.push(`${topic} ${payload}`));
    await node.subscribeAsync('spBv1.0/g/NCMD/n');
    expect(opened.source.send?.('spBv1.0/g/NCMD/n', Buffer.from('x'))).toBe(true);
    await until(() => heard.length === 1, 'what the source sent');
    expect(heard).toEqual(['spBv1.0/g/NCMD/n x']);
    await opened.source.stop();
    expect(opened.source.send?.('spBv1.0/g/NCMD/n', Buffer.from('x'))).toBe(false);
  });

  test('brings frames, and flags what the broker had retained', async () => {
    const broker = await mosquitto();
    const early = await publisher(broker.port);
    await early.publishAsync('t/old', 'kept', { retain: true, qos: 1 });
    const opened = await open(broker.port);
    await until(() => opened.received.length > 0, 'the retained message');
    expect(opened.received[0]?.frame).toEqual({
      source: 'site',
      transport: 'mqtt',
      address: 't/old',
      payload: Buffer.from('kept'),
      arrivedMs: 1_700_000_000_000,
      retained: true,
    });
    await early.publishAsync('t/new', 'live', { retain: true, qos: 1 });
    await until(() => opened.received.length > 1, 'the live message');
    expect(opened.received[1]?.frame.retained).toBe(false);
    expect(opened.source.lastFrameMs()).toBe(1_700_000_000_000);
    expect(opened.source.counters).toMatchObject({ frames: 2, bytes: 8, connects: 1, disconnects: 0 });
  });

  test('survives a restart of the broker: what was published at QoS 1 meanwhile arrives, each once', async () => {
    const broker = await mosquitto();
    const opened = await open(broker.port);
    await ready(broker.port, opened);
    await broker.stop();
    await until(() => !opened.source.connected(), 'the source notices');
    await opened.source.stop();
    // Away while the broker is back: the session keeps the messages.
    await broker.start();
    const client = await publisher(broker.port);
    const wanted = Array.from({ length: 60 }, (_, index) => `m${index}`);
    await Promise.all(wanted.map((text) => client.publishAsync('t/a', text, { qos: 1 })));
    await broker.stop();
    const again = await open(broker.port);
    await until(() => again.source.counters.disconnects > 1, 'attempts while the broker is down');
    await broker.start();
    await until(() => again.received.length >= wanted.length, 'all messages', 10_000);
    expect(texts(again.received)).toEqual(wanted);
  });

  test('reconnects by itself, with the subscription of its session', async () => {
    const broker = await mosquitto();
    const opened = await open(broker.port);
    await ready(broker.port, opened);
    await broker.stop();
    await until(() => !opened.source.connected(), 'the source notices');
    await broker.start();
    await until(() => opened.source.connected(), 'the source is back');
    const client = await publisher(broker.port);
    await client.publishAsync('t/back', 'again', { qos: 1 });
    await until(() => opened.received.length > 0, 'the message');
    expect(texts(opened.received)).toEqual(['again']);
    expect(opened.source.counters.connects).toBe(2);
  });

  test('an unsettled message does not delay later ones, and comes again after a reconnect', async () => {
    const broker = await mosquitto();
    const opened = await open(broker.port, {}, false);
    const client = await publisher(broker.port);
    await until(() => opened.source.connected(), 'connected');
    await until(() => {
      client.publish('t/probe', '', { qos: 0 });
      return opened.received.length > 0;
    }, 'subscribed');
    await Promise.all(['a', 'b', 'c'].map((text) => client.publishAsync('t/x', text, { qos: 1 })));
    const mine = (): Received[] => opened.received.filter(({ frame }) => frame.address === 't/x');
    await until(() => mine().length === 3, 'all three, though none is settled');
    mine()[0]?.settle?.();
    mine()[2]?.settle?.();
    mine()[0]?.settle?.();
    // The second holds the acknowledgement of the third back too: acknowledgements keep their order.
    const others = await publisher(broker.port);
    await others.publishAsync('t/y', 'd', { qos: 1 });
    await until(() => opened.received.some(({ frame }) => frame.address === 't/y'), 'the fourth');
    await opened.source.stop();
    const again = await open(broker.port);
    await until(() => texts(again.received).filter((text) => text !== '').length >= 3, 'redelivery');
    expect(texts(again.received).filter((text) => text !== '')).toEqual(['b', 'c', 'd']);
  });

  test('shares topics with another client of its group', async () => {
    const broker = await mosquitto();
    const one = await open(broker.port, { sharedGroup: 'g', clientId: 'one' });
    const two = await open(broker.port, { sharedGroup: 'g', clientId: 'two' });
    const client = await publisher(broker.port);
    await until(() => {
      client.publish('t/probe', '');
      return one.received.length > 0 && two.received.length > 0;
    }, 'both subscribed');
    const probes = one.received.length + two.received.length;
    await Promise.all(Array.from({ length: 20 }, () => client.publishAsync('t/z', 'z', { qos: 1 })));
    const all = (source: { received: Received[] }) => texts(source.received).filter((text) => text === 'z').length;
    await until(() => all(one) + all(two) >= 20, 'each message once');
    expect(probes).toBeGreaterThan(1);
    expect(all(one) + all(two)).toBe(20);
  });

  test('connects anew when the broker falls silent', async () => {
    const broker = await mosquitto();
    const opened = await open(broker.port, { silenceSeconds: 0.1 });
    await until(
      () => opened.source.counters.silences > 0 && opened.source.counters.connects > 1,
      'a second connection',
    );
  });
});

test('a scheme that is none of MQTT’s is refused at once, an unreadable certificate is retried', async () => {
  await expect(open(1, { url: 'http://localhost' })).rejects.toThrow('expected mqtt, mqtts, ws or wss');
  const opened = await open(1, { url: 'mqtts://127.0.0.1:1', tls: { cert: 'nonsense', key: 'nonsense' } });
  await until(() => opened.source.counters.disconnects > 1, 'several attempts');
});

test('keeps trying while there is no broker, ever more slowly', async () => {
  const opened: { source: MqttClientSource } = await open(1, { reconnect: { firstMs: 5, maxMs: 20 } });
  await until(() => opened.source.counters.disconnects > 3, 'several attempts');
  expect(opened.source.counters.connects).toBe(0);
  expect(opened.source.lastFrameMs()).toBeUndefined();
});

describe('on an MQTT 3.1.1 broker', () => {
  const local = { host: '127.0.0.1', port: 0 };
  const login = { secretSha256: hashSecret('s'), publish: [], subscribe: ['t/#'] };
  const broker = (options: Partial<BrokerOptions>) =>
    startBroker({ credentials: new Map([['gw', login]]), ...options });
  const account = { protocolVersion: 4, userName: 'gw', password: 's' } as const;

  test.each(['mqtts', 'wss'])('over %s, with a user name and the certificate verified', async (scheme) => {
    if (!requireProgram('openssl', 'openssl')) return;
    const files = certificate(folder(), 'site');
    const started = await broker({ tls: { ...local, ...files }, websocket: { ...local, tls: files } });
    const kind = scheme === 'wss' ? 'websocket' : 'tls';
    const port = started.broker.addresses().find((address) => address.kind === kind)?.port;
    const url = `${scheme}://localhost:${port}/mqtt`;
    const stranger = await open(0, { ...account, url, clientId: 'stranger' });
    await until(() => stranger.source.counters.disconnects > 1, 'an unknown certificate is refused');
    expect(stranger.source.counters.connects).toBe(0);

    const opened = await open(0, { ...account, url, tls: { ca: readFileSync(files.certFile, 'utf8') } });
    await until(() => {
      started.broker.publish('t/x', 'hello', { retain: false, qos: 1 });
      return opened.received.length > 0;
    }, 'a message');
    expect(texts(opened.received)[0]).toBe('hello');
    expect(opened.source.counters.connects).toBe(1);
  });

  test('topics that the broker refuses are counted', async () => {
    const started = await broker({});
    const url = `mqtt://127.0.0.1:${started.port}`;
    const opened = await open(0, { ...account, url, topics: ['t/#', 'other/#'] });
    await until(() => opened.source.counters.refusedTopics === 1, 'refused');
    expect(opened.source.connected()).toBe(true);
  });
});
