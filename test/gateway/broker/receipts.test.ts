import { describe, expect, test } from 'vitest';
import { until } from '../../until.ts';
import type { Tapped } from './fixture.ts';
import { connected, connectPacket, packet, publishPacket, rawClient, startBroker, subscribePacket } from './fixture.ts';

const keep = (): void => undefined;
const payloads = (tapped: readonly Tapped[]): string[] => tapped.map(({ payload }) => payload.toString());
const puback = (id: number): string => `4002${id.toString(16).padStart(4, '0')}`;

/** The two ways of a publish: straight to the tap, and, where somebody is subscribed, through aedes. */
describe.each([
  { way: 'directly', subscribed: false },
  { way: 'through aedes', subscribed: true },
])('publishes that go $way', ({ subscribed }) => {
  const start = async (onPublish?: (publish: Tapped) => void) => {
    const started = await startBroker({}, onPublish);
    if (subscribed) {
      const watcher = await connected(started.port, { id: 'watcher' });
      watcher.send(subscribePacket(1, ['muster/v/up/#', 0]));
      await watcher.expect('9003000100');
    }
    return started;
  };

  test('are acknowledged only when settled, in the order they came', async () => {
    const { port, tapped } = await start(keep);
    const client = await connected(port);
    for (const id of [1, 2, 3]) client.send(publishPacket('muster/v/up/d', `m${id}`, id));
    await until(() => tapped.length === 3, 'all tapped');
    tapped[1]?.settle?.();
    tapped[2]?.settle?.();
    client.send('c000');
    await client.expect('d000');
    expect(client.received().toString('hex')).toBe('');
    tapped[0]?.settle?.();
    tapped[0]?.settle?.();
    await client.expect(puback(1) + puback(2) + puback(3));
    client.send('c000');
    await client.expect('d000');
  });

  test('that settle at once are acknowledged after those that still wait', async () => {
    const { port, tapped } = await start((publish) => {
      if (publish.payload.toString() !== 'wait') publish.settle?.();
    });
    const client = await connected(port);
    client.send(publishPacket('muster/v/up/d', 'now', 1));
    await client.expect(puback(1));
    client.send(publishPacket('muster/v/up/d', 'wait', 2));
    client.send(publishPacket('muster/v/up/d', 'now', 3));
    await until(() => tapped.length === 3, 'all tapped');
    client.send('c000');
    await client.expect('d000');
    tapped[1]?.settle?.();
    await client.expect(puback(2) + puback(3));
  });

  test('an SOS behind 100 unsettled publishes is tapped within 100 ms', async () => {
    const { port, tapped } = await start(keep);
    const client = await connected(port);
    const before = Array.from({ length: 100 }, (_, index) => publishPacket('muster/v/up/d', 'x', index + 1));
    client.send(Buffer.concat(before));
    await until(() => tapped.length === 100, 'those before it');
    const sentMs = performance.now();
    client.send(publishPacket('muster/v/up/d', 'sos', 101));
    await until(() => tapped.length === 101, 'the SOS', 100);
    expect(performance.now() - sentMs).toBeLessThan(100);
    expect(payloads(tapped).at(-1)).toBe('sos');
  });

  test('are read no further than the limit of unsettled ones, and go on when one settles', async () => {
    const { broker, port, tapped } = await startBroker({ limits: { maxUnsettled: 10 } }, keep);
    const client = await connected(port);
    const all = Array.from({ length: 25 }, (_, index) => publishPacket('muster/v/up/d', `${index}`, index + 1));
    client.send(Buffer.concat(all));
    await until(() => broker.counters.inflightPauses === 1, 'the pause');
    expect(tapped.length).toBe(10);
    tapped[0]?.settle?.();
    await until(() => tapped.length === 11, 'one more');
    await client.expect(puback(1));
    for (let index = 1; index < 25; index += 1) {
      await until(() => tapped.length > index, `publish ${index}`);
      tapped[index]?.settle?.();
    }
    expect(payloads(tapped)).toEqual(Array.from({ length: 25 }, (_, index) => `${index}`));
  });

  test('a settlement after the connection has gone does nothing', async () => {
    const { port, tapped } = await start(keep);
    const client = await connected(port);
    client.send(publishPacket('muster/v/up/d', 'x', 1));
    await until(() => tapped.length === 1, 'tapped');
    client.socket.destroy();
    const other = await connected(port, { id: 'other' });
    tapped[0]?.settle?.();
    other.send('c000');
    await other.expect('d000');
  });
});

describe('QoS 2', () => {
  test('PUBREC waits for the settlement; a repetition before PUBREL is not tapped again', async () => {
    const { port, tapped } = await startBroker({}, keep);
    const client = await connected(port);
    const publish = publishPacket('muster/v/up/d', 'once', 7, 0x34);
    publish[0] = 0x34;
    client.send(publish);
    await until(() => tapped.length === 1, 'tapped');
    client.send('c000');
    await client.expect('d000');
    publish[0] = 0x3c;
    client.send(publish);
    client.send('c000');
    await client.expect('d000');
    expect(tapped.length).toBe(1);
    tapped[0]?.settle?.();
    await client.expect('50020007' + '50020007');
    client.send('62020007');
    await client.expect('70020007');
    client.send(packet(0x34, publish.subarray(2)));
    await until(() => tapped.length === 2, 'a new message under the released id');
  });
});

test('a device that speaks at once after CONNECT and hangs up is heard', async () => {
  const { port, tapped } = await startBroker();
  const hasty = await rawClient(port);
  hasty.socket.end(
    Buffer.concat([connectPacket({ id: 'hasty' }), publishPacket('muster/v/up/d', 'sos'), packet(0xe0)]),
  );
  await until(() => tapped.length === 1, 'its message');
  expect(payloads(tapped)).toEqual(['sos']);
});

test('a will is tapped when the connection is cut, with nobody to answer', async () => {
  const { port, tapped } = await startBroker();
  const client = await connected(port, { will: { topic: 'muster/v/up/d', payload: 'gone', qos: 1 } });
  client.socket.destroy();
  await until(() => tapped.length === 1, 'the will');
  expect(tapped[0]).toMatchObject({ topic: 'muster/v/up/d', qos: 1, settle: undefined });
});

test('a tap that throws costs that message only', async () => {
  const { broker, port, lines } = await startBroker({}, () => {
    throw new Error('broken');
  });
  const client = await connected(port);
  client.send(publishPacket('muster/v/up/d', 'x', 1));
  await client.expect(puback(1));
  expect(broker.counters.tapFailures).toBe(1);
  expect(lines.some(({ level }) => level === 'error')).toBe(true);
});
