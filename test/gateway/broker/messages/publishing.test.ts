import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createBroker } from '../../../../gateway/broker/broker.ts';
import { until } from '../../../until.ts';
import { silentLog } from '../../store/fixture.ts';
import type { RawClient } from '../fixture.ts';
import {
  CONNACK,
  connected,
  connectPacket,
  packet,
  publishPacket,
  rawClient,
  startBroker,
  subscribePacket,
} from '../fixture.ts';

const ALARM = 'muster/v/alarm/a1';
const subscribed = async (port: number, filter: string, qos: 0 | 1, id = 'watcher'): Promise<RawClient> => {
  const client = await connected(port, { id });
  client.send(subscribePacket(1, [filter, qos]));
  await client.expect(`900300010${qos}`);
  return client;
};

describe('what the gateway publishes', () => {
  test('is retained until an empty payload clears it', async () => {
    const { broker, port } = await startBroker();
    broker.publish(ALARM, '{"id":"a1"}', { retain: true, qos: 1 });
    await until(() => broker.gauges().outbox === 0, 'published');
    const first = await subscribed(port, 'muster/v/alarm/#', 0, 'first');
    await first.expect(publishPacket(ALARM, '{"id":"a1"}', 0, 0x31).toString('hex'));
    broker.publish(ALARM, '', { retain: true, qos: 1 });
    await first.expect(publishPacket(ALARM, '').toString('hex'));
    const second = await subscribed(port, 'muster/v/alarm/#', 0, 'second');
    second.send('c000');
    await second.expect('d000');
  });

  test('waits for the broker, where other parts of the gateway take long to start', async () => {
    const broker = createBroker({
      venueId: 'v',
      tcp: { host: '127.0.0.1', port: 0 },
      credentials: new Map(),
      anonymous: 'loopback',
      log: silentLog,
    });
    onTestFinished(() => broker.stop());
    broker.publish(ALARM, 'open', { retain: true, qos: 1 });
    await wait(20);
    expect(broker.gauges().outbox).toBe(1);
    await broker.start();
    const client = await subscribed(broker.addresses()[0]?.port ?? 0, 'muster/v/alarm/#', 0);
    await client.expect(publishPacket(ALARM, 'open', 0, 0x31).toString('hex'));
  });

  test('may be published from within the tap, for every message of a burst, in order', async () => {
    const started = await startBroker({ limits: { publishesPerSecond: 1e9, publishBurst: 1e9 } }, (publish) => {
      started.broker.publish('muster/v/down/d', publish.payload, { retain: false, qos: 0 });
      publish.settle?.();
    });
    const watcher = await subscribed(started.port, 'muster/v/down/d', 0);
    const device = await connected(started.port, { id: 'device' });
    const count = 5_000;
    const text = (index: number): string => String(index).padStart(5, '0');
    const all = Array.from({ length: count }, (_, index) => publishPacket('muster/v/up/d', text(index)));
    device.send(Buffer.concat(all));
    const size = publishPacket('muster/v/down/d', '00000').length;
    await until(() => watcher.received().length >= count * size, 'all of them');
    const got = watcher.received();
    expect(got.subarray(-5).toString()).toBe(text(count - 1));
    for (let index = 0; index < count; index += 1) {
      expect(got.toString('latin1', (index + 1) * size - 5, (index + 1) * size)).toBe(text(index));
    }
  });

  test('is dropped, the oldest first, when the queue is full; what is retained has a queue of its own', async () => {
    const { broker, port } = await startBroker({ limits: { maxOutboxMessages: 3 } });
    const watcher = await subscribed(port, 'out/#', 0);
    for (const text of ['1', '2', '3', '4', '5']) broker.publish('out/x', text, { retain: false, qos: 0 });
    broker.publish('out/y', 'alarm', { retain: true, qos: 0 });
    const hex = (bytes: Buffer): string => bytes.toString('hex');
    const kept = Buffer.concat(['3', '4', '5'].map((text) => publishPacket('out/x', text)));
    const alarm = publishPacket('out/y', 'alarm');
    await until(() => watcher.received().length >= kept.length + alarm.length, 'what is left');
    expect([hex(kept) + hex(alarm), hex(alarm) + hex(kept)]).toContain(hex(watcher.received()));
    expect(broker.counters.outboxDropped).toBe(2);
  });
});

