import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { influxSettings } from '../../../gateway/influx/settings.ts';
import { requireProgram } from '../../system-programs.ts';
import { until } from '../../until.ts';
import { configOf } from '../config/fixture.ts';
import { type InfluxServer, influxServer } from '../influx/servers.ts';
import { versionOne } from '../influx/writers.ts';
import { committed, openTestStore, sampleAt, type TestStore, temporaryDirectory } from './fixture.ts';

const installed = requireProgram('influxd', 'influxdb');

const COUNT = 3000;

describe.skipIf(!installed)('the log on its way to InfluxDB', () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.remove());

  const write = async (store: TestStore, startMs: number, from: number): Promise<void> => {
    for (let index = from; index < from + COUNT; index += 1)
      store.sample(sampleAt(startMs + Math.floor(index / 3), { temperatureCelsius: index / 10 }));
    await committed(store);
  };

  test('waits while the server is down and the store is closed, and every reading arrives once', async () => {
    const config = configOf('zones: { foyer: {} }', 'devices: { kitchen: { profile: climate, zone: foyer } }');
    const influx = influxSettings({ ...config, sinks: [versionOne(server.url)] }, buildRegistry(config));
    const directory = temporaryDirectory();
    const startMs = Date.now() - 60_000;
    const options = { influx, packReadings: 500, logBytesMax: 100_000_000 };

    const first = await openTestStore(directory, options);
    await write(first, startMs, 0);
    await until(() => first.health().influx[0]?.writtenLines === COUNT, 'the first are written', 10_000);
    await server.kill();
    await write(first, startMs, COUNT);
    await until(() => first.health().influx[0]?.state === 'retrying', 'it says that the server is gone', 10_000);
    await first.stop();

    const second = await openTestStore(directory, options);
    await write(second, startMs, 2 * COUNT);
    await server.start();
    await until(() => second.health().influx[0]?.writtenLines === 2 * COUNT, 'the rest is written', 15_000);
    const found = await server.query('SELECT temperatureCelsius FROM climate');
    const kept = await second.history({
      device: 'kitchen',
      channel: '',
      metric: 'temperatureCelsius',
      fromMs: startMs,
      toMs: startMs + 60_000,
    });
    expect(found.map(({ time, temperatureCelsius }) => [time, temperatureCelsius])).toEqual(
      Array.from({ length: kept.values.length / 2 }, (_, index) => [
        Math.round((kept.values[index * 2] ?? 0) * 1000),
        kept.values[index * 2 + 1],
      ]),
    );
    expect(found).toHaveLength(3 * COUNT);
    expect(second.health().influx[0]).toMatchObject({ state: 'writing', droppedReadings: 0, rejectedLines: 0 });
  }, 60_000);
});
