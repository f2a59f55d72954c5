import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttpServer } from '../../../gateway/api/seam/http-server.ts';
import { httpsListener } from '../../../gateway/tls/https-listener.ts';
import { trustPages } from '../../../gateway/tls/trust/answers.ts';
import { trustMaterial } from '../../../gateway/tls/trust/material.ts';
import { mountTrustPages } from '../../../gateway/tls/trust/mount.ts';
import { plainAnswers } from '../../../gateway/tls/trust/plain.ts';
import type { VenueFiles } from '../../../gateway/tls/venue-files.ts';
import { certificate } from '../broker/certificates.ts';
import { handClock, listeningLog } from '../people/fixture.ts';
import { folder, hosts, madeFiles } from './fixture.ts';

const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const start = async (files: VenueFiles, minVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.2', host = '127.0.0.1') => {
  const { log } = listeningLog();
  const clock = handClock();
  const state = { port: 0 };
  const pages = trustPages({
    venue: { zh: '江畔会场', en: 'Riverside & Hall' },
    locale: 'zh-CN',
    material: () => trustMaterial(files, files.serverCert),
    port: () => state.port,
  });
  const pem = { certFile: files.serverCert, keyFile: files.serverKey, minVersion };
  const listener = httpsListener(pem, plainAnswers(pages, log), clock);
  const server = createHttpServer({ log, hosts: new Set(), serverFactory: listener.serverFactory });
  server.addHook('preClose', async () => listener.dropOthers());
  server.get('/hello', async (request) => ({ over: request.protocol, from: request.ip }));
  mountTrustPages(server, pages);
  await server.listen({ host, port: 0 });
  state.port = Number(new URL(server.listeningOrigin).port);
  stops.push(() => server.close());
  return { port: state.port, listener, clock, server };
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

const collected = async (request: http.ClientRequest): Promise<Answer> => {
  const answered = once(request, 'response');
  request.end();
  const [response]: http.IncomingMessage[] = await answered;
  if (response === undefined) throw new Error('no response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) };
};

/** Over TLS, trusting nobody but this authority. */
const secure = (port: number, ca: string, path: string, options: https.RequestOptions = {}): Promise<Answer> =>
  collected(https.request({ host: '127.0.0.1', port, path, ca, agent: false, ...options }));

const plain = (port: number, path: string, options: http.RequestOptions = {}): Promise<Answer> =>
  collected(http.request({ host: '127.0.0.1', port, path, agent: false, ...options }));

const ca = (files: VenueFiles): string => readFileSync(files.caCert, 'utf8');

describe('HTTPS', () => {
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a client that trusts the venue comes in over %s', async (version) => {
    const files = await madeFiles(folder());
    const { port } = await start(files);
    const only = { minVersion: version, maxVersion: version };
    const { status, body, headers } = await secure(port, ca(files), '/hello', only);
    expect([status, JSON.parse(body.toString())]).toEqual([200, { over: 'https', from: '127.0.0.1' }]);
    expect(headers['strict-transport-security']).toBeUndefined();
  });

  test('no other does: not one that trusts another venue, nor by a name that is not the box’s', async () => {
    const files = await madeFiles(folder(), { given: hosts('muster.local') });
    const stranger = await madeFiles(folder());
    const { port } = await start(files);
    await expect(secure(port, ca(stranger), '/hello')).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    });
    await expect(secure(port, ca(files), '/hello', { servername: 'other.local' })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    await expect(collected(https.request({ host: '127.0.0.1', port, path: '/hello', agent: false }))).rejects.toThrow();
    expect((await secure(port, ca(files), '/hello', { servername: 'muster.local' })).status).toBe(200);
  });

  test('nothing older than TLS 1.2, or than what is asked for', async () => {
    const files = await madeFiles(folder());
    const { port } = await start(files);
    const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    await expect(secure(port, ca(files), '/hello', old)).rejects.toThrow(/version|alert/i);
    const strict = await start(files, 'TLSv1.3');
    await expect(secure(strict.port, ca(files), '/hello', { maxVersion: 'TLSv1.2' })).rejects.toThrow(/version|alert/i);
  });

  test('new certificates are taken without a restart; bad ones leave the old', async () => {
    const directory = folder();
    const files = await madeFiles(directory);
    const { port, listener } = await start(files);
    const served = async (): Promise<string | undefined> => {
      const socket = tls.connect({ host: '127.0.0.1', port, ca: ca(files) });
      await once(socket, 'secureConnect');
      const { serialNumber } = socket.getPeerCertificate();
      socket.destroy();
      return serialNumber;
    };
    const first = await served();
    writeFileSync(files.serverCert, 'nothing');
    expect(() => listener.reload()).toThrow();
    expect(await served()).toBe(first);
    const other = certificate(directory, 'other');
    copyFileSync(other.certFile, files.serverCert);
    expect(() => listener.reload()).toThrow(/mismatch/);
    expect(await served()).toBe(first);
    await madeFiles(directory, { force: true });
    listener.reload();
    expect(await served()).not.toBe(first);
  });
});

