import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TROUBLES } from '../../../gateway/notifiers/troubles.ts';
import { until } from '../../until.ts';
import { certificate, folder } from '../broker/certificates.ts';
import { HANGS, inTurn, NO_CONTENT, type Script, says, scriptedServer } from '../influx/scripted-server.ts';
import { freePort } from '../influx/servers.ts';
import { secretFile } from '../influx/writers.ts';
import { alarmOf, noticeOf, notifierOf, startChannel } from './channels.ts';
import { bodyOf, SECRET } from './fixture.ts';

const hook = (url: string, rest: object = {}) => notifierOf({ kind: 'webhook', url, secret: SECRET, ...rest });

const redirects: Script = (_, response) => {
  response.writeHead(307, { location: 'https://elsewhere.example/x?token=hunter2' }).end();
};

describe('whatever a server does', () => {
  test.each<[string, Script, string, 'retrying' | 'refused']>([
    ['hangs', HANGS, 'timeout', 'retrying'],
    ['fails', says(500, {}), 'server-error', 'retrying'],
    ['is busy', says(429, {}), 'busy', 'retrying'],
    ['redirects', redirects, 'redirected', 'refused'],
    ['does not know us', says(401, {}), 'unauthorized', 'refused'],
    ['has no such page', says(404, {}), 'not-found', 'refused'],
    ['cuts the connection', (_, response) => void response.destroy(), 'cut-off', 'retrying'],
  ])('one that %s is tried again, says why, and is told when it is well', async (_, script, code, state) => {
    const server = await scriptedServer(inTurn(script, NO_CONTENT));
    const channel = startChannel(hook(server.url, { timeoutSeconds: 1 }));
    const notice = noticeOf(alarmOf('b1'));
    channel.tell(notice);
    await until(() => channel.attempts.length === 1, 'the first attempt');
    expect(channel.attempts[0]).toMatchObject({ outcome: 'failed', code, key: notice.key });
    expect(channel.status()).toMatchObject({ state, waiting: 1, lastTrouble: { code } });
    await until(() => channel.attempts.length === 2, 'the second attempt');
    expect(channel.attempts[1]).toMatchObject({ outcome: 'delivered', attempt: 2 });
    expect(channel.status()).toMatchObject({ state: 'delivering', waiting: 0, delivered: 1, failedAttempts: 1 });
    expect(server.received.map(({ headers }) => headers['idempotency-key'])).toEqual([notice.key, notice.key]);
    expect(new Set(server.received.map(bodyOf)).size).toBe(1);
    expect(channel.told[0]).toContain(code);
    expect(channel.told.join('')).not.toContain('hunter2');
  });

  test('a redirect is not followed, and the error says so', async () => {
    const elsewhere = await scriptedServer(NO_CONTENT);
    const server = await scriptedServer((_, response) => {
      response.writeHead(302, { location: `${elsewhere.url}/secret-path` }).end();
    });
    const channel = startChannel(hook(server.url));
    channel.tell(noticeOf(alarmOf('b1')));
    await until(() => channel.attempts.length === 3, 'attempts');
    expect(elsewhere.received).toEqual([]);
    expect(channel.attempts[0]?.reason).toBe(`302 to ${elsewhere.url}`);
    expect(TROUBLES.redirected.en).toContain('not followed');
  });

  test('one that is not there, and one with a certificate nobody vouches for', async () => {
    const nobody = startChannel(hook(`http://127.0.0.1:${await freePort()}`));
    nobody.tell(noticeOf(alarmOf('b1')));
    const { certFile, keyFile } = certificate(folder(), 'hook');
    const tls = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    const server = await scriptedServer(NO_CONTENT, tls);
    const url = server.url.replace('127.0.0.1', 'localhost');
    const doubting = startChannel(hook(url));
    doubting.tell(noticeOf(alarmOf('b1')));
    await until(() => nobody.attempts.length > 0 && doubting.attempts.length > 0, 'attempts');
    expect(nobody.attempts[0]).toMatchObject({ code: 'unreachable', outcome: 'failed' });
    expect(doubting.attempts[0]).toMatchObject({ code: 'certificate', outcome: 'failed' });
    expect(server.received).toEqual([]);
  });

  test('an hour of 500 costs nothing but time', async () => {
    let isWell = false;
    const server = await scriptedServer((request, response, number) =>
      (isWell ? NO_CONTENT : says(500, {}))(request, response, number),
    );
    const channel = startChannel(hook(server.url), { firstRetryMs: 1, maxRetryMs: 4 });
    const alarms = Array.from({ length: 20 }, (_, index) => alarmOf(`b${index}`));
    for (const alarm of alarms) channel.tell(noticeOf(alarm));
    await until(() => channel.attempts.length > 120, 'as many attempts as in an hour');
    isWell = true;
    await until(() => channel.status().waiting === 0, 'all are delivered');
    const delivered = channel.attempts.filter(({ outcome }) => outcome === 'delivered');
    expect(delivered.map(({ alarm }) => alarm).toSorted()).toEqual(alarms.map(({ id }) => id).toSorted());
    // One line when it began, one when it was over.
    expect(channel.told).toHaveLength(2);
  });

  test('a notice that is never taken is given up after a few attempts, and the others are not kept by it', async () => {
    const server = await scriptedServer((request, response, number) =>
      (bodyOf(request).includes('"subject":"bad"') ? says(422, { error: 'no' }) : NO_CONTENT)(
        request,
        response,
        number,
      ),
    );
    const channel = startChannel(hook(server.url), { firstRetryMs: 5 });
    channel.tell(noticeOf(alarmOf('bad')));
    channel.tell(noticeOf(alarmOf('good')));
    await until(() => channel.attempts.some(({ outcome }) => outcome === 'delivered'), 'the good one');
    await until(() => channel.status().waiting === 0, 'the end of the bad one');
    const bad = channel.attempts.filter(({ alarm }) => alarm === alarmOf('bad').id);
    expect(bad.map(({ outcome }) => outcome)).toEqual(['failed', 'failed', 'failed', 'failed', 'given-up']);
    expect(channel.status()).toMatchObject({ givenUp: 1, delivered: 1, state: 'delivering' });
  });
});

