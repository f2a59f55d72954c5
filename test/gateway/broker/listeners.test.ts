import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import tls from 'node:tls';
import { connectAsync } from 'mqtt';
import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocket from 'ws';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import type { Files } from './certificates.ts';
import { certificate, folder } from './certificates.ts';
import { CONNACK, connectPacket, overSocket, publishPacket, startBroker } from './fixture.ts';

const openssl = requireProgram('openssl', 'openssl');

const local = { host: '127.0.0.1', port: 0 };

const secureSocket = async (port: number, options: tls.ConnectionOptions): Promise<tls.TLSSocket> => {
  const socket = tls.connect({ host: '127.0.0.1', port, servername: 'localhost', ...options });
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve);
    socket.once('error', reject);
  });
  return socket;
};

describe.skipIf(!openssl)('TLS', () => {
  const start = async (files: Files, minVersion?: 'TLSv1.3') => {
    const options = minVersion === undefined ? files : { ...files, minVersion };
    const { broker, tapped } = await startBroker({ tls: { ...local, ...options } });
    return { broker, tapped, port: broker.addresses().find(({ kind }) => kind === 'tls')?.port ?? 0 };
  };

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', async (version) => {
    const files = certificate(folder(), 'venue');
    const { port, tapped } = await start(files);
    const ca = readFileSync(files.certFile);
    const socket = await secureSocket(port, { ca, minVersion: version, maxVersion: version });
    expect(socket.getProtocol()).toBe(version);
    const client = overSocket(socket);
    client.send(Buffer.concat([connectPacket(), publishPacket('muster/v/up/d', Buffer.alloc(40_000, 'x'), 1)]));
    await client.expect(`${CONNACK}40020001`);
    expect(tapped[0]?.payload.length).toBe(40_000);
  });

  test('older versions are refused, and 1.2 too where 1.3 is demanded', async () => {
    const files = certificate(folder(), 'venue');
    const { port } = await start(files, 'TLSv1.3');
    const ca = readFileSync(files.certFile);
    await expect(secureSocket(port, { ca, maxVersion: 'TLSv1.2' })).rejects.toThrow();
  });

  test('a new certificate is taken without a restart; a bad one leaves the old one', async () => {
    const directory = folder();
    const served = certificate(directory, 'served');
    const next = certificate(directory, 'next');
    const { broker, port } = await start(served);
    const subject = async (): Promise<unknown> => {
      const socket = await secureSocket(port, { rejectUnauthorized: false });
      return socket.getPeerCertificate().subject.CN;
    };
    const stays = overSocket(await secureSocket(port, { rejectUnauthorized: false }));
    stays.send(connectPacket());
    await stays.expect(CONNACK);
    expect(await subject()).toBe('served');

    copyFileSync(next.certFile, served.certFile);
    expect(broker.reloadCertificates().map(({ message }) => message)).toEqual([expect.stringMatching(/mismatch/i)]);
    expect(await subject()).toBe('served');
    writeFileSync(served.keyFile, 'nonsense');
    expect(broker.reloadCertificates()).toHaveLength(1);
    expect(await subject()).toBe('served');

    copyFileSync(next.keyFile, served.keyFile);
    expect(broker.reloadCertificates()).toEqual([]);
    expect(await subject()).toBe('next');
    stays.send('c000');
    await stays.expect('d000');
  });
});

describe('WebSocket', () => {
  const start = async (tlsFiles?: Files) => {
    const websocket = tlsFiles === undefined ? local : { ...local, tls: tlsFiles };
    const started = await startBroker({ websocket });
    return { ...started, port: started.broker.addresses().find(({ kind }) => kind === 'websocket')?.port ?? 0 };
  };

  test('mqtt.js publishes and subscribes', async () => {
    const { broker, port, tapped } = await start();
    const client = await connectAsync(`ws://127.0.0.1:${port}/mqtt`, { protocolVersion: 4, reconnectPeriod: 0 });
    onTestFinished(() => client.endAsync(true));
    await client.publishAsync('muster/v/up/d', 'over ws', { qos: 1 });
    expect(tapped[0]?.payload.toString()).toBe('over ws');
    const got: string[] = [];
    client.on('message', (topic, payload) => got.push(`${topic} ${payload}`));
    await client.subscribeAsync('muster/v/down/d');
    broker.publish('muster/v/down/d', 'buzz', { retain: false, qos: 0 });
    await until(() => got.length === 1, 'the command');
    expect(got).toEqual(['muster/v/down/d buzz']);
  });

  test.skipIf(!openssl)('over TLS', async () => {
    const files = certificate(folder(), 'venue');
    const { port, tapped } = await start(files);
    const url = `wss://localhost:${port}/mqtt`;
    const client = await connectAsync(url, {
      protocolVersion: 4,
      reconnectPeriod: 0,
      ca: readFileSync(files.certFile),
    });
    onTestFinished(() => client.endAsync(true));
    await client.publishAsync('muster/v/up/d', 'over wss', { qos: 1 });
    expect(tapped.length).toBe(1);
  });

  const refusal = (socket: WebSocket): Promise<string> =>
    new Promise((resolve) => {
      socket.once('error', (error) => resolve(error.message));
      socket.once('open', () => resolve('open'));
    });

  test('only on /mqtt and with the sub-protocol mqtt', async () => {
    const { port } = await start();
    expect(await refusal(new WebSocket(`ws://127.0.0.1:${port}/mqtt`))).toContain('401');
    expect(await refusal(new WebSocket(`ws://127.0.0.1:${port}/other`, 'mqtt'))).toContain('400');
    const page = await fetch(`http://127.0.0.1:${port}/mqtt`);
    expect(page.status).toBe(426);
  });

  test('a web page from elsewhere is not local, though its browser is', async () => {
    const { broker, port } = await start();
    for (const [origin, answer] of [
      ['https://evil.example', '20020005'],
      ['http://localhost:8080', CONNACK],
    ] as const) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, 'mqtt', { origin });
      onTestFinished(() => socket.terminate());
      const answers: string[] = [];
      socket.on('message', (bytes: Buffer) => answers.push(bytes.toString('hex')));
      await new Promise((resolve) => socket.once('open', resolve));
      socket.send(connectPacket({ id: origin }));
      await until(() => answers.length > 0, 'the answer');
      expect(answers.join('')).toBe(answer);
    }
    expect(broker.counters.refusedCredentials).toBe(1);
  });

  test('a message beyond the packet limit closes the socket', async () => {
    const { port } = await start();
    const socket = new WebSocket(`ws://127.0.0.1:${port}/mqtt`, 'mqtt');
    socket.on('error', () => undefined);
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(Buffer.alloc(1_000_000));
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect(code).toBe(1009);
  });
});

test('a port that is taken is a clear failure, and nothing stays open', async () => {
  const { port } = await startBroker();
  await expect(startBroker({ tcp: { host: '127.0.0.1', port } })).rejects.toThrow(/EADDRINUSE/);
});
