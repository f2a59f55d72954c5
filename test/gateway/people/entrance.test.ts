import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { configOf, venueYaml } from '../fixture.ts';
import { INIT, madeFiles } from '../tls/fixture.ts';
import { folder, listeningLog, PASSWORD, user, writeUsers } from './fixture.ts';

const apps: App[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) await app.stop();
});

const start = async (directory: string, http: string, rest = ''): Promise<App> => {
  const config = configOf(venueYaml(rest).replace('http: { port: 0 }', `http: { port: 0, ${http} }`));
  const app = await startApp({ config, clock: liveClock(), log: listeningLog().log, directory });
  apps.push(app);
  return app;
};

interface Asked {
  readonly method?: string;
  readonly cookie?: string;
  readonly body?: string;
}

const ask = async (app: App, ca: string, path: string, { method = 'GET', cookie, body }: Asked = {}) => {
  const headers = {
    ...(cookie === undefined ? {} : { cookie }),
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const request = https.request({ host: '127.0.0.1', port: app.http.port, path, method, ca, headers, agent: false });
  const answered = once(request, 'response');
  request.end(body);
  const [response] = await answered;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: Number(response.statusCode), cookies: String(response.headers['set-cookie'] ?? ''), text };
};

const logIn = (app: App, ca: string, name: string) =>
  ask(app, ca, '/api/v1/session', { method: 'POST', body: JSON.stringify({ name, password: PASSWORD }) });

test('a guard logs in over HTTPS, and may what a guard may', async () => {
  const directory = folder();
  const files = await madeFiles(directory);
  const ca = readFileSync(files.caCert, 'utf8');
  writeUsers(directory, [user('li', 'guard'), user('wall', 'viewer')]);
  const app = await start(directory, 'tls: {}', 'security: { anonymous: loopback }');
  expect((await ask(app, ca, '/api/v1/alarms')).status).toBe(401);
  const acknowledged: number[] = [];
  for (const name of ['li', 'wall']) {
    const { status, cookies } = await logIn(app, ca, name);
    expect([status, cookies]).toEqual([200, expect.stringMatching(/^__Host-muster=.*; Secure;/)]);
    const [cookie = ''] = cookies.split(';', 1);
    expect((await ask(app, ca, '/api/v1/alarms', { cookie })).status).toBe(200);
    const ack = await ask(app, ca, '/api/v1/alarms/none/ack', { method: 'POST', cookie, body: '{}' });
    acknowledged.push(ack.status);
    // A cookie under the name that is for plain HTTP is nobody's here.
    expect((await ask(app, ca, '/api/v1/alarms', { cookie: cookie.replace('__Host-', '') })).status).toBe(401);
  }
  expect(acknowledged).toEqual([404, 403]);
  const { paths } = JSON.parse((await ask(app, ca, '/api/v1/openapi.json')).text);
  expect(Object.keys(paths['/api/v1/session'])).toEqual(expect.arrayContaining(['get', 'post', 'delete']));
});

test('one signal reads certificates and users again; what is wrong with a certificate comes back', async () => {
  const directory = folder();
  const files = await madeFiles(directory);
  writeUsers(directory, [user('li')]);
  const app = await start(directory, 'tls: {}');
  writeUsers(directory, [user('li'), user('bo')]);
  await madeFiles(directory, { force: true, newAuthority: true });
  expect(app.reloadCertificates()).toEqual([]);
  expect((await logIn(app, readFileSync(files.caCert, 'utf8'), 'bo')).status).toBe(200);
  writeFileSync(files.serverKey, 'nothing');
  expect(app.reloadCertificates()).toHaveLength(1);
  expect((await ask(app, readFileSync(files.caCert, 'utf8'), '/healthz')).status).toBe(200);
});

test('a certificate that is over, or soon will be, is told by the health', async () => {
  const directory = folder();
  await madeFiles(directory, { days: 20 });
  writeUsers(directory, [user('li')]);
  const app = await start(directory, 'tls: {}');
  expect(app.health()).toMatchObject({ status: 'degraded', problems: ['certificate-expires-soon'] });
  await madeFiles(directory, { force: true });
  app.reloadCertificates();
  expect(app.health().problems).toEqual([]);
  await madeFiles(directory, { force: true, newAuthority: true, nowMs: INIT.nowMs - 400 * 86_400_000 });
  app.reloadCertificates();
  expect(app.health().problems).toEqual(['certificate-expired']);
});

test.each([
  ['host: 0.0.0.0', 'without TLS'],
  ['host: 0.0.0.0, tls: {}', 'no users'],
  ['tls: {}', 'muster tls init makes them'],
  ['tls: { certFile: /nowhere/a, keyFile: /nowhere/b }', '/nowhere/a'],
])('with http: { %s } it does not start, and says what to do; nothing stays behind', async (http, why) => {
  const directory = folder();
  const starting = start(directory, http);
  await expect(starting).rejects.toMatchObject({ name: 'StartError', message: expect.stringContaining(why) });
  await expect(starting).rejects.toMatchObject({ message: expect.stringContaining('无法启动') });
  expect(readdirSync(directory)).toEqual([]);
});

test('users that cannot be read stop the start: they are not taken for none', async () => {
  const directory = folder();
  writeFileSync(join(directory, 'users.json'), '{"version":1,"users":"x"}');
  await expect(start(directory, '', 'security: { anonymous: loopback }')).rejects.toMatchObject({ name: 'StartError' });
});
