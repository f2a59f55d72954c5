import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { App } from '../../gateway/app.ts';
import { readScenario } from '../../gateway/cli/scenario/file.ts';
import { play } from '../../gateway/cli/scenario/play.ts';
import { readVenueFile } from '../../gateway/config/load.ts';
import { FAMILIES } from '../../gateway/influx/lines/families.ts';
import { PACKAGE_ROOT } from '../../gateway/version.ts';
import { METRIC_NAMES } from '../../ingest/model/metrics.ts';
import { requireProgram } from '../system-programs.ts';
import { until } from '../until.ts';
import { getJson } from './fixture.ts';
import { type InfluxServer, influxServer, type Row } from './influx/servers.ts';
import { versionOne } from './influx/writers.ts';

const installed = requireProgram('influxd', 'influxdb');

/** The evening's 75 minutes in 15 s. */
const SPEED = 300;
const DRAINED_WITHIN_MS = 30_000;
const HOUR_MS = 3_600_000;

/** `[Unix µs, value]`, oldest first. */
type Points = (readonly [timeUs: number, value: number])[];

/** By `["device","channel","metric"]`. */
type AllSeries = ReadonlyMap<string, Points>;

const nameSchema = z.tuple([z.string(), z.string(), z.string()]);
const pageSchema = z.looseObject({ next: z.never().optional() });
const historySchema = pageSchema.extend({ points: z.array(z.tuple([z.number(), z.number()])) });
const devicesSchema = pageSchema.extend({
  items: z.array(z.looseObject({ id: z.string(), channels: z.record(z.string(), z.record(z.string(), z.number())) })),
});

const seriesName = (...name: z.input<typeof nameSchema>): string => JSON.stringify(name);

/** Takes the rows of a measurement apart into a series for each device, channel and metric. */
const takeRows = (rows: readonly Row[], all: Map<string, Points>): void => {
  for (const { time, device, channel, ...fields } of rows) {
    // The gateway's own line has no device.
    if (typeof device !== 'string') continue;
    for (const metric of METRIC_NAMES) {
      const value = fields[metric];
      if (typeof value !== 'number') continue;
      const name = seriesName(device, typeof channel === 'string' ? channel : '', metric);
      const points = all.get(name) ?? [];
      points.push([Number(time), value]);
      all.set(name, points);
    }
  }
};

const inInflux = async (server: InfluxServer): Promise<AllSeries> => {
  const all = new Map<string, Points>();
  for (const family of FAMILIES) takeRows(await server.query(`SELECT * FROM ${family}`), all);
  return all;
};

/** Every series of which the gateway shows a last value: all that came in since its start. */
const seriesOfDevices = async (app: App): Promise<readonly string[]> => {
  const { items } = devicesSchema.parse(await getJson(app, '/api/v1/devices?limit=500'));
  return items.flatMap(({ id, channels }) =>
    Object.entries(channels).flatMap(([channel, metrics]) =>
      Object.keys(metrics).map((metric) => seriesName(id, channel, metric)),
    ),
  );
};

const inHistory = async (app: App, names: Iterable<string>, epochMs: number): Promise<AllSeries> => {
  const all = new Map<string, Points>();
  const range = { from: String(epochMs - HOUR_MS), to: String(epochMs + 3 * HOUR_MS) };
  for (const name of names) {
    const [device, channel, metric] = nameSchema.parse(JSON.parse(name));
    const query = new URLSearchParams({ device, channel, metric, ...range });
    const { points } = historySchema.parse(await getJson(app, `/api/v1/history?${query}`));
    all.set(
      name,
      points.map(([timeMs, value]) => [Math.round(timeMs * 1000), value]),
    );
  }
  return all;
};

const readingsIn = (all: AllSeries): number => [...all.values()].reduce((sum, points) => sum + points.length, 0);

/** What InfluxDB holds once it has as many readings as the store has committed. */
const drained = async (app: App, server: InfluxServer): Promise<AllSeries> => {
  await until(() => app.health().levels?.store?.pendingBytes === 0, 'all is committed');
  const committed = app.health().counters.store?.committedReadings ?? Number.NaN;
  const deadlineMs = performance.now() + DRAINED_WITHIN_MS;
  for (;;) {
    const influx = await inInflux(server);
    if (readingsIn(influx) >= committed) return influx;
    if (performance.now() > deadlineMs) throw new Error(`InfluxDB has ${readingsIn(influx)} of ${committed} readings`);
  }
};

describe.skipIf(!installed)('after the evening of the demo', () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.remove());

  test('InfluxDB and history hold the same readings: each device, channel and metric, each time, each value', async () => {
    const storeDirectory = mkdtempSync(join(tmpdir(), 'muster-evening-'));
    onTestFinished(() => rmSync(storeDirectory, { recursive: true, force: true }));
    const scenario = readScenario(join(PACKAGE_ROOT, 'firmware-sim', 'scenarios', 'evening.yaml'));
    const config = { ...readVenueFile(scenario.venueFile), sinks: [versionOne(server.url, { positions: true })] };
    const epochMs = Date.now() - 2 * HOUR_MS;
    let compared = 0;
    const { failure } = await play({
      scenario,
      config,
      speed: SPEED,
      epochMs,
      mqttPort: 0,
      httpPort: 0,
      storeDirectory,
      signal: new AbortController().signal,
      onEvent: () => undefined,
      onProblem: () => undefined,
      onEnd: async (app) => {
        const influx = await drained(app, server);
        const history = await inHistory(app, new Set([...(await seriesOfDevices(app)), ...influx.keys()]), epochMs);
        expect([...influx.keys()].sort()).toEqual([...history.keys()].sort());
        for (const [name, points] of history) expect(influx.get(name), name).toEqual(points);
        compared = readingsIn(history);
        const { counters, problems } = app.health();
        expect(counters.store?.committedReadings).toBe(compared);
        expect(counters.intake?.samples).toBeGreaterThan(10_000);
        expect(problems).toEqual([]);
      },
    });
    expect(failure).toBeUndefined();
    expect(compared).toBeGreaterThan(20_000);
  }, 120_000);
});
