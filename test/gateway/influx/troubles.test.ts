import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { InfluxState } from '../../../gateway/influx/ledger.ts';
import type { TroubleCode } from '../../../gateway/influx/troubles.ts';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { certificate, folder } from '../broker/certificates.ts';
import { sampleOf, type TestLog, testLog } from './log.ts';
import { inTurn, NO_CONTENT, type Script, says, scriptedServer } from './scripted-server.ts';
import { freePort } from './servers.ts';
import { secretFile, sinkOf, startWriter } from './writers.ts';

const START_MS = 1_795_485_952_000;

/** A log with one batch of so many samples, each of which makes a line. */
const logOf = (samples: number): TestLog => {
  const log = testLog();
  log.commit((batch) => {
    for (let index = 0; index < samples; index += 1)
      batch.sample(sampleOf('kitchen', { temperatureCelsius: index }, START_MS + index));
  });
  return log;
};

const sinkAt = (url: string, entry: Readonly<Record<string, unknown>> = {}) =>
  sinkOf({ url, bucket: 'venue', ...entry });

const NO_CERTIFICATE = '-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----';

const HANGS: Script = () => undefined;

describe('what passes by itself is tried again until it passes', () => {
  test.each<[string, Script, TroubleCode]>([
    ['500', says(500, { error: 'engine is closed' }), 'server-error'],
    ['502 of a proxy, in HTML', (_, response) => void response.writeHead(502).end('<html>'), 'server-error'],
    ['503', says(503, { error: 'timeout' }), 'busy'],
    ['429', says(429, { message: 'too many' }), 'busy'],
    ['a connection that is cut', (_, response) => void response.destroy(), 'unreachable'],
    [
      'an answer that is cut',
      (_, response) => {
        response.writeHead(500, { 'content-length': '100' }).write('half');
        setImmediate(() => response.destroy());
      },
      'unreachable',
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
});

describe('lines that the server will not have', () => {
  const reject =
    (bad: (line: string) => boolean, script: Script): Script =>
    (request, response, number) => {
      const chosen = request.lines.some(bad) ? script : NO_CONTENT;
      chosen(request, response, number);
    };
  const endsIn =
    (suffix: string) =>
    (line: string): boolean =>
      line.split(' ')[1]?.endsWith(suffix) ?? false;

  test.each<[string, Script]>([
    ['InfluxDB 2 refuses all for one', says(400, { code: 'invalid', message: "unable to parse 'climate …': bad" })],
    [
      'InfluxDB 2 names a conflict',
      says(422, { code: 'unprocessable entity', message: 'partial write: field type conflict dropped=1' }),
    ],
    ['InfluxDB 3 writes some', says(201, { error: 'partial write of line protocol occurred' })],
    ['one line alone is too large', says(413, { error: 'Request Entity Too Large' })],
  ])('%s: the bad ones are found, the good ones written', async (_, script) => {
    const server = await scriptedServer(reject(endsIn('=77'), script));
    const writer = startWriter(sinkAt(server.url), logOf(200));
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 199, rejectedLines: 1 });
    expect(writer.quarantined()).toMatchObject([{ lines: 1, line: expect.stringContaining('temperatureCelsius=77 ') }]);
    const taken = server.received.filter(({ lines }) => !lines.some(endsIn('=77'))).flatMap(({ lines }) => lines);
    expect(new Set(taken).size).toBe(199);
    expect(taken.length).toBe(199);
  });

  test('too many lines: halved, and remembered', async () => {
    const server = await scriptedServer((request, response, number) => {
      const script = request.lines.length <= 300 ? NO_CONTENT : says(413, { error: 'Request Entity Too Large' });
      script(request, response, number);
    });
    const log = logOf(1000);
    const writer = startWriter(sinkAt(server.url), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 1000, rejectedLines: 0 });
    const before = server.received.length;
    log.commit((batch) => {
      for (let index = 0; index < 1000; index += 1)
        batch.sample(sampleOf('kitchen', { temperatureCelsius: 1 }, START_MS + 5000 + index));
    });
    await writer.allWritten();
    expect(server.received.slice(before).every(({ lines }) => lines.length <= 250)).toBe(true);
  });

  test('the reasons are kept, not without end', async () => {
    const server = await scriptedServer(reject(() => true, says(400, { error: 'unable to parse' })));
    const writer = startWriter(sinkAt(server.url), logOf(500));
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 0, rejectedLines: 500 });
    expect(writer.quarantined().length).toBeLessThanOrEqual(100);
    expect(writer.status().requests).toBeLessThan(300);
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

describe('the writer', () => {
  test('says who it is, and asks for microseconds as each version calls them', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const tokenFile = secretFile('t0ken');
    await startWriter(sinkAt(`${server.url}/base/`, { org: 'o&o', tokenFile }), logOf(1)).allWritten();
    const entry = { version: 1, bucket: undefined, database: 'd b', retentionPolicy: 'raw' };
    await startWriter(sinkAt(server.url, { ...entry, username: 'u', password: 'p' }), logOf(100)).allWritten();
    const [two, one] = server.received;
    expect(two?.path).toBe('/base/api/v2/write?org=o%26o&bucket=venue&precision=us');
    expect(two?.headers.authorization).toBe('Token t0ken');
    expect(one?.path).toBe('/write?db=d+b&rp=raw&precision=u');
    expect(one?.headers).toMatchObject({ authorization: `Basic ${btoa('u:p')}`, 'content-encoding': 'gzip' });
  });

  test('holds a portion at most, however much the log grows while the server is away', async () => {
    const port = await freePort();
    const log = testLog();
    let read = 0;
    const counted = {
      ...log,
      after: (sequence: number | undefined) => {
        read += 1;
        return log.after(sequence);
      },
    };
    const writer = startWriter(sinkAt(`http://127.0.0.1:${port}`, { batchLines: 100 }), counted);
    for (let batchNumber = 0; batchNumber < 200; batchNumber += 1) {
      log.commit((batch) => {
        for (let index = 0; index < 50; index += 1)
          batch.sample(sampleOf('kitchen', { co2Ppm: 1 }, START_MS + batchNumber * 50 + index));
      });
      writer.wake();
    }
    await until(() => writer.status().retriedRequests > 3, 'it tries');
    expect(read).toBeLessThan(6);
  });

  test('what the store gave up is counted; it goes on with what is left', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = testLog();
    for (let second = 0; second < 10; second += 1)
      log.commit((batch) => batch.sample(sampleOf('kitchen', { co2Ppm: second }, START_MS + second * 1000)));
    log.forgetBefore(8);
    const writer = startWriter(sinkAt(server.url), log);
    writer.dropped(7);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 3, droppedReadings: 7 });
    expect(server.received[0]?.lines[0]).toContain('co2Ppm=7');
  });

  test('a damaged batch is passed over and counted', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = logOf(1);
    log.append(new Uint8Array(100));
    const cut = testLog();
    cut.commit((batch) => batch.occurrence(JSON.parse('{"device":"x","kind":"nonsense"}')));
    const bytes = cut.after(0)?.bytes;
    if (bytes !== undefined) log.append(bytes);
    log.commit((batch) => batch.sample(sampleOf('kitchen', { co2Ppm: 2 }, START_MS + 9000)));
    const writer = startWriter(sinkAt(server.url), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 2, damagedBatches: 2, lastTrouble: { code: 'log-damaged' } });
  });

  test('a fault of the store’s cursor does not end it', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = logOf(5);
    let faults = 1;
    const shaky = {
      ...log,
      after: (sequence: number | undefined) => {
        if (faults-- > 0) throw new Error('disk I/O error');
        return log.after(sequence);
      },
    };
    const writer = startWriter(sinkAt(server.url), shaky);
    await until(() => log.settled === log.length, 'everything is settled');
    expect(writer.status()).toMatchObject({ state: 'writing', writtenLines: 5, lastTrouble: { code: 'internal' } });
  });

  test('stops at once in the middle of anything; what was not written is still in the log', async () => {
    const states: InfluxState[] = [];
    for (const script of [HANGS, says(500, {}), says(401, {}), NO_CONTENT]) {
      const server = await scriptedServer(script);
      const log = logOf(10);
      const writer = startWriter(sinkAt(server.url), log, {
        firstRetryMs: 60_000,
        maxRetryMs: 60_000,
        refusedRetryMs: 60_000,
      });
      await until(() => server.received.length > 0, 'it has asked');
      await writer.stop();
      states.push(writer.status().state);
      if (script !== NO_CONTENT) expect(log.settled).toBe(0);
    }
    expect(states).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
  });

  test('told to finish, it writes what is left before it stops, if it can', async () => {
    const server = await scriptedServer(NO_CONTENT);
    const log = logOf(10);
    const writer = startWriter(sinkAt(server.url, { batchLines: 10 }), log, { gatherMs: 60_000 });
    await until(() => server.received.length > 0, 'it has asked');
    for (let second = 0; second < 30; second += 1)
      log.commit((batch) => batch.sample(sampleOf('kitchen', { co2Ppm: second }, START_MS + second * 1000)));
    writer.count({ intake: { frames: 5 } }, START_MS);
    await writer.stop(10_000);
    expect(log.settled).toBe(log.length);
    expect(server.received.flatMap(({ lines }) => lines)).toContain(`gateway,venue=hall intakeFrames=5 ${START_MS}000`);

    const dead = await scriptedServer(HANGS);
    const patient = startWriter(sinkAt(dead.url), logOf(1));
    await until(() => dead.received.length > 0, 'it has asked');
    await patient.stop(50);
    expect(patient.status().state).toBe('stopped');
  });

  test('a password in a file is read when it is needed, never kept in what goes to the worker', async () => {
    const server = await scriptedServer(inTurn(says(401, { message: 'no' }), NO_CONTENT));
    const tokenFile = secretFile('first');
    const sink = sinkAt(server.url, { tokenFile });
    expect(JSON.stringify(sink)).not.toContain('first');
    const writer = startWriter(sink, logOf(1), { refusedRetryMs: 300 });
    await until(() => writer.status().state === 'refused', 'it is refused');
    writeFileSync(tokenFile, 'second');
    await writer.allWritten();
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual(['Token first', 'Token second']);
    expect(readFileSync(tokenFile, 'utf8')).toBe('second');
  });
});
