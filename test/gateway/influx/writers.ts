import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { liveClock } from '../../../gateway/clock.ts';
import { buildRegistry } from '../../../gateway/config/registry.ts';
import { type InfluxSink, influxSettings } from '../../../gateway/influx/settings.ts';
import { type InfluxWriter, startInfluxWriter, type WriterTiming } from '../../../gateway/influx/writer.ts';
import { until } from '../../until.ts';
import { configOf } from '../config/fixture.ts';
import type { TestLog } from './log.ts';
import { DATABASE, WRITER } from './servers.ts';

/** Waits short enough for a test, long enough to count what happens meanwhile. */
const TIMING: WriterTiming = { firstRetryMs: 20, maxRetryMs: 100, refusedRetryMs: 60, gatherMs: 1 };

export interface TestWriter extends InfluxWriter {
  /** Every line of the log, as JSON. */
  readonly told: readonly string[];
  /** Wakes it and waits until the whole log is settled. */
  allWritten(): Promise<void>;
}

/** A file with a secret in it; gone after the test. */
export const secretFile = (secret: string): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-secret-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'secret');
  writeFileSync(file, `${secret}\n`);
  return file;
};

/** An entry of `sinks` as venue.yaml would have it. */
export const sinkOf = (entry: Readonly<Record<string, unknown>>): InfluxSink => {
  const [sink] = configOf(`sinks: ${JSON.stringify([{ kind: 'influxdb', ...entry }])}`).sinks;
  if (sink === undefined) throw new Error('no sink');
  return sink;
};

/** InfluxDB 2, as a scripted server passes for it. */
export const sinkAt = (url: string, entry: Readonly<Record<string, unknown>> = {}): InfluxSink =>
  sinkOf({ url, bucket: 'venue', ...entry });

/** InfluxDB 1 with the user who may write; `entry` overrides. */
export const versionOne = (url: string, entry: Readonly<Record<string, unknown>> = {}): InfluxSink =>
  sinkOf({
    version: 1,
    url,
    database: DATABASE,
    username: WRITER.username,
    passwordFile: secretFile(WRITER.password),
    ...entry,
  });

const VENUE = [
  'zones: { stage: {}, foyer: {} }',
  'devices: { kitchen: { profile: climate, zone: foyer } }',
  'roles: { steward: {} }',
  'badges: { badge-07: { role: steward, zone: stage } }',
];

export const startWriter = (
  sink: InfluxSink,
  log: TestLog,
  timing: Partial<WriterTiming> = {},
  restMs = () => 0,
): TestWriter => {
  const told: string[] = [];
  const tell = (fields: object, message: string): void => {
    told.push(JSON.stringify({ ...fields, message }));
  };
  const config = configOf(...VENUE);
  const [settings] = influxSettings({ ...config, sinks: [sink] }, buildRegistry(config));
  if (settings === undefined) throw new Error('no settings');
  const writer = startInfluxWriter({
    // As it reaches the store's worker.
    settings: structuredClone(settings),
    log,
    names: log.names,
    clock: liveClock(),
    report: { info: tell, warn: tell, error: tell },
    timing: { ...TIMING, ...timing },
    restMs,
  });
  onTestFinished(() => writer.stop());
  return {
    ...writer,
    told,
    allWritten: async () => {
      writer.wake();
      await until(() => log.settled === log.length, 'everything is settled', 15_000);
    },
  };
};
