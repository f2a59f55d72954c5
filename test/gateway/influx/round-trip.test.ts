import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { storedTagValue, tag } from '../../../gateway/influx/lines/escape.ts';
import { METRIC_NAMES, METRICS } from '../../../ingest/model/metrics.ts';
import { requireProgram } from '../../system-programs.ts';
import { sampleOf, testLog } from './log.ts';
import { type InfluxServer, influxServer, type MetricsServer, metricsServer } from './servers.ts';
import { sinkOf, startWriter, versionOne } from './writers.ts';

const [influx, metrics] = [
  requireProgram('influxd', 'influxdb'),
  requireProgram('victoria-metrics', 'victoria-metrics'),
];

/** Everything that line protocol gives a meaning, often; and anything else. */
const hostile = fc.oneof(
  fc.string({
    unit: fc.constantFrom(',', ' ', '=', '\\', '"', "'", '#', '\n', '\t', 'a', '安'),
    minLength: 1,
    maxLength: 12,
  }),
  fc.string({ unit: 'grapheme', minLength: 1 }),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom(
    '\\',
    'a\\',
    ',',
    ' ',
    '=',
    '__proto__',
    'constructor',
    'time',
    'device',
    '#',
    '"',
    '\\,',
    'x\\ y',
    '\u0000',
  ),
);

const anyNumber = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (Object.is(value, -0) ? 0 : value));

/** VictoriaMetrics keeps decimal fractions, and not every digit of every double. */
const hundredths = fc.integer({ min: -1e6, max: 1e6 }).map((value) => value / 100);

const RUNS = 20;
const PER_RUN = 50;

/** Names that differ as the server keeps them. */
const names = fc.uniqueArray(hostile, { minLength: PER_RUN, maxLength: PER_RUN, selector: storedTagValue });

const numbersOf = (one: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.array(one, { minLength: PER_RUN, maxLength: PER_RUN });

test('what cannot be written is replaced, all else stays; no value makes no tag', () => {
  expect(storedTagValue('a,b c=d"e\\f 安全')).toBe('a,b c=d"e\\f 安全');
  expect(storedTagValue('a\\,b\\ c\\=d\\\\e\\')).toBe('a�,b� c�=d�\\e�');
  expect(storedTagValue('a\nb\tc\u0000d\u007f')).toBe('a�b�c�d�');
  expect(tag('zone', 'a, b=c')).toBe(',zone=a\\,\\ b\\=c');
  expect([tag('zone', ''), tag('zone', undefined)]).toEqual(['', '']);
});

describe.skipIf(!influx)('InfluxDB gives back what was written', () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await influxServer();
  });
  afterAll(() => server.remove());

  test('any device name, any channel, any number', async () => {
    const check = fc.asyncProperty(names, names, numbersOf(anyNumber), async (devices, channels, numbers) => {
      const log = testLog();
      const nowMs = Date.now();
      log.commit((batch) => {
        for (const [index, device] of devices.entries())
          batch.sample(sampleOf(device, { energyWattHours: numbers[index] ?? 0 }, nowMs, channels[index]));
      });
      const writer = startWriter(versionOne(server.url), log);
      await writer.allWritten();
      expect(writer.status()).toMatchObject({ writtenLines: PER_RUN, rejectedLines: 0, requests: 1 });
      const rows = await server.query(`SELECT energyWattHours, device, channel FROM power WHERE time = ${nowMs}ms`);
      const found = new Map(rows.map(({ device, channel, energyWattHours }) => [device, [channel, energyWattHours]]));
      for (const [index, device] of devices.entries())
        expect(found.get(storedTagValue(device))).toEqual([storedTagValue(channels[index] ?? ''), numbers[index]]);
      await server.query('DROP MEASUREMENT power');
    });
    await fc.assert(check, { numRuns: RUNS, endOnFailure: true });
  }, 60_000);

  test('every metric lands in its measurement, as a number', async () => {
    const log = testLog();
    const nowMs = Date.now();
    log.commit((batch) => {
      for (const [index, name] of METRIC_NAMES.entries()) batch.sample(sampleOf('all', { [name]: index + 0.5 }, nowMs));
    });
    const writer = startWriter(versionOne(server.url, { positions: true }), log);
    await writer.allWritten();
    for (const [index, name] of METRIC_NAMES.entries()) {
      const rows = await server.query(`SELECT "${name}" FROM ${METRICS[name].family} WHERE device = 'all'`);
      expect(rows, name).toEqual([{ time: nowMs * 1000 + index, [name]: index + 0.5 }]);
    }
  });
});

describe.skipIf(!metrics)('VictoriaMetrics takes the same lines', () => {
  let server: MetricsServer;
  beforeAll(async () => {
    server = await metricsServer();
  });
  afterAll(() => server.remove());

  test.each([
    ['v2', { org: 'any', bucket: 'any' }],
    ['v1', { version: 1, database: 'any' }],
  ])('over the API of %s: any device name, any number', async (api, entry) => {
    const check = fc.asyncProperty(names, numbersOf(hundredths), async (devices, numbers) => {
      const log = testLog();
      const nowMs = Date.now();
      log.commit((batch) => {
        for (const [index, device] of devices.entries())
          batch.sample(sampleOf(device, { currentAmps: numbers[index] ?? 0 }, nowMs, api));
      });
      await startWriter(sinkOf({ url: server.url, ...entry }), log).allWritten();
      const series = await server.series(`power_currentAmps{channel="${api}"}`, PER_RUN);
      const found = new Map(
        series.map(({ labels, values, timestamps }) => [labels.device, [...values, ...timestamps]]),
      );
      for (const [index, device] of devices.entries())
        expect(found.get(storedTagValue(device))).toEqual([numbers[index], nowMs]);
    });
    await fc.assert(check, { numRuns: 1 });
  });
});
