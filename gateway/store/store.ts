import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import type { Alarm, OutOfService } from '../../rules/alarms/alarm.ts';
import type { DeskEvent } from '../../rules/alarms/desk.ts';
import type { AcknowledgeInput } from '../../rules/engine.ts';
import type { InfluxStatus } from '../influx/ledger.ts';
import type { VenueFact } from '../influx/lines/facts.ts';
import type { Counters } from '../influx/lines/gateway.ts';
import type { InfluxSettings } from '../influx/settings.ts';
import type { Log } from '../log.ts';
import type { Attempt, KeptOutbox, OutboxEntry } from '../notifiers/notice.ts';
import type { Decision, KeptResponse, ResponseEntry } from '../response/decision.ts';
import type { Sink } from '../sinks/sink.ts';
import type { AlarmEventQuery } from './database/alarms.ts';
import type { AttemptQuery } from './database/outbox.ts';
import type { TroubleCode } from './errors.ts';
import type { HistoryQuery } from './protocol.ts';

export interface StoreOptions {
  /** Made where it is missing. One gateway at a time. */
  readonly directory: string;
  /**
   * What is acknowledged is on disk either way. `batched`: a commit for everything that came in `commitEveryMs`;
   * `sync`: at the end of every turn of the event loop in which something came.
   */
  readonly durability?: 'batched' | 'sync';
  /** 1 to 250; default 25. */
  readonly commitEveryMs?: number;
  readonly log: Log;
  /** Judged time; for names and stamps. */
  nowMs(): number;
  /** What may wait for the disk in memory before readings are dropped; default 16 MiB. */
  readonly pendingBytesMax?: number;
  /** The log is kept for readers that lag up to so many bytes; default 256 MiB. */
  readonly logBytesMax?: number;
  /**
   * Readings that make a window worth packing; default 2,000,000, which is 40 MB: with 18,000 series and fewer of them
   * in a window, most of the worker's time went into opening short blocks to make them longer.
   */
  readonly packReadings?: number;
  /** The oldest that an unpacked window gets; default 600. */
  readonly packEverySeconds?: number;
  /** Databases that the log is written to from the worker, each from where it was. */
  readonly influx?: readonly InfluxSettings[];
  onTrouble?(trouble: StoreTrouble): void;
}

/**
 * `failing`: commits fail and are tried again; senders are not acknowledged, the gateway goes on judging. `recovered`:
 * they succeed again. `set-aside`: the database was damaged, was moved to `path`, and a new one was begun: what it held
 * is not served any more. `dropping`: the disk is so far behind that readings are dropped.
 */
export type StoreTrouble =
  | { readonly type: 'failing'; readonly code: TroubleCode; readonly message: string }
  | { readonly type: 'recovered' }
  | { readonly type: 'dropping' }
  | { readonly type: 'set-aside'; readonly path: string; readonly damage: string };

/** Oldest first, at most 10,000. */
export interface HistoryAnswer {
  /**
   * Point after point: `timeMs, value`, or with a step `timeMs, min, mean, max` of each step that holds a reading. Times
   * may have a fraction, to the microsecond; steps begin at whole multiples of the step.
   */
  readonly values: Float64Array;
  /** Where there may be more: `fromMs` of the next question, whole milliseconds. */
  readonly nextMs?: number;
}

/** Alarms that are over, the one closed last first. */
export interface ClosedAlarms {
  readonly items: readonly Alarm[];
  /** `before` of the next question, where there may be more. */
  readonly next?: string;
}

export interface AlarmEventAnswer {
  readonly events: readonly DeskEvent[];
  /** `after` of the next question, where there may be more. */
  readonly next?: number;
}

export interface AttemptAnswer {
  readonly attempts: readonly Attempt[];
  /** `after` of the next question, where there may be more. */
  readonly next?: number;
}

export interface DecisionAnswer {
  readonly decisions: readonly Decision[];
  /** `after` of the next question, where there may be more. */
  readonly next?: number;
}

/** What the hot path judged, as recovery hands it over again, in order. */
export type LoggedRecord =
  | { readonly type: 'sample'; readonly sample: Sample }
  | { readonly type: 'occurrence'; readonly occurrence: Occurrence }
  | { readonly type: 'event'; readonly event: DeskEvent }
  | { readonly type: 'acknowledgement'; readonly input: AcknowledgeInput };