test('every address that a name stands for takes new certificates', async () => {
  const directory = folder();
  const files = await madeFiles(directory);
  const { port, listener, server } = await start(files, 'TLSv1.2', 'localhost');
  const hosts = server.addresses().map((address) => (typeof address === 'object' ? address.address : address));
  await madeFiles(directory, { force: true, newAuthority: true });
  listener.reload();
  expect(hosts).not.toEqual([]);
  for (const host of hosts) expect((await secure(port, ca(files), '/hello', { host })).status, host).toBe(200);
});

describe('plain HTTP on the port', () => {
  test('leads people to the page that helps, and answers programs nothing', async () => {
    const files = await madeFiles(folder());
    const { port } = await start(files);
    const home = await plain(port, '/');
    expect([home.status, home.headers.location, home.headers.connection]).toEqual([307, '/trust', 'close']);
    for (const [path, method] of [
      ['/hello', 'GET'],
      ['/api/v1/session', 'POST'],
      ['/', 'POST'],
      ['/trust/../hello', 'GET'],
      ['//x', 'GET'],
      ['/trust/ca.key', 'GET'],
    ] as const) {
      const { status, body, headers } = await plain(port, path, { method });
      expect([status, headers['set-cookie']], path).toEqual([426, undefined]);
      expect(body.toString()).toContain('https://');
    }
  });

  test('goes to HTTPS where there is nothing to trust: the certificate is not the venue’s', async () => {
    const files = await madeFiles(folder());
    const own = certificate(folder(), 'own');
    copyFileSync(own.certFile, files.serverCert);
    copyFileSync(own.keyFile, files.serverKey);
    const { port } = await start(files);
    const home = await plain(port, '/', { headers: { host: `box.local:${port}` } });
    expect([home.status, home.headers.location]).toEqual([307, `https://box.local:${port}/`]);
    expect((await plain(port, '/trust')).status).toBe(307);
    expect((await plain(port, '/', { headers: { host: 'evil"><script>' } })).status).toBe(426);
    expect((await secure(port, readFileSync(own.certFile, 'utf8'), '/trust')).status).toBe(404);
  });

  test('that says nothing, or slowly, does not hold the connection or the end', async () => {
    const files = await madeFiles(folder());
    const { port, clock, server } = await start(files);
    const silent = net.connect(port, '127.0.0.1');
    const slow = net.connect(port, '127.0.0.1');
    await Promise.all([once(silent, 'connect'), once(slow, 'connect')]);
    slow.write('GET / HT');
    expect((await plain(port, '/')).status).toBe(307);
    const closed = Promise.all([once(silent, 'close'), once(slow, 'close')]);
    clock.pass(30_000);
    await closed;
    const last = net.connect(port, '127.0.0.1');
    await once(last, 'connect');
    const gone = once(last, 'close');
    expect((await plain(port, '/')).status).toBe(307);
    await server.close();
    await gone;
  });

  test.each(['\x00\x00\x00', '\x16\x03', 'GET\r\n\r\n', '\xff'.repeat(70_000)])('%j does no harm', async (bytes) => {
    const files = await madeFiles(folder());
    const { port } = await start(files);
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.end(Buffer.from(bytes, 'latin1'));
    await once(socket.resume(), 'close');
    expect((await secure(port, ca(files), '/hello')).status).toBe(200);
  });
});

