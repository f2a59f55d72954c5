import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Role } from '../../../gateway/api/contract.ts';
import { sessionRoute } from '../../../gateway/api/routes/about.ts';
import { admitByRole } from '../../../gateway/api/seam/admission.ts';
import { createHttpServer } from '../../../gateway/api/seam/http-server.ts';
import { mountRoutes } from '../../../gateway/api/seam/mount.ts';
import { openPeople, type People } from '../../../gateway/people/people.ts';
import { until } from '../../until.ts';
import { folder, handClock, listeningLog, PASSWORD, user, writeUsers } from './fixture.ts';

const HOUR_MS = 3_600_000;

interface Stage {
  readonly people: People;
  readonly url: string;
  readonly lines: string[];
  readonly wall: { ms: number };
  readonly clock: ReturnType<typeof handClock>;
  stop(): Promise<void>;
}

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const start = async (
  directory: string,
  anonymous: 'refuse' | 'loopback' = 'refuse',
  wallMs = Date.now(),
  locked = '',
): Promise<Stage> => {
  const { log, lines } = listeningLog();
  const [clock, wall] = [handClock(), { ms: wallMs }];
  const security = { insecure: false, anonymous, sessions: { idleHours: 12, maxHours: 72 } };
  const people = await openPeople({
    directory,
    security,
    locks: { isLocked: (account) => account === locked },
    log,
    clock,
    nowMs: () => wall.ms,
  });
  const server = createHttpServer({ log, hosts: new Set() });
  people.prepare(server);
  mountRoutes(server, [...people.routes, sessionRoute], admitByRole(people.access));
  await server.listen({ host: '127.0.0.1', port: 0 });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= server.close().then(() => people.stop());
    return stopped;
  };
  stops.push(stop);
  return { people, url: `${server.listeningOrigin}/api/v1/session`, lines, wall, clock, stop };
};

const logIn = (
  url: string,
  name: string,
  password = PASSWORD,
  headers: Record<string, string> = {},
): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ name, password }),
  });

const cookieOf = (response: Response): string => response.headers.get('set-cookie')?.split(';', 1)[0] ?? '';

const who = async (url: string, cookie?: string): Promise<[number, unknown]> => {
  const response = await fetch(url, cookie === undefined ? {} : { headers: { cookie } });
  return [response.status, await response.json()];
};

const withUsers = (...names: readonly (readonly [string, Role])[]): string => {
  const directory = folder();
  writeUsers(
    directory,
    names.map(([name, role]) => user(name, role)),
  );
  return directory;
};

describe('logging in', () => {
  test('gives a cookie that scripts cannot read and other sites cannot use; logging out takes it away', async () => {
    const { url, lines } = await start(withUsers(['Li', 'guard']));
    expect((await who(url))[0]).toBe(401);
    const response = await logIn(url, 'li');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ name: 'Li', role: 'guard', anonymous: false });
    const attributes = response.headers.get('set-cookie')?.split('; ').slice(1).toSorted();
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=259200', 'Path=/', 'SameSite=Strict']);
    const cookie = cookieOf(response);
    expect(await who(url, cookie)).toEqual([200, { name: 'Li', role: 'guard', anonymous: false }]);
    const out = await fetch(url, { method: 'DELETE', headers: { cookie } });
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^muster=;.*Max-Age=0/);
    expect((await who(url, cookie))[0]).toBe(401);
    const log = lines.join('');
    expect(log).toContain('logged in');
    expect(log).toContain('logged out');
    expect(log).not.toContain(PASSWORD);
    expect(log).not.toContain(cookie.slice('muster='.length));
  });

  test('gives another session each time, and ends the one before', async () => {
    const { url } = await start(withUsers(['li', 'guard'], ['bo', 'viewer']));
    const first = cookieOf(await logIn(url, 'li'));
    const second = cookieOf(await logIn(url, 'bo', PASSWORD, { cookie: first }));
    expect(second).not.toBe(first);
    expect((await who(url, first))[0]).toBe(401);
    expect(await who(url, second)).toMatchObject([200, { name: 'bo', role: 'viewer' }]);
  });

  test('a wrong password and an unknown user are told the same; neither name nor password is logged', async () => {
    const { url, lines } = await start(withUsers(['li', 'guard']));
    const answers = [await logIn(url, 'li', 'wrong password'), await logIn(url, 'hunter2hunter2', 'hunter2hunter2')];
    const [wrong, unknown] = await Promise.all(answers.map(async (answer) => [answer.status, await answer.json()]));
    expect(wrong).toEqual(unknown);
    expect(wrong).toMatchObject([401, { code: 'wrong-password', zh: '用户名或密码错误' }]);
    expect(answers.map((answer) => answer.headers.get('set-cookie'))).toEqual([null, null]);
    expect(lines.join('')).not.toContain('hunter2');
  });

  test('a locked account is told so, to whoever has its password only', async () => {
    const { url } = await start(withUsers(['li', 'guard'], ['bo', 'viewer']), 'refuse', Date.now(), 'li');
    const refused = await logIn(url, 'li');
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([403, null]);
    expect(await refused.json()).toMatchObject({ code: 'account-locked' });
    expect(await (await logIn(url, 'li', 'wrong password')).json()).toMatchObject({ code: 'wrong-password' });
    expect((await logIn(url, 'bo')).status).toBe(200);
  });

  test('guessing is slowed down, with word of how long', async () => {
    const { url, clock } = await start(withUsers(['li', 'guard']));
    const answers = await Promise.all(Array.from({ length: 8 }, () => logIn(url, 'li', 'wrong password')));
    const statuses = answers.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const slowed = await logIn(url, 'li');
    expect(slowed.status).toBe(429);
    expect(Number(slowed.headers.get('retry-after'))).toBe(1);
    clock.pass(1_000);
    expect((await logIn(url, 'li')).status).toBe(200);
  });

  test.each([
    ['no body', undefined, 400],
    ['no JSON', '{', 400],
    ['an unknown field', '{"name":"li","password":"x","role":"engineer"}', 400],
    ['another type', '{"name":["li"],"password":{}}', 400],
    ['a password that is too long', JSON.stringify({ name: 'li', password: 'x'.repeat(2000) }), 400],
    ['a body that is too large', JSON.stringify({ name: 'li', password: 'x'.repeat(70_000) }), 413],
  ])('%s is refused', async (_, body, status) => {
    const { url } = await start(withUsers(['li', 'guard']));
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    });
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
  });

  test('from a page of another site is refused before the password is looked at', async () => {
    const { url } = await start(withUsers(['li', 'guard']));
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const response = await logIn(url, 'li', PASSWORD, headers);
      expect([response.status, response.headers.get('set-cookie')]).toEqual([403, null]);
    }
  });
});

