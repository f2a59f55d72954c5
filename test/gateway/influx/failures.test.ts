import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { TroubleCode } from '../../../gateway/influx/troubles.ts';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { certificate, folder } from '../broker/certificates.ts';
import { logOf } from './log.ts';
import { HANGS, inTurn, NO_CONTENT, type Script, says, scriptedServer } from './scripted-server.ts';
import { secretFile, sinkAt, startWriter } from './writers.ts';

const NO_CERTIFICATE = '-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----';

describe('what passes by itself is tried again until it passes', () => {
  test.each<[string, Script, TroubleCode]>([
    ['500', says(500, { error: 'engine is closed' }), 'server-error'],
    ['502 of a proxy, in HTML', (_, response) => void response.writeHead(502).end('<html>'), 'server-error'],
    ['503', says(503, { error: 'timeout' }), 'busy'],
    ['429', says(429, { message: 'too many' }), 'busy'],
    ['a connection that is cut', (_, response) => void response.destroy(), 'cut-off'],
    [
      'an answer that is cut',
      (_, response) => {
        response.writeHead(500, { 'content-length': '100' }).write('half');
        setImmediate(() => response.destroy());
      },
      'cut-off',
    ],
  ])('%s', async (_, script, code) => {
    const server = await scriptedServer(inTurn(script, script, NO_CONTENT));
    const log = logOf(3);
    const writer = startWriter(sinkAt(server.url), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({
      state: 'writing',
      writtenLines: 3,
      rejectedLines: 0,
      requests: 3,
      retriedRequests: 2,
      lastTrouble: { code },
    });
    expect(server.received.map(({ lines }) => lines.length)).toEqual([3, 3, 3]);
    expect(server.concurrent).toBe(1);
  });

  test('Retry-After is kept to', async () => {
    const server = await scriptedServer(inTurn(says(429, { message: 'later' }, { 'retry-after': '1' }), NO_CONTENT));
    const log = logOf(1);
    const startedMs = performance.now();
    await startWriter(sinkAt(server.url), log).allWritten();
    expect(performance.now() - startedMs).toBeGreaterThan(950);
  });

  test('a server that does not answer: the request is ended, and smaller ones are tried', async () => {
    // Takes 100 lines, and is stuck with more.
    const server = await scriptedServer((request, response, number) => {
      const script = request.lines.length <= 100 ? NO_CONTENT : HANGS;
      script(request, response, number);
    });
    const log = logOf(400);
    const writer = startWriter(sinkAt(server.url, { timeoutSeconds: 1 }), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 400, retriedRequests: 2, lastTrouble: { code: 'timeout' } });
    expect(server.concurrent).toBe(1);
  });

  test('a server that answers a letter a second is no better', async () => {
    const server = await scriptedServer(
      inTurn((_, response) => {
        response.writeHead(500);
        const drip = setInterval(() => response.write(' '), 100);
        response.once('close', () => clearInterval(drip));
      }, NO_CONTENT),
    );
    const writer = startWriter(sinkAt(server.url, { timeoutSeconds: 1 }), logOf(1));
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ retriedRequests: 1, lastTrouble: { code: 'timeout' } });
  });
});

describe('what somebody has to put right is said, and nothing is given up', () => {
  test.each<[string, Script, TroubleCode]>([
    ['a page of a portal', (_, response) => void response.writeHead(200).end('<html>Log in'), 'not-influxdb'],
    ['elsewhere', (_, response) => void response.writeHead(302, { location: '/login' }).end(), 'not-influxdb'],
    ['400 of a proxy', (_, response) => void response.writeHead(400).end('plain HTTP to HTTPS port'), 'not-influxdb'],
    ['no such path', (_, response) => void response.writeHead(404).end('404 page not found'), 'not-found'],
    ['401', says(401, { code: 'unauthorized', message: 'unauthorized access' }), 'unauthorized'],
    ['403', says(403, { message: 'insufficient permissions' }), 'forbidden'],
    ['no such bucket', says(404, { code: 'not found', message: 'bucket "venue" not found' }), 'not-found'],
    ['no organization', says(400, { code: 'invalid', message: 'org is required' }), 'not-found'],
  ])('%s', async (_, script, code) => {
    const server = await scriptedServer(inTurn(script, script, NO_CONTENT));
    const writer = startWriter(sinkAt(server.url), logOf(3));
    await until(() => writer.status().state === 'refused', 'it is refused');
    expect(writer.status()).toMatchObject({ writtenLines: 0, rejectedLines: 0, lastTrouble: { code } });
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ state: 'writing', writtenLines: 3, rejectedLines: 0 });
  });

  test.each<[string, () => Readonly<Record<string, unknown>>]>([
    ['an empty token file', () => ({ tokenFile: secretFile('') })],
    ['a token with a line break', () => ({ tokenFile: secretFile('hunter2\nhunter3') })],
    ['a token in Chinese', () => ({ token: '密钥' })],
    ['no certificate authority', () => ({ caFile: '/nonexistent/ca.crt' })],
    ['a certificate authority that is none', () => ({ caFile: secretFile(NO_CERTIFICATE) })],
  ])('%s', async (_, entry) => {
    const server = await scriptedServer(NO_CONTENT);
    const writer = startWriter(sinkAt(server.url, entry()), logOf(1));
    await until(() => writer.status().retriedRequests > 1, 'it was tried twice');
    expect(writer.status()).toMatchObject({ state: 'refused', lastTrouble: { code: 'credential-file' } });
    expect(server.received).toEqual([]);
    expect(JSON.stringify([writer.status(), writer.told])).not.toMatch(/hunter|密钥/);
  });

  test('a file that cannot be used, at the start, with nothing to send', () => {
    const writer = startWriter(sinkAt('http://127.0.0.1:9', { tokenFile: '/nonexistent/token' }), logOf(0));
    expect(writer.status()).toMatchObject({ state: 'refused', lastTrouble: { code: 'credential-file' }, requests: 0 });
  });
});

describe('over TLS', () => {
  test.skipIf(!requireProgram('openssl', 'openssl'))(
    'only with the authority that the configuration names',
    async () => {
      const { certFile, keyFile } = certificate(folder(), 'influx');
      const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
      const server = await scriptedServer(NO_CONTENT, pair);
      const trusting = startWriter(sinkAt(server.url, { caFile: certFile }), logOf(1));
      await trusting.allWritten();
      const doubting = startWriter(sinkAt(server.url), logOf(1));
      await until(() => doubting.status().state === 'refused', 'it is refused');
      expect(doubting.status().lastTrouble?.code).toBe('certificate');
      const wrongPort = startWriter(sinkAt(server.url.replace('https', 'http')), logOf(1));
      await until(() => wrongPort.status().retriedRequests > 0, 'it fails');
      expect(wrongPort.status().writtenLines).toBe(0);
    },
  );
});