/** A batch of the log. */
export interface LoggedBatch {
  readonly sequence: number;
  readonly records: readonly LoggedRecord[];
}

/** What was safe when the store was opened. To be read before anything is written. */
export interface Recovery {
  /** Of the last complete snapshot: it covers the log up to there. 0: there is none. */
  readonly snapshotSequence: number;
  /** The gateway ran to this judged time, and all that it was handed by then is in the log. Undefined: only the log tells. */
  readonly ranToMs: number | undefined;
  /** Parts of the last complete snapshot, by key; in order of keys. */
  snapshot(): AsyncIterable<readonly [key: string, value: unknown]>;
  /** What was logged after the snapshot. */
  batches(): AsyncIterable<LoggedBatch>;
}

/**
 * A snapshot in the making: parts that have changed since the last complete one, put over several turns. It counts when
 * `complete` has come true, all at once; given up, it leaves nothing behind.
 */
export interface SnapshotWriter {
  /** It covers all that was handed to the store before it was begun. */
  readonly sequence: number;
  /** There is no complete snapshot below it: every part has to be put, not the changed ones alone. */
  readonly isFirst: boolean;
  /** Plain JSON by key; undefined: the key is gone. False: the store is behind, give it up and try again later. */
  put(parts: Iterable<readonly [key: string, value: object | undefined]>): boolean;
  /** Resolves when it is on disk; false: it did not come to be. */
  complete(): Promise<boolean>;
}

export interface StoreHealth {
  readonly isFailing: boolean;
  /** Waiting for the disk. */
  readonly pendingBytes: number;
  readonly pendingBatches: number;
  /** How long the oldest of them has waited, milliseconds. */
  readonly oldestPendingMs: number;
  readonly droppedSamples: number;
  readonly droppedOccurrences: number;
  readonly droppedEvents: number;
  /** What no device reports, not handed to a worker that was behind or gone. */
  readonly droppedFacts: number;
  /** Senders that were not acknowledged, because what they sent was dropped. */
  readonly refusedCommits: number;
  readonly workerRestarts: number;
  /** Of the worker: see gauges.ts. */
  readonly gauges: Readonly<Record<string, number>>;
  /** As of the last second. */
  readonly influx: readonly InfluxStatus[];
}

/** The embedded store, as the gateway sees it. Nothing here waits for the disk. */
export interface Store extends Sink {
  /** `isAcknowledged`: its sender learns that it is safe; false: it may be dropped when the disk is far behind. */
  sample(sample: Sample, isAcknowledged?: boolean): void;
  acknowledgement(input: AcknowledgeInput): void;
  /** The gateway runs: what a restart finds to be down time begins after it. Outlives a kill, and once a second a power cut. */
  ranTo(atMs: number): void;
  /** What notifiers have to tell and have told; in the commit of the alarm event of the same turn. */
  outbox(entry: OutboxEntry): void;
  /** What was decided about telling people, and how far that is; in the commit of the alarm event of the same turn. */
  response(entry: ResponseEntry): void;
  readonly recovery: Recovery;
  beginSnapshot(): SnapshotWriter;
  /** @throws StoreQueryError */
  history(query: HistoryQuery): Promise<HistoryAnswer>;
  alarmEvents(query: AlarmEventQuery): Promise<AlarmEventAnswer>;
  openAlarms(): Promise<readonly Alarm[]>;
  outOfService(): Promise<readonly OutOfService[]>;
  closedAlarms(limit: number, before?: string): Promise<ClosedAlarms>;
  /** What had to be told and was not yet. */
  outboxKept(): Promise<KeptOutbox>;
  attempts(query: AttemptQuery): Promise<AttemptAnswer>;
  /** How far the response to open alarms was, and what stands still. */
  responseKept(): Promise<KeptResponse>;
  decisions(query: AttemptQuery): Promise<DecisionAnswer>;
  health(): StoreHealth;
  /** The gateway's own line in InfluxDB. */
  count(counters: Counters): void;
  /** What no device reports, as lines in InfluxDB: of now, not kept here. */
  facts(facts: readonly VenueFact[]): void;
  /** Resolves when all that was handed over is on disk, or cannot be. */
  stop(): Promise<void>;
}
