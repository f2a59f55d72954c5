import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TROUBLES } from '../../../gateway/influx/troubles.ts';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { sampleOf, testLog } from './log.ts';
import { type InfluxServer, influxServer, STRANGER, WRITER } from './servers.ts';
import { secretFile, startWriter, versionOne } from './writers.ts';

type Entry = Readonly<Record<string, unknown>> & { readonly secret?: string };

/** What has no place in an entry of version 2 is taken away. */
const two = { version: 2, database: undefined, username: undefined, passwordFile: undefined };

const installed = requireProgram('influxd', 'influxdb');

describe.skipIf(!installed)('with InfluxDB 1 and authentication on', () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.remove());

  test('samples become points of their families, with tags, values and times', async () => {
    const log = testLog();
    const nowMs = Date.now();
    log.commit((batch) => {
      batch.sample(sampleOf('kitchen', { temperatureCelsius: 21.5, humidityPercent: 40, batteryVolts: 3 }, nowMs));
      batch.sample(sampleOf('kitchen', { temperatureCelsius: -0.25 }, nowMs));
      batch.sample(sampleOf('stage-power', { currentAmps: 1e-7 }, nowMs, 'ct1'));
    });
    const writer = startWriter(versionOne(server.url), log);
    await writer.allWritten();
    const of = { device: 'kitchen', venue: 'hall', zone: 'foyer' };
    expect(await server.query('SELECT * FROM climate')).toEqual([
      { time: nowMs * 1000, ...of, temperatureCelsius: 21.5, humidityPercent: 40 },
      { time: nowMs * 1000 + 1, ...of, temperatureCelsius: -0.25, humidityPercent: null },
    ]);
    expect(await server.query('SELECT * FROM badge')).toEqual([{ time: nowMs * 1000, ...of, batteryVolts: 3 }]);
    expect(await server.query('SELECT * FROM power')).toEqual([
      { time: nowMs * 1000, channel: 'ct1', device: 'stage-power', venue: 'hall', currentAmps: 1e-7 },
    ]);
    expect(writer.status()).toMatchObject({
      state: 'writing',
      writtenLines: 4,
      rejectedLines: 0,
      requests: 1,
      lagSeconds: 0,
    });
  });

  test('a hundred thousand lines in one go, all of them there', async () => {
    const log = testLog();
    const startMs = Date.now() - 200_000;
    for (let second = 0; second < 100; second += 1) {
      log.commit((batch) => {
        for (let device = 0; device < 1000; device += 1)
          batch.sample(sampleOf(`counter-${device}`, { occupancyPersons: second }, startMs + second * 1000));
      });
    }
    const writer = startWriter(versionOne(server.url), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 100_000, requests: 21 });
    expect(await server.query('SELECT count(occupancyPersons), sum(occupancyPersons) FROM crowd')).toMatchObject([
      { count: 100_000, sum: 1000 * 4950 },
    ]);
  });

  test('killed and started again under it: everything arrives, nothing twice', async () => {
    const log = testLog();
    const writer = startWriter(versionOne(server.url), log);
    const startMs = Date.now() - 10_000;
    for (let second = 0; second < 10; second += 1) {
      log.commit((batch) => {
        for (let step = 0; step < 100; step += 1)
          batch.sample(sampleOf('link', { linkQuality: step }, startMs + second * 1000 + step));
      });
      if (second === 3) {
        await writer.allWritten();
        await server.kill();
      }
      writer.wake();
    }
    await until(() => writer.status().retriedRequests > 3, 'it tries again');
    const down = writer.status();
    expect(down).toMatchObject({ state: 'retrying', lastTrouble: { code: 'unreachable' }, writtenLines: 400 });
    expect(down.lagSeconds).toBeGreaterThan(3);
    await server.start();
    await writer.allWritten();
    expect(await server.query('SELECT count(linkQuality) FROM gateway')).toMatchObject([{ count: 1000 }]);
    expect(writer.status()).toMatchObject({ state: 'writing', writtenLines: 1000, lagSeconds: 0 });
    // Told once that it went and once that it came back, however often it was tried.
    const told = writer.told.map((line) => JSON.parse(line).message);
    expect(told.filter((message) => message !== TROUBLES['cut-off'].en)).toEqual([
      TROUBLES.unreachable.en,
      'InfluxDB takes lines again',
    ]);
  });

  test.each([
    ['a wrong password', { secret: 'hunter2' }, 'unauthorized'],
    ['a user without rights', { username: STRANGER.username, secret: STRANGER.password }, 'forbidden'],
    ['no credentials', { username: undefined, passwordFile: undefined }, 'unauthorized'],
    ['a database that does not exist', { database: 'nope' }, 'not-found'],
    ['a retention policy that does not exist', { retentionPolicy: 'nope' }, 'not-found'],
    ['the API of version 2', { ...two, bucket: 'b', org: 'o' }, 'not-found'],
    ['a file that is not there', { passwordFile: '/nonexistent/password' }, 'credential-file'],
  ])('%s: said clearly, kept, tried slowly', async (_, { secret, ...entry }: Entry, code) => {
    const log = testLog();
    log.commit((batch) => batch.sample(sampleOf('kitchen', { co2Ppm: 400 }, Date.now())));
    const file = secret === undefined ? {} : { passwordFile: secretFile(secret) };
    const writer = startWriter(versionOne(server.url, { ...file, ...entry }), log);
    await until(() => writer.status().retriedRequests > 1, 'it was refused twice');
    const { lastTrouble, ...status } = writer.status();
    expect(status).toMatchObject({ state: 'refused', writtenLines: 0, rejectedLines: 0 });
    expect(lastTrouble?.code).toBe(code);
    expect(lastTrouble?.text.zh).toMatch(/\p{Script=Han}/u);
    expect(log.settled).toBe(0);
    expect(writer.told).toHaveLength(1);
    expect(JSON.stringify([writer.told, writer.status()])).not.toMatch(/hunter2|p:w|Basic/);
  });

  test('a password that is put right is taken up without a restart', async () => {
    const log = testLog();
    log.commit((batch) => batch.sample(sampleOf('kitchen', { illuminanceLux: 3 }, Date.now())));
    const passwordFile = secretFile('hunter2');
    const writer = startWriter(versionOne(server.url, { passwordFile }), log);
    await until(() => writer.status().state === 'refused', 'it was refused');
    writeFileSync(passwordFile, WRITER.password);
    await writer.allWritten();
    expect(await server.query('SELECT illuminanceLux FROM climate')).toMatchObject([{ illuminanceLux: 3 }]);
  });

  test('a line that the server rejects is set aside with the reason; the others are written, once', async () => {
    await server.query('DROP MEASUREMENT climate');
    await server.query('DROP MEASUREMENT crowd');
    await fetch(`${server.url}/write?db=venue`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${WRITER.username}:${WRITER.password}`).toString('base64')}` },
      body: 'climate,device=other pressurePascals="low"',
    });
    const log = testLog();
    const nowMs = Date.now();
    log.commit((batch) => {
      for (let index = 0; index < 1000; index += 1) {
        const metrics = index === 617 ? { pressurePascals: 101_325 } : { occupancyPersons: index };
        batch.sample(sampleOf('gate', metrics, nowMs + index));
      }
    });
    const writer = startWriter(versionOne(server.url), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({
      state: 'writing',
      writtenLines: 999,
      rejectedLines: 1,
      lastTrouble: { code: 'rejected-lines' },
    });
    const [quarantined, ...more] = writer.quarantined();
    expect(more).toEqual([]);
    expect(quarantined).toMatchObject({
      lines: 1,
      line: `climate,device=gate,venue=hall pressurePascals=101325 ${nowMs + 617}000`,
    });
    expect(quarantined?.reason).toContain('field type conflict');
    expect(await server.query('SELECT count(occupancyPersons) FROM crowd')).toMatchObject([{ count: 999 }]);
    expect(writer.status().requests).toBeLessThan(25);
  });

  test('older than the retention policy: counted, without looking for each of them', async () => {
    const log = testLog();
    const monthAgoMs = Date.now() - 30 * 86_400_000;
    log.commit((batch) => {
      for (let index = 0; index < 1000; index += 1)
        batch.sample(sampleOf('clock', { uptimeSeconds: index }, monthAgoMs + index));
    });
    const writer = startWriter(versionOne(server.url), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 0, rejectedLines: 1000, requests: 1 });
    expect(writer.quarantined()).toMatchObject([{ lines: 1000 }]);
  });

  test('a conflict in every batch does not hold the others up', async () => {
    const log = testLog();
    const startMs = Date.now();
    for (let batchNumber = 0; batchNumber < 20; batchNumber += 1) {
      log.commit((batch) => {
        for (let index = 0; index < 500; index += 1) {
          const metrics = index % 2 === 0 ? { pressurePascals: 1 } : { activePersons: 1 };
          batch.sample(sampleOf('mixed', metrics, startMs + batchNumber * 500 + index));
        }
      });
    }
    const writer = startWriter(versionOne(server.url, { batchLines: 500 }), log);
    await writer.allWritten();
    expect(writer.status()).toMatchObject({ writtenLines: 5000, rejectedLines: 5000 });
    expect(await server.query('SELECT count(activePersons) FROM crowd')).toMatchObject([{ count: 5000 }]);
    // At first each is looked for; with every batch that has too many, less.
    expect(writer.status().requests).toBeLessThan(1000);
    expect(writer.quarantined()).toHaveLength(100);
  });
});
