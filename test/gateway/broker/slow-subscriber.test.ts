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

/** Publishes at `qos` and waits until `watcher`, at QoS 0, has each message before the next few are sent. */
const publishAll = async (from: RawClient, watcher: RawClient, qos: 0 | 1, count: number, bytes: number) => {
  let got = 0;
  const counted = (chunk: Buffer): void => {
    got += chunk.length;
  };
  watcher.socket.on('data', counted);
  const size = publishPacket(TOPIC, body(bytes, 'x')).length;
  for (let sent = 0; sent < count; sent += 20) {
    const id = (index: number): number => (qos === 0 ? 0 : sent + index + 1);
    from.send(
      Buffer.concat(Array.from({ length: 20 }, (_, index) => publishPacket(TOPIC, body(bytes, 'x'), id(index)))),
    );
    await until(() => got >= (sent + 20) * size, `message ${sent + 20} of ${count}`, 10_000);
  }
  watcher.socket.off('data', counted);
};

describe.each([0, 1] as const)('a subscriber at QoS %i that stops reading', (qos) => {
  test('costs the others nothing', async () => {
    const { broker, port, tapped } = await startBroker({
      limits: { drainTimeoutMs: 60_000, publishesPerSecond: 1e9, publishBurst: 1e9 },
    });
    const frozen = await subscriber(port, 'frozen', qos);
    const watcher = await subscriber(port, 'watcher', 0);
    const bridge = await connected(port, { id: 'bridge' });
    frozen.socket.pause();
    const before = process.memoryUsage().rss;
    // First the kernel's buffers, then, at QoS 1, more small messages than mqemitter would have under way at a time.
    await publishAll(bridge, watcher, 0, 2_000, 8_000);
    await publishAll(bridge, watcher, qos, 2_000, 10);
    expect(tapped.length).toBe(4_000);
    expect(broker.counters.droppedToSlowSubscriber).toBeGreaterThan(0);
    expect(broker.counters.frozenSubscribers).toBe(0);
    expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
    bridge.send(publishPacket('muster/v/up/d', 'sos', 9_999));
    await until(() => tapped.at(-1)?.payload.toString() === 'sos', 'an SOS behind all of it');
  });

  test('is disconnected after the drain timeout, with all that waits for it', async () => {
    const { broker, port } = await startBroker({
      limits: { drainTimeoutMs: 300, publishesPerSecond: 1e9, publishBurst: 1e9 },
    });
    const frozen = await subscriber(port, 'frozen', qos);
    const bridge = await connected(port, { id: 'bridge' });
    frozen.socket.pause();
    await until(() => {
      bridge.send(Buffer.concat(Array.from({ length: 100 }, () => publishPacket(TOPIC, body(8_000, 'x'), qos))));
      return broker.counters.frozenSubscribers === 1;
    }, 'it is cut off');
    await until(() => broker.gauges().connections === 1, 'it is gone');
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