describe('order', () => {
  test('of one alarm the notices go one after the other; between alarms the most severe first', async () => {
    const held: (() => void)[] = [];
    const server = await scriptedServer((request, response, number) => {
      if (number < 8) held.push(() => NO_CONTENT(request, response, number));
      else NO_CONTENT(request, response, number);
    });
    const channel = startChannel(hook(server.url));
    const blue = Array.from({ length: 9 }, (_, index) => alarmOf(`blue${index}`, { severity: 'blue' }));
    for (const alarm of blue.slice(0, 8)) channel.tell(noticeOf(alarm));
    await until(() => server.received.length === 8, 'all requests that may run at once');
    channel.tell(noticeOf(blue[8] ?? expect.fail()));
    const red = alarmOf('red');
    const startMs = Date.now();
    for (const [index, event] of (['raised', 'repeated', 'acknowledged', 'cleared'] as const).entries())
      channel.tell(noticeOf(red, { event, atMs: startMs + index }));
    for (const release of held) release();
    await until(() => channel.status().waiting === 0, 'everything');
    const after = server.received.slice(8).map((each) => JSON.parse(bodyOf(each)));
    expect(after[0]).toMatchObject({ event: 'raised', alarm: { subject: 'red' } });
    const ofRed = after.filter(({ alarm }) => alarm.subject === 'red').map(({ event }) => event);
    expect(ofRed).toEqual(['raised', 'repeated', 'acknowledged', 'cleared']);
  });
});

describe('secrets', () => {
  test('are read from their file, again when they were refused, and shown nowhere', async () => {
    const file = secretFile('too short');
    const server = await scriptedServer(says(401, { error: `not ${SECRET}` }));
    const channel = startChannel(notifierOf({ kind: 'webhook', url: server.url, secretFile: file }));
    channel.tell(noticeOf(alarmOf('b1')));
    await until(() => channel.attempts.length >= 1, 'the file is refused');
    expect(channel.attempts[0]).toMatchObject({ code: 'credential-file', reason: `${file} (too short)` });
    writeFileSync(file, SECRET);
    await until(() => server.received.length >= 1, 'a request');
    await until(() => channel.attempts.some(({ code }) => code === 'unauthorized'), 'it is refused');
    expect(JSON.stringify(channel.attempts)).toContain('not ***');
    expect(JSON.stringify(channel.attempts) + channel.told.join('')).not.toContain(SECRET);
  });
});