describe('the trust pages', () => {
  test('say in both languages what to do, with the fingerprint that openssl would show', async () => {
    const files = await madeFiles(folder());
    const { port } = await start(files);
    const fingerprint = createHash('sha256')
      .update(new X509Certificate(ca(files)).raw)
      .digest('hex')
      .toUpperCase();
    const read = async (path: string, language?: string): Promise<string> => {
      const { status, headers, body } = await plain(
        port,
        path,
        language === undefined ? {} : { headers: { 'accept-language': language } },
      );
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(body.toString().replaceAll(' ', '')).toContain(fingerprint);
      expect(body.toString()).not.toMatch(/<script|\{\w+\}/);
      return body.toString();
    };
    expect(await read('/trust')).toContain('让手机信任 江畔会场 的 Muster');
    expect(await read('/trust', 'zh,en;q=0.8')).toContain('lang="zh-CN"');
    const english = await read('/trust', 'en-GB,en');
    expect(english).toContain('Let a phone trust Muster of Riverside &amp; Hall');
    expect(english).toContain('Certificate Trust Settings');
    expect(english).toContain(`https://192.168.7.5:${port}/`);
    expect(english).toContain('<svg');
    expect(await read('/trust?lang=en', 'zh-CN')).toBe(english);
  });

  test('give the certificate of the authority to Android, iOS and programs, over TLS as well', async () => {
    const files = await madeFiles(folder());
    const { port } = await start(files);
    const { raw } = new X509Certificate(ca(files));
    const crt = await plain(port, '/trust/ca.crt');
    expect([crt.headers['content-type'], crt.body]).toEqual(['application/x-x509-ca-cert', raw]);
    expect((await secure(port, ca(files), '/trust/ca.crt')).body).toEqual(raw);
    expect((await plain(port, '/trust/ca.pem')).body.toString()).toBe(ca(files));
    const profile = await plain(port, '/trust/muster.mobileconfig');
    expect(profile.headers['content-type']).toBe('application/x-apple-aspen-config');
    const xml = profile.body.toString();
    expect(xml).toContain(raw.toString('base64'));
    expect(xml).toContain('com.apple.security.root');
    expect(xml).toContain('Riverside &amp; Hall');
    expect(
      xml.match(/<key>PayloadUUID<\/key><string>[0-9A-F]{8}-[0-9A-F]{4}-8[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}</g),
    ).toHaveLength(2);
    expect((await plain(port, '/trust/muster.mobileconfig')).body).toEqual(profile.body);
  });

  test('never tell a phone to look for the gateway in itself, or where a stranger says', async () => {
    const files = await madeFiles(folder(), { given: hosts('muster.local') });
    const { port } = await start(files);
    for (const [host, expected] of [
      ['localhost', 'muster.local'],
      ['127.0.0.1', 'muster.local'],
      ['evil.example', 'muster.local'],
      ['192.168.7.5', '192.168.7.5'],
      ['BOX.local', 'box.local'],
    ] as const) {
      const { body } = await plain(port, '/trust', { headers: { host: `${host}:${port}` } });
      expect(body.toString(), host).toContain(`http://${expected}:${port}/trust`);
    }
  });

  test('what the code says is the address of the page', async () => {
    const files = await madeFiles(folder());
    const { port } = await start(files);
    const { toString: qrText } = await import('qrcode');
    const expected = await qrText(`http://192.168.7.5:${port}/trust`, {
      type: 'svg',
      errorCorrectionLevel: 'M',
      margin: 2,
    });
    expect((await plain(port, '/trust')).body.toString()).toContain(expected);
  });
});
