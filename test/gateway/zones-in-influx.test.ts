import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startApp } from '../../gateway/app.ts';
import { scaledClock } from '../../gateway/clock.ts';
import { createLog } from '../../gateway/log.ts';
import { requireProgram } from '../system-programs.ts';
import { configOf, connect, venueYaml } from './fixture.ts';
import { type InfluxServer, influxServer, type Row } from './influx/servers.ts';
import { versionOne } from './influx/writers.ts';

const installed = requireProgram('influxd', 'influxdb');

/** Judged seconds in one. */
const SPEED = 60;
const HOUR_MS = 3_600_000;

const VENUE = `
zones:
  lane: { areaM2: 50 }
  pit: { areaM2: 100, capacity: 300, use: standing }
devices:
  gate: { profile: people-counter, zone: lane, reports: { everySeconds: 86400 } }
  left: { profile: people-counter, zone: pit, reports: { everySeconds: 86400 } }
  right: { profile: people-counter, zone: pit, reports: { everySeconds: 86400 } }
  mains: { profile: current-clamp, zone: lane, ratedAmps: 32 }
rules: [{ id: crowd, kind: crowd-density }]
security: { anonymous: loopback }
`;

/** Rows of a query once there are so many. */
const rowsOf = async (server: InfluxServer, query: string, count: number): Promise<readonly Row[]> => {
  const deadlineMs = performance.now() + 20_000;
  for (;;) {
    const rows = await server.query(query);
    if (rows.length >= count) return rows;
    if (performance.now() > deadlineMs) throw new Error(`${rows.length} rows of ${count}: ${query}`);
  }
};

describe.skipIf(!installed)('a gateway with InfluxDB, at sixty times the speed', () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.remove());

  test('writes what it makes of zones every ten judged seconds, no density of a count that lacks a gate, and ratings', async () => {
    const storeDirectory = mkdtempSync(join(tmpdir(), 'muster-zones-'));
    const epochMs = Math.floor((Date.now() - 2 * HOUR_MS) / 60_000) * 60_000;
    const clock = scaledClock(epochMs, SPEED);
    const config = { ...configOf(venueYaml(VENUE)), sinks: [versionOne(server.url)] };
    const app = await startApp({ config, clock, log: createLog({ write: () => undefined }), storeDirectory });
    onTestFinished(async () => {
      await app.stop();
      rmSync(storeDirectory, { recursive: true, force: true });
    });
    const client = await connect(app);
    onTestFinished(() => client.endAsync());
    const send = (device: string, ...records: readonly object[]) =>
      client.publishAsync(`muster/hall/up/${device}`, JSON.stringify(records), { qos: 1 });
    await send('gate', { n: 'entries', v: 130 }, { n: 'exits', v: 5 });
    await send('left', { n: 'entries', v: 200 });
    await send('mains', { n: 'current', v: 20 });
    clock.startAt(Date.now());

    const of = `FROM "crowd" WHERE "device" = '' AND "zone" =`;
    const lane = await rowsOf(server, `SELECT * ${of} 'lane'`, 3);
    for (const row of lane) {
      expect(row).toMatchObject({
        venue: 'hall',
        persons: 125,
        densityPerM2: 2.5,
        areaM2: 50,
        standing: 0,
        complete: 1,
      });
      expect(row.device ?? null).toBeNull();
    }
    const tens = (await server.query(`SELECT "complete" ${of} 'lane'`)).map(({ time }) =>
      Math.floor((Number(time) / 1000 - epochMs) / 10_000),
    );
    // A held-up machine may leave a moment out; none comes twice, and none before its time.
    expect(new Set(tens).size).toBe(tens.length);
    expect(tens[0]).toBeGreaterThan(0);

    await rowsOf(server, `SELECT "complete" ${of} 'pit'`, 3);
    expect(await server.query(`SELECT "persons", "densityPerM2" ${of} 'pit'`)).toEqual([]);
    const known = `SELECT * FROM "crowd" WHERE "device" = '' AND "zone" = 'pit'`;
    for (const row of await server.query(known))
      expect(row).toMatchObject({ areaM2: 100, capacity: 300, standing: 1, complete: 0 });

    await send('right', { n: 'entries', v: 10 }, { n: 'exits', v: 60 });
    const [pit] = await rowsOf(
      server,
      `SELECT "persons", "densityPerM2", "complete" ${of} 'pit' AND "complete" = 1`,
      1,
    );
    expect(pit).toMatchObject({ persons: 150, densityPerM2: 1.5, complete: 1 });

    const [rating] = await rowsOf(server, `SELECT "ratedAmps", "device", "zone", "venue" FROM "power"`, 1);
    expect(rating).toMatchObject({ ratedAmps: 32, device: 'mains', zone: 'lane', venue: 'hall' });
    expect(app.health().counters).toMatchObject({ store: { droppedFacts: 0 }, influx_influxdb: { droppedFacts: 0 } });
  }, 60_000);
});
