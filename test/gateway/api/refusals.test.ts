import { readFileSync } from 'node:fs';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../../gateway/api/contract.ts';
import type { Access } from '../../../gateway/api/ports.ts';
import { PROBLEMS } from '../../../gateway/api/problems.ts';
import { noAccess } from '../../../gateway/api/security/access.ts';
import { problemIn } from './ask.ts';
import { stage } from './stage.ts';

const as = (role: Role): Access => ({ identify: () => ({ name: 'somebody', role }) });

const JSON_TYPE = { 'content-type': 'application/json' } as const;
const ACK = '/api/v1/alarms/heat.t1.abc/ack';
const DEVICE = 'devices: { t1: { profile: climate } }';

/** Bytes as they come back to whoever sends what is no HTTP. */
const raw = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });

describe('every error is a problem', () => {
  test.each([
    ['an unknown route', 'GET', '/api/v1/nothing', {}, undefined, 'not-found'],
    ['an unknown page, for a program', 'GET', '/nothing', {}, undefined, 'not-found'],
    ['an unknown route with a body', 'POST', '/api/v1/nothing', JSON_TYPE, '{}', 'not-found'],
    ['a wrong method', 'DELETE', '/api/v1/alarms', {}, undefined, 'wrong-method'],
    [
      'a wrong method with a body of no known type',
      'PUT',
      '/api/v1/zones',
      { 'content-type': 'a/b' },
      'x',
      'wrong-method',
    ],
    ['a preflight of another site', 'OPTIONS', ACK, { origin: 'http://evil.example' }, undefined, 'wrong-method'],
    ['the head of a stream', 'HEAD', '/api/v1/stream', {}, undefined, 'wrong-method'],
    ['malformed JSON', 'POST', ACK, JSON_TYPE, '{"comment"', 'malformed-json'],
    ['JSON that would poison prototypes', 'POST', ACK, JSON_TYPE, '{"__proto__":{"a":1}}', 'malformed-json'],
    ['another media type', 'POST', ACK, { 'content-type': 'text/xml' }, '<a/>', 'wrong-media-type'],
    ['an unknown field', 'POST', ACK, JSON_TYPE, '{"coment":"x"}', 'invalid-request'],
    ['a field of the wrong type', 'POST', ACK, JSON_TYPE, '{"comment":1}', 'invalid-request'],
    ['a comment that is a novel', 'POST', ACK, JSON_TYPE, `{"comment":"${'x'.repeat(501)}"}`, 'invalid-request'],
    ['an unknown query', 'GET', '/api/v1/devices?device=t1', {}, undefined, 'invalid-request'],
    ['a query twice', 'GET', '/api/v1/devices?limit=1&limit=2', {}, undefined, 'invalid-request'],
    ['a query where there is none', 'GET', '/healthz?x=1', {}, undefined, 'invalid-request'],
    ['a page too large', 'GET', '/api/v1/devices?limit=100000', {}, undefined, 'invalid-request'],
    ['a cursor that points nowhere', 'GET', '/api/v1/devices?cursor=bm93aGVyZQ', {}, undefined, 'cursor-expired'],
    ['an alarm that is not open', 'POST', ACK, {}, undefined, 'alarm-not-open'],
    ['an address that cannot be decoded', 'GET', '/api/v1/%zz', {}, undefined, 'malformed-request'],
    ['64 KiB and a byte', 'POST', ACK, JSON_TYPE, `"${'x'.repeat(65_536)}"`, 'too-large'],
  ] as const)('%s', async (_name, method, path, headers, body, code) => {
    const { ask, errors } = await stage(DEVICE);
    const answer = await ask(path, { method, headers, ...(body === undefined ? {} : { body }) });
    if (method !== 'HEAD') expect(problemIn(answer).code).toBe(code);
    expect(answer.status).toBe(PROBLEMS[code].status);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(errors).toEqual([]);
  });

  test('names all that is wrong with a request at once, and where', async () => {
    const { ask } = await stage(DEVICE);
    const problem = problemIn(await ask('/api/v1/history?device=t1&metric=heat&from=yesterday&colour=red'));
    expect(problem.errors?.map(({ where }) => where)).toEqual(['query.metric', 'query.from', 'query.colour']);
    expect(problem).toMatchObject({ type: 'urn:muster:problem:invalid-request', zh: '请求参数有误' });
  });

  test('a wrong method is told which ones there are', async () => {
    const { ask } = await stage(DEVICE);
    expect((await ask('/api/v1/alarms', { method: 'POST' })).headers.allow).toBe('GET, HEAD');
  });

  test('what is no HTTP, and headers without end, are answered and cut off', async () => {
    const { port } = await stage(DEVICE);
    expect(await raw(port, 'NONSENSE\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 .*"code":"malformed-request"/s);
    expect(await raw(port, `GET / HTTP/1.1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*headers-too-large/s,
    );
  });

  test('what a handler throws is logged and not told', async () => {
    const { ask, errors } = await stage(DEVICE, {
      health: () => {
        throw new Error('secret path /var/x');
      },
    });
    const answer = await ask('/healthz');
    expect(problemIn(answer).code).toBe('internal');
    expect(answer.text).not.toContain('/var/x');
    expect(errors).toMatchObject([{ method: 'GET', url: '/healthz' }]);
  });

  test('the table of codes in the documentation is that of the program', () => {
    const page = readFileSync(new URL('../../../gateway/docs/http.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);
    expect(rows).toEqual(Object.entries(PROBLEMS).map(([code, { status }]) => [code, status]));
  });
});

describe('who may ask', () => {
  test('a stranger sees that it runs, and the page to log in with; nothing else', async () => {
    const { ask } = await stage(DEVICE, { access: noAccess });
    expect((await ask('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await ask('/readyz')).status).toBe(200);
    expect((await ask('/api/v1/venue')).status).toBe(200);
    for (const path of ['alarms', 'devices', 'zones', 'rules', 'rejected', 'stream', 'session', 'history']) {
      const answer = await ask(`/api/v1/${path}`);
      expect(problemIn(answer).code, path).toBe('log-in-needed');
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="muster"');
    }
    expect((await ask('/metrics')).status).toBe(401);
  });

  test.each([
    ['viewer', 'GET', '/api/v1/alarms', 200],
    ['viewer', 'POST', ACK, 403],
    ['viewer', 'GET', '/api/v1/rejected', 403],
    ['guard', 'POST', ACK, 404],
    ['guard', 'GET', '/api/v1/rejected', 403],
    ['engineer', 'POST', ACK, 404],
    ['engineer', 'GET', '/api/v1/rejected', 200],
  ] as const)('a %s who asks %s %s gets %i', async (role, method, path, status) => {
    const { ask } = await stage(DEVICE, { access: as(role) });
    expect((await ask(path, { method })).status).toBe(status);
  });

  test('strangers are refused before their body is read', async () => {
    const { ask } = await stage(DEVICE, { access: noAccess });
    const body = 'x'.repeat(100_000);
    expect(problemIn(await ask(ACK, { method: 'POST', headers: JSON_TYPE, body })).code).toBe('log-in-needed');
  });

  test('this machine counts as itself only where nobody has passed the request on', async () => {
    const { ask } = await stage(DEVICE);
    expect((await ask('/api/v1/session')).json()).toEqual({ name: 'anonymous', role: 'engineer', anonymous: true });
    expect((await ask('/api/v1/session', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(401);
  });
});

describe('other sites', () => {
  test.each([
    [{ 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ origin: 'http://127.0.0.1:1' }, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 404],
    [{}, 404],
  ])('a change asked for with %j gets %i', async (headers, status) => {
    const { ask } = await stage(DEVICE);
    expect((await ask(ACK, { method: 'POST', headers })).status).toBe(status);
  });

  test('its own pages may change things', async () => {
    const { ask, port } = await stage(DEVICE);
    const headers = { origin: `http://127.0.0.1:${port}` };
    expect((await ask(ACK, { method: 'POST', headers })).status).toBe(404);
  });

  test.each(['evil.example', 'evil.example:8080', '127.0.0.1.evil.example', '[::2]', '10.0.0.1'])(
    'this machine does not answer to the name %j',
    async (host) => {
      const { ask } = await stage(DEVICE);
      expect(problemIn(await ask('/api/v1/alarms', { headers: { host } })).code).toBe('wrong-host');
    },
  );

  test.each(['localhost', 'LOCALHOST:80', '127.0.0.1', '127.3.2.1:9', '[::1]:8080', 'muster.venue.example'])(
    'but to %j',
    async (host) => {
      const { ask } = await stage(DEVICE, { hosts: ['muster.venue.example'] });
      expect((await ask('/api/v1/alarms', { headers: { host } })).status).toBe(200);
    },
  );
});
