import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type App, startApp } from '../../../gateway/app.ts';
import { hashSecret } from '../../../gateway/broker/clients/credentials.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { createLog } from '../../../gateway/log.ts';
import { configHash, type ReloadMark } from '../../../gateway/reload/reload.ts';
import { until } from '../../until.ts';
import { configOf, connect, getJson, venueYaml, watchAlarms } from '../fixture.ts';

const HEAT = 'rules: [{ id: heat, kind: threshold, metric: temperatureCelsius, above: { red: 60 } }]';
const COMMON = `
security: { anonymous: loopback }
`;
const START = `${COMMON}
zones: { hall: { areaM2: 100 } }
devices: { t1: { profile: climate }, t2: { profile: climate } }
${HEAT}`;

interface Running {
  readonly app: App;
  readonly lines: readonly string[];
  readonly marks: readonly ReloadMark[];
  write(yaml: string): void;
  post(body?: object): Promise<{ status: number; body: Record<string, unknown> }>;
}

const run = async (storeDirectory?: string): Promise<Running> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-reload-'));
  const venueFile = join(directory, 'venue.yaml');
  const write = (yaml: string): void => writeFileSync(venueFile, venueYaml(yaml));
  write(START);
  const lines: string[] = [];
  const marks: ReloadMark[] = [];
  const app = await startApp({
    config: configOf(venueYaml(START)),
    clock: liveClock(),
    log: createLog({ write: (line) => lines.push(line) }),
    venueFile,
    onReload: (mark) => marks.push(mark),
    ...(storeDirectory === undefined ? {} : { storeDirectory }),
  });
  onTestFinished(async () => {
    await app.stop();
    rmSync(directory, { recursive: true, force: true });
  });
  const post = async (body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${app.http.port}/api/v1/reload`, {
      method: 'POST',
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' } }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: Object(await answer.json()) };
  };
  return { app, lines, marks, write, post };
};

const temperature = (celsius: number): string => JSON.stringify([{ n: 'temperature', v: celsius }]);

test('a running gateway takes over rules, devices, zones and who may connect; what is the same goes on', async () => {
  const { app, marks, write, post } = await run();
  const client = await connect(app);
  onTestFinished(() => client.endAsync(true));
  const alarms = await watchAlarms(client);
  await client.publishAsync('muster/hall/up/t2', temperature(70), { qos: 1 });
  await client.publishAsync('muster/hall/up/new', temperature(70), { qos: 1 });
  await until(() => alarms.size === 1, 'the alarm of t2');
  const [open] = app.hotPath.openAlarms();
  expect(app.hotPath.intake.discovered.list().map(({ address }) => address)).toEqual(['senml:new']);

  write(`${COMMON}
zones: { hall: { areaM2: 50 }, yard: {} }
devices: { a0: { profile: climate, secretSha256: ${hashSecret('a0')} }, t2: { profile: climate }, new: { profile: climate, zone: yard } }
${HEAT}`);
  const { status, body } = await post();
  expect([status, body.applied, body.count, body.deferred]).toEqual([200, true, 5, []]);
  expect(app.hotPath.openAlarms()).toEqual([open]);
  expect(app.hotPath.lastSamples.get('t2').get('')?.metrics).toEqual({ temperatureCelsius: 70 });
  expect(app.hotPath.intake.discovered.list()).toEqual([]);

  await client.publishAsync('muster/hall/up/new', temperature(80), { qos: 1 });
  await until(() => app.hotPath.openAlarms().length === 2, 'the alarm of the device that was taken in');
  expect(app.hotPath.openAlarms()[1]).toMatchObject({ subject: 'new', zone: 'yard' });
  const device = await connect(app, { username: 'a0', password: 'a0' });
  await device.endAsync(true);

  const items = async (path: string): Promise<unknown> => (await getJson(app, path)).items;
  expect(await items('/api/v1/zones')).toMatchObject([{ id: 'hall' }, { id: 'yard' }]);
  expect(await items('/api/v1/devices')).toMatchObject([{ id: 'a0' }, { id: 't2' }, { id: 'new' }]);
  expect(marks).toMatchObject([{ by: 'anonymous' }]);
  expect(marks[0]?.configHash).toBe(marks[0] && configHash(marks[0].config));
});

test('an invalid file changes nothing and says so, with every error and its place', async () => {
  const { app, lines, marks, write, post } = await run();
  write(`${START.replace('red: 60', 'red: hot')}\nzons: {}`);
  const { status, body } = await post();
  expect([status, body.code]).toEqual([422, 'venue-file-invalid']);
  expect(body.errors).toMatchObject([
    { where: expect.stringMatching(/venue\.yaml:\d+:\d+ rules\[0\]\.above\.red$/), code: 'wrong-type' },
    { where: expect.stringMatching(/venue\.yaml:\d+:\d+ zons$/), nearest: 'zones', zh: expect.any(String) },
  ]);
  expect(app.health().problems).toEqual(['venue-file-refused']);
  expect(lines.filter((line) => line.includes('"level":50'))).toHaveLength(3);
  expect(marks).toEqual([]);
});

test('a gateway without a venue file has nothing to read again', async () => {
  const app = await startApp({
    config: configOf(venueYaml(START)),
    clock: liveClock(),
    log: createLog({ write: () => undefined }),
  });
  onTestFinished(() => app.stop());
  expect(app.reload).toBeUndefined();
  const answer = await fetch(`http://127.0.0.1:${app.http.port}/api/v1/reload`, { method: 'POST' });
  expect([answer.status, Object(await answer.json()).code]).toEqual([409, 'no-venue-file']);
});

test('what was taken out is gone from the store too, and does not come back with a restart', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-kept-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { app, write, post } = await run(directory);
  const client = await connect(app);
  await client.publishAsync('muster/hall/up/t1', temperature(70), { qos: 1 });
  await client.publishAsync('muster/hall/up/t2', temperature(70), { qos: 1 });
  await client.endAsync(true);
  const rest = START.replace('t1: { profile: climate }, ', '');
  write(rest);
  expect((await post()).status).toBe(200);
  expect(app.hotPath.openAlarms().map(({ subject, condition }) => [subject, condition])).toEqual([
    ['t1', 'unknown'],
    ['t2', 'active'],
  ]);
  await app.stop();
  const again = await startApp({
    config: configOf(venueYaml(rest)),
    clock: liveClock(),
    log: createLog({ write: () => undefined }),
    storeDirectory: directory,
  });
  onTestFinished(() => again.stop());
  expect(again.hotPath.openAlarms().map(({ subject, condition }) => [subject, condition])).toEqual([
    ['t1', 'unknown'],
    ['t2', 'active'],
  ]);
  expect([again.hotPath.view.lifeOf('t1'), again.hotPath.view.lifeOf('t2')?.silent]).toEqual([undefined, false]);
});
