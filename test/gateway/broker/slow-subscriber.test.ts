import { duplexPair } from 'node:stream';
import { describe, expect, onTestFinished, test } from 'vitest';
import { AedesBroker } from '../../../gateway/broker/aedes-broker.ts';
import { systemClock } from '../../../gateway/broker/clock.ts';
import { newCounters } from '../../../gateway/broker/counters.ts';
import { DEFAULT_LIMITS } from '../../../gateway/broker/limits.ts';
import { until } from '../../until.ts';
import type { RawClient } from './fixture.ts';
import {
  CONNACK,
  connected,
  connectPacket,
  overSocket,
  publishPacket,
  startBroker,
  subscribePacket,
} from './fixture.ts';

const TOPIC = 'zigbee2mqtt/lamp';
const body = (bytes: number, mark: string): Buffer => Buffer.concat([Buffer.alloc(bytes, '.'), Buffer.from(mark)]);

const subscriber = async (port: number, id: string, qos: 0 | 1): Promise<RawClient> => {
  const client = await connected(port, { id });
  client.send(subscribePacket(1, ['zigbee2mqtt/#', qos]));
  await client.expect(`900300010${qos}`);
  return client;
};

/** Publishes and waits until `watcher` has each message before the next few are sent. */
const publishAll = async (from: RawClient, watcher: RawClient, count: number, bytes: number): Promise<void> => {
  let got = 0;
  watcher.socket.on('data', (chunk: Buffer) => {
    got += chunk.length;
  });
  const size = publishPacket(TOPIC, body(bytes, 'x')).length;
  for (let sent = 0; sent < count; sent += 20) {
    from.send(Buffer.concat(Array.from({ length: 20 }, () => publishPacket(TOPIC, body(bytes, 'x')))));
    await until(() => got >= (sent + 20) * size, `message ${sent + 20} of ${count}`);
  }
};

describe.each([0, 1] as const)('a subscriber at QoS %i that stops reading', (qos) => {
  test('costs the others nothing, and is disconnected', async () => {
    const { broker, port, tapped } = await startBroker({
      limits: { drainTimeoutMs: 300, publishesPerSecond: 1e9, publishBurst: 1e9 },
    });
    const frozen = await subscriber(port, 'frozen', qos);
    const watcher = await subscriber(port, 'watcher', 0);
    const bridge = await connected(port, { id: 'bridge' });
    frozen.socket.pause();
    const before = process.memoryUsage().rss;
    await publishAll(bridge, watcher, 3_000, 8_000);
    expect(tapped.length).toBe(3_000);
    await until(() => broker.counters.frozenSubscribers === 1, 'the frozen one is cut off');
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    // The publisher was never held up: an SOS behind all of it goes through.
    bridge.send(publishPacket('muster/v/up/d', 'sos', 9));
    await bridge.expect('40020009');
  });

  test('gets what it can take when it reads again; a backlog of thousands crashes nothing', async () => {
    const { broker, port } = await startBroker({ limits: { publishesPerSecond: 1e9, publishBurst: 1e9 } });
    const frozen = await subscriber(port, 'frozen', qos);
    const bridge = await connected(port, { id: 'bridge' });
    frozen.socket.pause();
    for (let round = 0; round < 50; round += 1) {
      bridge.send(Buffer.concat(Array.from({ length: 200 }, () => publishPacket(TOPIC, body(2_000, 'x')))));
      bridge.send('c000');
      await bridge.expect('d000');
    }
    await until(() => broker.counters.droppedToSlowSubscriber > 1_000, 'messages dropped');
    frozen.socket.resume();
    await until(() => frozen.received().length > 0, 'it reads again');
    // Once it has caught up, it gets everything again.
    await until(() => {
      bridge.send(publishPacket(TOPIC, 'live again'));
      return frozen.received().includes('live again');
    }, 'it is live again');
    expect(frozen.closed()).toBe(false);
    expect(broker.counters.frozenSubscribers).toBe(0);
  });
});

test('a client that never reads what it is answered is read no further, and cut off', async () => {
  const counters = newCounters();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const core = new AedesBroker(
    { venueId: 'v', credentials: new Map(), anonymous: 'loopback', log },
    { clock: systemClock, limits: { ...DEFAULT_LIMITS, drainTimeoutMs: 200 }, counters, warn: () => undefined },
  );
  await core.start();
  onTestFinished(() => core.stop());
  // In place of a socket: it takes 16 KiB unread, not the megabytes of a kernel.
  const [ours, theirs] = duplexPair();
  core.accept({ socket: ours, address: '127.0.0.1', local: true });
  const rude = overSocket(theirs);
  rude.send(connectPacket());
  await rude.expect(CONNACK);
  theirs.pause();
  const pings = Buffer.alloc(10_000, Buffer.from('c000', 'hex'));
  for (let count = 0; count < 100; count += 1) rude.send(pings);
  await until(() => counters.frozenSubscribers === 1, 'cut off');
  expect(counters.bytesIn).toBeLessThan(500_000);
  expect(ours.destroyed).toBe(true);
});
