import { expect, test } from 'vitest';
import type { InfluxStatus } from '../../../gateway/influx/ledger.ts';
import { storeFigures } from '../../../gateway/store/figures.ts';
import type { StoreHealth } from '../../../gateway/store/store.ts';

const influx: InfluxStatus = {
  id: 'cloud',
  state: 'writing',
  writtenLines: 10,
  rejectedLines: 0,
  droppedReadings: 0,
  droppedFacts: 0,
  requests: 3,
  retriedRequests: 1,
  damagedBatches: 0,
  lagSeconds: 2,
};

const well: StoreHealth = {
  isFailing: false,
  pendingBytes: 5,
  pendingBatches: 1,
  oldestPendingMs: 59_999,
  droppedSamples: 0,
  droppedOccurrences: 0,
  droppedEvents: 0,
  droppedFacts: 2,
  refusedCommits: 0,
  workerRestarts: 0,
  gauges: { commits: 4, committedReadings: 40, logBytes: 900, slowestCommitMs: 12 },
  influx: [influx],
};

test('counters and levels of the store and of each InfluxDB', () => {
  const { counters, levels, problems } = storeFigures(well);
  expect(counters).toMatchObject({
    store: { droppedSamples: 0, droppedFacts: 2, commits: 4, committedReadings: 40, damagedBlocks: 0 },
    influx_cloud: { writtenLines: 10, requests: 3, retriedRequests: 1 },
  });
  expect(levels).toEqual({
    store: {
      pendingBytes: 5,
      pendingBatches: 1,
      oldestPendingSeconds: 59.999,
      openReadings: 0,
      logBytes: 900,
      freeBytes: 0,
      slowestCommitSeconds: 0.012,
    },
    influx_cloud: { lagSeconds: 2 },
  });
  expect(problems).toEqual([]);
});

test.each<[string, Partial<StoreHealth>, Partial<InfluxStatus>]>([
  ['store-failing', { isFailing: true }, {}],
  ['store-failing', { isFailing: true, oldestPendingMs: 60_000 }, {}],
  ['store-hung', { oldestPendingMs: 60_000 }, {}],
  ['store-dropping', { droppedSamples: 1 }, {}],
  ['store-dropping', { droppedEvents: 1 }, {}],
  ['influx-behind', {}, { state: 'retrying' }],
  ['influx-refused', {}, { state: 'refused' }],
  ['influx-dropping', {}, { droppedReadings: 1 }],
  ['influx-dropping', {}, { droppedFacts: 1 }],
  ['influx-dropping', {}, { damagedBatches: 1 }],
  ['influx-rejecting', {}, { rejectedLines: 1 }],
])('%s: %j %j', (problem, store, status) => {
  expect(storeFigures({ ...well, ...store, influx: [influx, { ...influx, ...status }] }).problems).toEqual([problem]);
});