describe('sessions that persist', () => {
  const login = { id: 'phone', clean: false };
  const away = async (port: number): Promise<void> => {
    const client = await connected(port, login);
    client.send(subscribePacket(1, ['muster/v/alarm/#', 1]));
    await client.expect('9003000101');
    client.send(packet(0xe0));
    await until(client.closed, 'away');
  };
  const back = async (port: number): Promise<RawClient> => {
    const client = await rawClient(port);
    client.send(connectPacket(login));
    await client.expect('20020100');
    return client;
  };

  test('get what was published at QoS 1 while they were away', async () => {
    const { broker, port } = await startBroker();
    await away(port);
    broker.publish(ALARM, 'one', { retain: false, qos: 1 });
    const device = await connected(port, { id: 'other' });
    device.send(publishPacket('muster/v/alarm/a1/ack', 'two', 1));
    await device.expect('40020001');
    const client = await back(port);
    await until(() => client.received().includes('one') && client.received().includes('two'), 'both');
  });

  test('have queues that are bounded, each and all together', async () => {
    const { broker, port } = await startBroker({ limits: { maxOfflineMessagesPerSession: 3 } });
    await away(port);
    for (let index = 0; index < 10; index += 1) broker.publish(ALARM, `m${index}`, { retain: false, qos: 1 });
    await until(() => broker.counters.offlineDropped === 7, 'the others are dropped');
    const client = await back(port);
    await until(() => client.received().includes('m2'), 'the first three');
    expect(client.received().includes('m3')).toBe(false);
  });

  test('are bounded in number: one too many ends with its connection', async () => {
    const { port } = await startBroker({ limits: { maxOfflineSessions: 0 } });
    const client = await connected(port, login);
    client.send(subscribePacket(1, ['muster/v/alarm/#', 1]));
    await client.expect('9003000101');
    client.socket.destroy();
    const again = await rawClient(port);
    again.send(connectPacket(login));
    await again.expect(CONNACK);
  });
});

describe('telemetry', () => {
  test('reaches a subscriber from the moment it subscribes, and nobody once it has left', async () => {
    const { port, tapped } = await startBroker();
    const device = await connected(port, { id: 'device' });
    device.send(publishPacket('muster/v/up/d', 'before'));
    await until(() => tapped.length === 1, 'tapped');
    const watcher = await subscribed(port, 'muster/+/up/#', 0);
    device.send(publishPacket('muster/v/up/d', 'during'));
    await watcher.expect(publishPacket('muster/v/up/d', 'during').toString('hex'));
    watcher.send(packet(0xa2, Buffer.from([0, 2, 0, 13]), Buffer.from('muster/+/up/#')));
    await watcher.expect('b0020002');
    device.send(publishPacket('muster/v/up/d', 'after', 1));
    await device.expect('40020001');
    watcher.send('c000');
    await watcher.expect('d000');
    expect(tapped.map(({ payload }) => payload.toString())).toEqual(['before', 'during', 'after']);
  });

  test('reaches a subscriber whole: a message of QoS 1 or retained is not lost before one of QoS 0', async () => {
    const { port } = await startBroker();
    const watcher = await subscribed(port, '#', 0);
    const device = await connected(port, { id: 'device' });
    const all = Array.from({ length: 50 }, (_, index) => [
      publishPacket('x/a', `<${index}a>`, index + 1),
      publishPacket('x/b', `<${index}b>`, 0, 0x31),
      publishPacket('x/c', `<${index}c>`),
    ]);
    device.send(Buffer.concat(all.flat()));
    const missing = (): string[] =>
      Array.from({ length: 150 }, (_, index) => `<${Math.floor(index / 3)}${'abc'[index % 3]}>`).filter(
        (text) => !watcher.received().includes(text),
      );
    await until(() => watcher.received().includes('<49c>') && missing().length === 0, 'all').catch(() => undefined);
    expect(missing()).toEqual([]);
  });

  test('comes once to a client with overlapping subscriptions', async () => {
    const { port } = await startBroker();
    const watcher = await connected(port, { id: 'watcher' });
    watcher.send(subscribePacket(1, ['x/#', 0], ['x/+', 0], ['x/a', 0]));
    await watcher.expect('90050001000000');
    const device = await connected(port, { id: 'device' });
    device.send(Buffer.concat([publishPacket('x/a', '1'), publishPacket('x/a', '2')]));
    await watcher.expect(publishPacket('x/a', '1').toString('hex') + publishPacket('x/a', '2').toString('hex'));
  });

  test('keeps its order where only some of it has subscribers', async () => {
    const { port, tapped } = await startBroker();
    await subscribed(port, 'muster/v/up/seen', 0);
    const device = await connected(port, { id: 'device' });
    const all = Array.from({ length: 300 }, (_, index) =>
      publishPacket(index % 3 === 0 ? 'muster/v/up/seen' : 'muster/v/up/d', String(index), index % 2 === 0 ? 0 : index),
    );
    for (let at = 0; at < all.length; at += 7) {
      device.send(Buffer.concat(all.slice(at, at + 7)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => tapped.length === 300, 'all');
    expect(tapped.map(({ payload }) => Number(payload.toString()))).toEqual(all.map((_, index) => index));
  });

  test('that only the gateway wants is a sign of life too: the keep-alive does not strike', async () => {
    const { port, tapped } = await startBroker();
    const busy = await connected(port, { id: 'busy', keepAliveSeconds: 1 });
    const idle = await connected(port, { id: 'idle', keepAliveSeconds: 1 });
    await until(
      () => {
        busy.send(publishPacket('muster/v/up/d', 'x'));
        return idle.closed();
      },
      'the idle one is cut off',
      4_000,
    );
    const before = tapped.length;
    busy.send(publishPacket('muster/v/up/d', 'x'));
    await until(() => tapped.length > before, 'the busy one lives');
    expect(busy.closed()).toBe(false);
  });
});