describe('a session', () => {
  test('ends when the user is removed, or the role changed, without a restart', async () => {
    const directory = withUsers(['li', 'guard'], ['bo', 'guard']);
    const { url, people, lines } = await start(directory);
    const [li, bo] = [cookieOf(await logIn(url, 'li')), cookieOf(await logIn(url, 'bo'))];
    writeUsers(directory, [user('bo', 'viewer')]);
    await people.refresh();
    expect((await who(url, li))[0]).toBe(401);
    expect((await who(url, bo))[0]).toBe(401);
    expect(lines.filter((line) => line.includes('session over'))).toHaveLength(2);
    expect(await (await logIn(url, 'bo')).json()).toMatchObject({ role: 'viewer' });
  });

  test('a user added while it runs may log in at once', async () => {
    const directory = withUsers(['li', 'guard']);
    const { url } = await start(directory);
    writeUsers(directory, [user('li'), user('new', 'engineer')]);
    expect((await logIn(url, 'new')).status).toBe(200);
  });

  test('outlasts a restart: nobody on duty logs in again; what lies on disk opens nothing', async () => {
    const directory = withUsers(['li', 'guard']);
    const before = await start(directory);
    const cookie = cookieOf(await logIn(before.url, 'li'));
    await before.stop();
    const kept = readFileSync(join(directory, 'sessions.json'), 'utf8');
    expect(kept).not.toContain(cookie.slice('muster='.length));
    const [hash = ''] = /[A-Za-z0-9_-]{43}/.exec(kept) ?? [];
    const after = await start(directory, 'refuse', before.wall.ms + 5_000);
    expect(await who(after.url, cookie)).toMatchObject([200, { name: 'li' }]);
    expect((await who(after.url, `muster=${hash}`))[0]).toBe(401);
    await after.stop();
    const late = await start(directory, 'refuse', before.wall.ms + 13 * HOUR_MS);
    expect((await who(late.url, cookie))[0]).toBe(401);
  });

  test('that is used is kept as used, so that a kill loses at most a minute of it', async () => {
    const directory = withUsers(['li', 'guard']);
    const { url, wall, clock } = await start(directory);
    const cookie = cookieOf(await logIn(url, 'li'));
    await until(() => existsSync(join(directory, 'sessions.json')), 'the session kept');
    const seen = (): number =>
      Number(/"seenMs":(\d+)/.exec(readFileSync(join(directory, 'sessions.json'), 'utf8'))?.[1]);
    const startedMs = wall.ms;
    wall.ms += HOUR_MS;
    expect((await who(url, cookie))[0]).toBe(200);
    clock.pass(60_000);
    await until(() => seen() === startedMs + HOUR_MS, 'the session kept as used');
  });

  test('many and strange cookies are nobody', async () => {
    const { url } = await start(withUsers(['li', 'guard']));
    for (const cookie of [
      'muster=',
      'muster=%00',
      '__proto__=x',
      `muster=${'x'.repeat(5000)}`,
      'a=b; '.repeat(900),
      '=; ;=',
    ]) {
      expect((await who(url, cookie))[0]).toBe(401);
    }
  });
});

describe('without a log-in', () => {
  test('this machine may ask where the venue file says so and there are no users', async () => {
    const { url } = await start(folder(), 'loopback');
    expect(await who(url)).toMatchObject([200, { anonymous: true }]);
  });

  test('nobody may once there are users, though they be removed again', async () => {
    const directory = folder();
    const { url, people } = await start(directory, 'loopback');
    writeUsers(directory, [user('li')]);
    await people.refresh();
    expect((await who(url))[0]).toBe(401);
    writeUsers(directory, []);
    await people.refresh();
    expect(people.count()).toBe(0);
    expect((await who(url))[0]).toBe(401);
  });

  test('nobody may where the venue file does not say so', async () => {
    expect((await who((await start(folder())).url))[0]).toBe(401);
  });
});
