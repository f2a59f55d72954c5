import type { LogCursor } from '../../../gateway/influx/feed.ts';
import { BatchEncoder } from '../../../gateway/store/batch/encoder.ts';
import type { Names } from '../../../gateway/store/batch/reader.ts';
import { Sources } from '../../../gateway/store/batch/sources.ts';
import { METRIC_NAMES, type Metrics } from '../../../ingest/model/metrics.ts';
import type { Sample } from '../../../ingest/model/sample.ts';
import { createSample } from '../../../ingest/model/stamp.ts';

const NUMBERS: ReadonlyMap<string, number> = new Map(METRIC_NAMES.map((name, number) => [name, number]));

/** A log in memory, as the store's worker has one on disk: batches by number from 1, and a cursor that is kept. */
export interface TestLog extends LogCursor {
  readonly names: Names;
  /** Commits what the callback packs as one batch. */
  commit(pack: (batch: BatchEncoder) => void): void;
  /** Commits bytes as they are. */
  append(bytes: Uint8Array): void;
  /** Gives up everything before a batch. */
  forgetBefore(sequence: number): void;
  readonly settled: number;
  readonly length: number;
}

export const testLog = (): TestLog => {
  const sources = new Sources();
  const encoder = new BatchEncoder(sources, NUMBERS);
  const batches: Uint8Array[] = [];
  let settled = 0;
  let first = 1;
  return {
    names: { sources: sources.names, metrics: METRIC_NAMES },
    commit: (pack) => {
      pack(encoder);
      batches.push(encoder.seal().bytes);
    },
    append: (bytes) => batches.push(bytes),
    forgetBefore: (sequence) => {
      first = sequence;
    },
    after: (after = settled) => {
      const sequence = Math.max(first, after + 1);
      const bytes = batches[sequence - 1];
      return bytes === undefined ? undefined : { sequence, bytes };
    },
    settle: (sequence) => {
      settled = sequence;
    },
    get settled() {
      return settled;
    },
    get length() {
      return batches.length;
    },
  };
};

/** A sample as it came in, judged by arrival. */
export const sampleOf = (device: string, metrics: Metrics, nowMs: number, channel = ''): Sample =>
  createSample(device, channel, nowMs, 'arrival', nowMs, undefined, metrics);

export const START_MS = 1_795_485_952_000;

/** A log with one batch of so many samples, each of which makes a line. */
export const logOf = (samples: number): TestLog => {
  const log = testLog();
  log.commit((batch) => {
    for (let index = 0; index < samples; index += 1)
      batch.sample(sampleOf('kitchen', { temperatureCelsius: index }, START_MS + index));
  });
  return log;
};
