import { describe, expect, test } from 'vitest';
import { deviceAccess } from '../../../../gateway/broker/clients/access.ts';
import type { Credential } from '../../../../gateway/broker/clients/credentials.ts';
import { hashSecret, newSecret } from '../../../../gateway/broker/clients/credentials.ts';
import type { Clock } from '../../../../gateway/broker/clock.ts';
import { systemClock } from '../../../../gateway/broker/clock.ts';
import type { AckMessage } from '../../../../gateway/broker/messages/publishes.ts';
import { until } from '../../../until.ts';
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

const SECRET = newSecret();
const device = (id: string): [string, Credential] => [
  id,
  { secretSha256: hashSecret(SECRET), ...deviceAccess('v', id) },
];
const guard: [string, Credential] = [
  'phone',
  { secretSha256: hashSecret(SECRET), role: 'guard', publish: [], subscribe: [] },
];
const bridge: [string, Credential] = [
  'bridge',
  { secretSha256: hashSecret(SECRET), publish: ['zigbee2mqtt/#'], subscribe: ['zigbee2mqtt/#'] },
];
const start = () =>
  startBroker({ anonymous: 'refuse', credentials: new Map([device('d1'), device('d2'), guard, bridge]) });
const login = (user: string) => ({ id: user, user, password: SECRET });

