import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Log } from '../../../gateway/log.ts';
import { openStore } from '../../../gateway/store/open-store.ts';
import type { LoggedBatch, Store, StoreOptions, StoreTrouble } from '../../../gateway/store/store.ts';
import type { Metrics } from '../../../ingest/model/metrics.ts';
import type { Sample } from '../../../ingest/model/sample.ts';
import { createSample } from '../../../ingest/model/stamp.ts';

/** 2023-11-14T22:13:20Z. */
export const START_MS = 1_700_000_000_000;

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Gone after the test. */
export const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'muster-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

export interface TestStore extends Store {
  readonly troubles: readonly StoreTrouble[];
}

/** Stopped after the test. */
export const openTestStore = async (directory: string, options: Partial<StoreOptions> = {}): Promise<TestStore> => {
  const troubles: StoreTrouble[] = [];
  const store = await openStore({
    directory,
    log: silentLog,
    nowMs: () => START_MS,
    commitEveryMs: 1,
    onTrouble: (trouble) => troubles.push(trouble),
    ...options,
  });
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= store.stop();
    return stopping;
  };
  onTestFinished(stop);
  return { ...store, troubles, stop };
};

/** Everything handed over so far is on disk. */
export const committed = (store: Store): Promise<void> => new Promise((resolve) => store.commit(resolve));

export const sampleAt = (nowMs: number, metrics: Metrics = { temperatureCelsius: 21.5 }, device = 'kitchen'): Sample =>
  createSample(device, '', nowMs, 'arrival', nowMs, undefined, metrics);

export const loggedBatches = async (store: Store): Promise<readonly LoggedBatch[]> => {
  const batches: LoggedBatch[] = [];
  for await (const batch of store.recovery.batches()) batches.push(batch);
  return batches;
};

/** Values of one device's temperature, all pages. */
export const temperatures = async (store: Store, device = 'kitchen'): Promise<readonly number[]> => {
  const values: number[] = [];
  let fromMs: number | undefined = 0;
  while (fromMs !== undefined) {
    const answer = await store.history({
      device,
      channel: '',
      metric: 'temperatureCelsius',
      fromMs,
      toMs: 2 * START_MS,
    });
    values.push(...answer.values.filter((_, index) => index % 2 === 1));
    fromMs = answer.nextMs;
  }
  return values;
};
