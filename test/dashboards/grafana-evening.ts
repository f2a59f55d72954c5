import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '../../gateway/app.ts';
import { readScenario } from '../../gateway/cli/scenario/file.ts';
import { play } from '../../gateway/cli/scenario/play.ts';
import { readVenueFile } from '../../gateway/config/load.ts';
import type { VenueConfig } from '../../gateway/config/schema.ts';
import { gatewayLine } from '../../gateway/influx/lines/gateway.ts';
import { reportItself } from '../../gateway/self-report.ts';
import { PACKAGE_ROOT } from '../../gateway/version.ts';
import { METRIC_NAMES } from '../../ingest/model/metrics.ts';
import { ADMIN, DATABASE, type InfluxServer, influxServer, WRITER } from '../gateway/influx/servers.ts';
import { sinkOf } from '../gateway/influx/writers.ts';

/** The evening's 75 minutes in 15 s. */
const SPEED = 300;
const AFTERWARDS_MS = 10_000;
const DRAINED_WITHIN_MS = 30_000;
const HOUR_MS = 3_600_000;

/** A device that stands nowhere in particular: All zones must show it too. */
export const HOMELESS = 'bar-power';

export interface Evening {
  readonly server: InfluxServer;
  readonly fromMs: number;
  readonly toMs: number;
  remove(): Promise<void>;
}

const withoutZone = (config: VenueConfig): VenueConfig['devices'] => {
  const device = config.devices[HOMELESS];
  if (device === undefined) throw new Error(`the venue has no ${HOMELESS}`);
  const { zone: _, ...homeless } = device;
  return { ...config.devices, [HOMELESS]: homeless };
};

/** Waits until the database has as many readings as the gateway has kept. */
const drained = async (app: App, server: InfluxServer): Promise<void> => {
  const deadlineMs = performance.now() + DRAINED_WITHIN_MS;
  for (;;) {
    const { counters, levels } = app.health();
    const rows = await server.query('SELECT count(*) FROM climate, crowd, power, badge, gateway');
    const found = rows
      .flatMap((row) => METRIC_NAMES.map((name) => row[`count_${name}`]))
      .reduce<number>((sum, count) => sum + (typeof count === 'number' ? count : 0), 0);
    if (levels?.store?.pendingBytes === 0 && found > 0 && found >= (counters.store?.committedReadings ?? 0)) return;
    if (performance.now() > deadlineMs) throw new Error(`InfluxDB has only ${found} readings`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};

/**
 * The gateway tells its figures every ten seconds of the wall clock: twice in an evening that is played this fast. Here
 * it is asked at every alarm event too, and says it in its own words.
 */
const figuresAtEvents = (venue: string, app: App, lines: string[]): ((timeMs: number) => void) => {
  let report = (): void => undefined;
  let timeMs = 0;
  reportItself({
    store: {
      count: (counters) => {
        const line = gatewayLine(venue, counters, Math.round(timeMs * 1000));
        if (line !== undefined) lines.push(line);
      },
    },
    timers: {
      now: () => timeMs,
      after: (_, task) => {
        report = task;
        return () => undefined;
      },
    },
    health: () => app.health(),
  });
  return (atMs) => {
    timeMs = atMs;
    report();
  };
};

const write = async (server: InfluxServer, lines: readonly string[]): Promise<void> => {
  const authorization = `Basic ${Buffer.from(`${ADMIN.username}:${ADMIN.password}`).toString('base64')}`;
  const url = `${server.url}/write?db=${DATABASE}&precision=u`;
  const answer = await fetch(url, { method: 'POST', headers: { authorization }, body: lines.join('\n') });
  if (!answer.ok) throw new Error(`writing the figures: ${answer.status} ${await answer.text()}`);
};

const playInto = async (server: InfluxServer, directory: string, fromMs: number): Promise<number> => {
  const scenario = readScenario(join(PACKAGE_ROOT, 'firmware-sim', 'scenarios', 'evening.yaml'));
  const venue = readVenueFile(scenario.venueFile);
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, WRITER.password);
  const { username } = WRITER;
  const sink = sinkOf({ version: 1, url: server.url, database: DATABASE, username, passwordFile, positions: true });
  const lines: string[] = [];
  let figures = (_: number): void => undefined;
  const { failure } = await play({
    scenario,
    config: { ...venue, devices: withoutZone(venue), sinks: [sink] },
    speed: SPEED,
    epochMs: fromMs,
    mqttPort: 0,
    httpPort: 0,
    storeDirectory: join(directory, 'store'),
    signal: new AbortController().signal,
    onStart: (app) => {
      figures = figuresAtEvents(venue.venue.id, app, lines);
    },
    onEvent: (_, atSeconds) => figures(fromMs + atSeconds * 1000),
    onProblem: () => undefined,
    onEnd: (app) => drained(app, server),
  });
  if (failure !== undefined) throw failure;
  await write(server, lines);
  return fromMs + scenario.durationSeconds * 1000 + AFTERWARDS_MS;
};

/** The demo's evening, played by a real gateway into a real InfluxDB. */
export const playedEvening = async (): Promise<Evening> => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-grafana-'));
  const server = await influxServer();
  const remove = async (): Promise<void> => {
    await server.remove();
    rmSync(directory, { recursive: true, force: true });
  };
  const fromMs = Date.now() - 2 * HOUR_MS;
  try {
    return { server, fromMs, toMs: await playInto(server, directory, fromMs), remove };
  } catch (error) {
    await remove();
    throw error;
  }
};
