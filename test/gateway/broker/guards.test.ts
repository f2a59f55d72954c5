import { describe, expect, test } from 'vitest';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { until } from '../../until.ts';
import { connected, connectPacket, packet, publishPacket, rawClient, startBroker } from './fixture.ts';

const size = (bytes: number): Buffer => {
  const length = [];
  for (let left = bytes; ; left >>= 7) {
    length.push(left > 127 ? (left & 127) | 128 : left);
    if (left < 128) return Buffer.from(length);
  }
};

describe('sizes', () => {
  test('a packet of 100 MB is refused by what it announces, and never kept', async () => {
    const { broker, port } = await startBroker();
    const client = await connected(port);
    const before = process.memoryUsage().rss;
    client.send(Buffer.concat([Buffer.from([0x30]), size(100_000_000), Buffer.alloc(100)]));
    const chunk = Buffer.alloc(1_000_000);
    for (let count = 0; count < 100 && !client.closed(); count += 1) {
      client.send(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(client.closed, 'closed');
    expect(broker.counters.bytesIn).toBeLessThan(1_000_000);
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
    expect(broker.counters.violations).toBe(1);
  });

  test('the largest packet allowed passes, one byte more does not', async () => {
    const { port, tapped } = await startBroker({ limits: { maxPacketBytes: 1_000 } });
    const client = await connected(port);
    const overhead = publishPacket('t', Buffer.alloc(900)).length - 900;
    client.send(publishPacket('t', Buffer.alloc(1_000 - overhead)));
    await until(() => tapped.length === 1, 'passes');
    client.send(publishPacket('t', Buffer.alloc(1_001 - overhead)));
    await until(client.closed, 'closed');
    expect(tapped.length).toBe(1);
  });

  test('CONNECT may have 4 KiB: before it, nobody is known', async () => {
    const { port } = await startBroker();
    const client = await rawClient(port);
    client.send(connectPacket({ id: 'x'.repeat(5_000) }));
    await until(client.closed, 'closed');
    expect(client.received().length).toBe(0);
  });

  test('a packet that trickles in byte by byte arrives whole, as do packets cut anywhere', async () => {
    const { port, tapped } = await startBroker();
    const client = await rawClient(port);
    const bytes = Buffer.concat([
      connectPacket(),
      publishPacket('muster/v/up/d', 'first', 1),
      publishPacket('muster/v/up/d', Buffer.alloc(300, 'x')),
      publishPacket('muster/v/up/d', 'last', 2),
    ]);
    for (let at = 0; at < bytes.length; at += 1) {
      client.send(bytes.subarray(at, at + 1));
      if (at % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await client.expect('20020000' + '40020001' + '40020002');
    expect(tapped.map(({ payload }) => payload.length)).toEqual([5, 300, 4]);
  });
});

describe('answers before closing', () => {
  test('another protocol level gets CONNACK 1', async () => {
    const { port } = await startBroker();
    const client = await rawClient(port);
    const connect = connectPacket();
    connect[8] = 5;
    client.send(connect);
    await client.expect('20020001');
    await until(client.closed, 'closed');
  });

  test('an empty client id without a clean session gets CONNACK 2', async () => {
    const { port } = await startBroker();
    const client = await rawClient(port);
    client.send(connectPacket({ id: '', clean: false }));
    await client.expect('20020002');
    await until(client.closed, 'closed');
  });

  test('what came before a violation in the same bytes is still heard', async () => {
    const { port, tapped } = await startBroker();
    const client = await connected(port);
    client.send(Buffer.concat([publishPacket('muster/v/up/d', 'sos'), Buffer.from('f000', 'hex')]));
    await until(client.closed, 'closed');
    expect(tapped.map(({ payload }) => payload.toString())).toEqual(['sos']);
  });
});

describe('violations close the connection', () => {
  const text = (value: string): Buffer =>
    Buffer.concat([Buffer.from([0, Buffer.byteLength(value)]), Buffer.from(value)]);
  const id = Buffer.from([0, 1]);
  const cases: [string, Buffer][] = [
    ['packet id 0 in PUBLISH', packet(0x32, text('t'), Buffer.from([0, 0]))],
    ['packet id 0 in SUBSCRIBE', packet(0x82, Buffer.from([0, 0]), text('t'), Buffer.from([0]))],
    ['empty SUBSCRIBE', packet(0x82, id)],
    ['empty UNSUBSCRIBE', packet(0xa2, id)],
    ['empty filter', packet(0x82, id, text(''), Buffer.from([0]))],
    ['# in the middle', packet(0x82, id, text('a/#/b'), Buffer.from([0]))],
    ['# beside text', packet(0x82, id, text('a#'), Buffer.from([0]))],
    ['+ beside text at the start', packet(0x82, id, text('+a'), Buffer.from([0]))],
    ['+ beside text at the end', packet(0x82, id, text('a/b+'), Buffer.from([0]))],
    ['QoS 3', packet(0x36, text('t'), id)],
    ['DUP on QoS 0', packet(0x38, text('t'))],
    ['empty topic', packet(0x30, text(''))],
    ['U+0000 in a topic', packet(0x30, text('a\u0000b'))],
    ['U+007F in a topic', packet(0x30, text('a\u007fb'))],
    ['U+FFFF in a topic', packet(0x30, text('a\uffffb'))],
    ['an overlong encoding', packet(0x30, Buffer.from([0, 2, 0xc0, 0xaf]))],
    ['# in a PUBLISH topic', packet(0x30, text('a/#'))],
    ['a topic longer than the packet', packet(0x30, Buffer.from([0xff, 0xff, 0x61]))],
    ['PUBREL with the flags of PUBACK', packet(0x60, id)],
    ['DISCONNECT with a body', packet(0xe0, id)],
  ];
  test.each(cases)('%s', async (_, bytes) => {
    const { broker, port } = await startBroker();
    const client = await connected(port);
    client.send(bytes);
    await until(client.closed, 'closed');
    expect(broker.counters.violations).toBe(1);
    expect(client.received().toString('hex')).toBe('');
  });
});

describe('rates', () => {
  test('QoS 0 beyond the rate is dropped and counted; QoS 1 is slowed down and loses nothing', async () => {
    const { broker, port, tapped, lines } = await startBroker({
      limits: { publishesPerSecond: 200, publishBurst: 20 },
    });
    const client = await connected(port);
    client.send(Buffer.concat(Array.from({ length: 100 }, () => publishPacket('muster/v/up/d', 'x'))));
    await until(() => tapped.length + broker.counters.rateLimitedQos0 === 100, 'all seen');
    expect(tapped.length).toBeGreaterThanOrEqual(20);
    expect(broker.counters.rateLimitedQos0).toBeGreaterThan(50);
    const kept = tapped.length;
    client.send(
      Buffer.concat(Array.from({ length: 60 }, (_, index) => publishPacket('muster/v/up/d', 'y', index + 1))),
    );
    await until(() => tapped.length === kept + 60, 'every QoS 1 publish');
    expect(broker.counters.ratePauses).toBeGreaterThan(0);
    expect(lines.filter(({ message }) => message.includes('faster than allowed')).length).toBe(2);
  });

  test('a credential may have a rate of its own, shared by its connections', async () => {
    const credential = {
      secretSha256: hashSecret('s'),
      publish: ['#'],
      subscribe: [],
      rate: { publishesPerSecond: 0.001, publishBurst: 3 },
    };
    const { broker, port, tapped } = await startBroker({ credentials: new Map([['c', credential]]) });
    for (const name of ['a', 'b']) {
      const client = await connected(port, { id: name, user: 'c', password: 's' });
      client.send(Buffer.concat([publishPacket('t', '1'), publishPacket('t', '2')]));
    }
    await until(() => tapped.length + broker.counters.rateLimitedQos0 === 4, 'all seen');
    expect(tapped.length).toBe(3);
  });
});

test('connections beyond the limit are refused and counted', async () => {
  const { broker, port } = await startBroker({ limits: { maxConnections: 2 } });
  const first = await connected(port, { id: 'a' });
  await connected(port, { id: 'b' });
  const third = await rawClient(port);
  await until(third.closed, 'refused');
  expect(broker.counters.refusedConnections).toBe(1);
  first.socket.destroy();
  await until(() => broker.gauges().connections === 1, 'room again');
  await connected(port, { id: 'c' });
});

test('who does not say CONNECT in time is cut off', async () => {
  const { port } = await startBroker({ limits: { connectTimeoutMs: 50 } });
  const client = await rawClient(port);
  await until(client.closed, 'cut off');
});

test('retained topics are bounded', async () => {
  const { broker, port } = await startBroker({ limits: { maxRetainedTopics: 2 } });
  const client = await connected(port);
  for (const topic of ['a', 'b', 'c']) client.send(publishPacket(topic, 'x', 0, 0x31));
  client.send(publishPacket('a', '', 0, 0x31));
  client.send(publishPacket('d', 'x', 0, 0x31));
  client.send('c000');
  await client.expect('d000');
  expect(broker.counters.retainRefused).toBe(1);
});