test('secrets: 128 bits, hashed with SHA-256', () => {
  expect(Buffer.from(newSecret(), 'base64url').length).toBe(16);
  expect(newSecret()).not.toBe(newSecret());
  expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

describe('logging in', () => {
  test('the right secret gets in; publishes carry the name of the credential', async () => {
    const { port, tapped } = await start();
    const client = await connected(port, login('d1'));
    client.send(publishPacket('muster/v/up/d1', 'x', 1));
    await client.expect('40020001');
    expect(tapped[0]).toMatchObject({ client: 'd1', role: undefined, topic: 'muster/v/up/d1', qos: 1, retain: false });
  });

  test.each([
    ['a wrong secret', { user: 'd1', password: 'wrong' }, '20020004'],
    ['an unknown name', { user: 'nobody', password: SECRET }, '20020004'],
    ['a name that is inherited by every object', { user: '__proto__', password: SECRET }, '20020004'],
    ['no password', { user: 'd1' }, '20020004'],
    ['no user name', {}, '20020005'],
  ])('%s is refused, counted and logged without the secret', async (_, options, answer) => {
    const { broker, port, lines } = await start();
    const client = await rawClient(port);
    client.send(connectPacket(options));
    await client.expect(answer);
    await until(client.closed, 'closed');
    expect(broker.counters.refusedCredentials).toBe(1);
    const logged = JSON.stringify(lines);
    expect(logged).toContain('login refused');
    expect(logged).not.toContain(SECRET);
    expect(logged).not.toContain('wrong"');
  });

  test('wrong secrets are answered ever later, right ones at once', async () => {
    const delaysMs: number[] = [];
    const clock: Clock = {
      ...systemClock,
      after: (ms, task) => {
        delaysMs.push(ms);
        return systemClock.after(ms, task);
      },
    };
    const { port } = await startBroker({ anonymous: 'refuse', credentials: new Map([device('d1')]), clock });
    const delaysOf = async (password: string): Promise<number[]> => {
      const client = await rawClient(port);
      delaysMs.length = 0;
      client.send(connectPacket({ user: 'd1', password }));
      await client.expect(password === SECRET ? CONNACK : '20020004');
      return delaysMs.filter((ms) => ms % 200 === 0 && ms < 500);
    };
    for (let count = 0; count < 5; count += 1) expect(await delaysOf('wrong')).toEqual([]);
    expect(await delaysOf('wrong')).toEqual([200]);
    expect(await delaysOf('wrong')).toEqual([400]);
    expect(await delaysOf(SECRET)).toEqual([]);
  });

  test('a client id is no way to throw another credential out', async () => {
    const { port } = await start();
    const victim = await connected(port, { ...login('d1'), id: 'same' });
    await connected(port, { ...login('d2'), id: 'same' });
    victim.send('c000');
    await victim.expect('d000');
    await connected(port, { ...login('d1'), id: 'same' });
    await until(victim.closed, 'the same credential takes over [MQTT-3.1.4-2]');
  });

  test('credentials that change or go are cut off; others stay', async () => {
    const { broker, port } = await start();
    const gone = await connected(port, login('d1'));
    const stays = await connected(port, login('d2'));
    broker.setCredentials(new Map([device('d2')]));
    await until(gone.closed, 'cut off');
    stays.send('c000');
    await stays.expect('d000');
  });
});

describe('the access list', () => {
  test.each([0, 1])('a forbidden publish at QoS %i closes that connection only', async (qos) => {
    const { broker, port, tapped, lines } = await start();
    const bad = await connected(port, login('d1'));
    const good = await connected(port, login('d2'));
    bad.send(publishPacket('muster/v/up/d2', 'x', qos));
    await until(bad.closed, 'closed');
    expect(bad.received().toString('hex')).toBe('');
    good.send(publishPacket('muster/v/up/d2', 'y', 1));
    await good.expect('40020001');
    expect(tapped.map(({ payload }) => payload.toString())).toEqual(['y']);
    expect(broker.counters.forbidden).toBe(1);
    expect(lines.some(({ message }) => message.includes('publish refused'))).toBe(true);
  });

  test('a forbidden will is dropped', async () => {
    const { broker, port, tapped } = await start();
    const will = { topic: 'muster/v/up/d2', payload: 'x', qos: 0 as const };
    const client = await connected(port, { ...login('d1'), will });
    client.socket.destroy();
    await until(() => broker.counters.forbidden === 1, 'refused');
    expect(tapped).toEqual([]);
  });

  test('a subscription that is not covered gets 0x80, the others stand', async () => {
    const { broker, port } = await start();
    const client = await connected(port, login('bridge'));
    client.send(subscribePacket(1, ['#', 0], ['zigbee2mqtt/+/set', 1], ['muster/v/alarm/#', 0]));
    await client.expect('90050001800180');
    expect(broker.counters.forbiddenSubscriptions).toBe(2);
  });

  test('a refused filter leaks nothing into a session that persists', async () => {
    const { broker, port } = await start();
    const mine = { ...login('bridge'), clean: false };
    const client = await connected(port, mine);
    client.send(subscribePacket(1, ['zigbee2mqtt/#', 1], ['muster/v/alarm/#', 1]));
    await client.expect('900400010180');
    client.send(packet(0xe0));
    await until(client.closed, 'gone');
    broker.publish('muster/v/alarm/a', 'secret', { retain: false, qos: 1 });
    broker.publish('zigbee2mqtt/lamp', 'mine', { retain: false, qos: 1 });
    await until(() => broker.gauges().outbox === 0, 'published');
    const again = await rawClient(port);
    again.send(connectPacket(mine));
    await again.expect('20020100');
    await until(() => again.received().includes('mine'), 'what was owed');
    again.send('c000');
    await until(() => again.received().includes(Buffer.from('d000', 'hex')), 'answered');
    expect(again.received().includes('secret')).toBe(false);
  });

  test('a guard acknowledges an alarm; who it was is the credential', async () => {
    const { broker, port, tapped } = await start();
    const acks: AckMessage[] = [];
    broker.onAck((ack, settle) => {
      acks.push({ ...ack, payload: Buffer.from(ack.payload) });
      settle?.();
    });
    const client = await connected(port, login('phone'));
    client.send(publishPacket('muster/v/alarm/sos.badge-07.lx1/ack', '{"comment":"on my way"}', 1));
    await client.expect('40020001');
    expect(acks).toEqual([
      { alarmId: 'sos.badge-07.lx1', payload: Buffer.from('{"comment":"on my way"}'), client: 'phone', role: 'guard' },
    ]);
    expect(tapped).toEqual([]);
  });

  test('commands are no telemetry', async () => {
    const { port, tapped } = await startBroker();
    const client = await connected(port);
    for (const topic of ['muster/v/down/d1', '$share/x', 'muster/v/alarm/a/b/ack']) {
      client.send(publishPacket(topic, 'x'));
    }
    client.send('c000');
    await until(() => client.closed() || client.received().length > 0, 'an answer');
    expect(tapped).toEqual([]);
  });
});
