import { isMetricName } from '../../../ingest/model/metrics.ts';
import { RECORD } from '../batch/format.ts';
import { BatchReader, type Names } from '../batch/reader.ts';
import type { LogRow } from '../database/log.ts';
import type { SnapshotPart } from '../database/snapshots.ts';
import type { ReadyMessage } from '../protocol.ts';
import type { LoggedBatch, LoggedRecord, Recovery } from '../store.ts';

const LOG_ROWS = 32;
const SNAPSHOT_PARTS = 1000;

const recordOf = (reader: BatchReader, names: Names): LoggedRecord | undefined => {
  switch (reader.kind) {
    case RECORD.sample:
      return { type: 'sample', sample: reader.sample(names) };
    case RECORD.occurrence:
      return { type: 'occurrence', occurrence: reader.occurrence() };
    case RECORD.event:
      return { type: 'event', event: reader.event() };
    case RECORD.acknowledgement:
      return { type: 'acknowledgement', input: reader.acknowledgement() };
    default:
      return undefined;
  }
};

const decode = ({ sequence, bytes }: LogRow, names: Names): LoggedBatch => {
  const reader = new BatchReader(bytes);
  const records: LoggedRecord[] = [];
  while (reader.next()) {
    const record = recordOf(reader, names);
    if (record !== undefined) records.push(record);
  }
  return { sequence, records };
};

/** The two questions of recovery. */
export interface RecoveryQuestions {
  log(after: number, rows: number): Promise<readonly LogRow[]>;
  snapshot(afterKey: string, limit: number): Promise<readonly SnapshotPart[]>;
}

export const createRecovery = (ready: ReadyMessage, ask: RecoveryQuestions): Recovery => {
  const { snapshotSequence, lastSequence, names, ranToMs } = ready;
  const known: Names = {
    sources: names.sources,
    metrics: names.metrics.map((name) => (isMetricName(name) ? name : undefined)),
  };
  return {
    snapshotSequence,
    ranToMs,
    async *snapshot() {
      let afterKey = '';
      for (;;) {
        const parts = await ask.snapshot(afterKey, SNAPSHOT_PARTS);
        for (const [key, json] of parts) {
          if (json !== null) yield [key, JSON.parse(json)] as const;
          afterKey = key;
        }
        if (parts.length < SNAPSHOT_PARTS) return;
      }
    },
    async *batches() {
      let after = snapshotSequence;
      for (;;) {
        const rows = await ask.log(after, LOG_ROWS);
        for (const row of rows) {
          after = row.sequence;
          // What is written by now is not from before.
          if (after <= lastSequence) yield decode(row, known);
        }
        if (rows.length < LOG_ROWS || after >= lastSequence) return;
      }
    },
  };
};
