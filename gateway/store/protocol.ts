import type { InfluxStatus } from '../influx/ledger.ts';
import type { VenueFact } from '../influx/lines/facts.ts';
import type { Counters } from '../influx/lines/gateway.ts';
import type { InfluxSettings } from '../influx/settings.ts';
import type { Log } from '../log.ts';
import type { KeptOutbox } from '../notifiers/notice.ts';
import type { KeptResponse } from '../response/decision.ts';
import type { AlarmEventPage, AlarmEventQuery } from './database/alarms.ts';
import type { KnownNames } from './database/dictionary.ts';
import type { LogRow } from './database/log.ts';
import type { AttemptPage, AttemptQuery } from './database/outbox.ts';
import type { SnapshotPart } from './database/snapshots.ts';
import type { Refusal, StoreQueryError, TroubleCode } from './errors.ts';
import type { Columns, Range } from './history/query.ts';

/** What goes between the main thread and the store's worker. */

/** What the worker is started with. */
export interface WorkerSettings {
  readonly directory: string;
  readonly nowMs: number;
  /** A window is packed when it holds so many readings, or is so old. */
  readonly packReadings: number;
  readonly packEveryMs: number;
  /** The log is kept for readers that lag up to so many bytes. */
  readonly logBytesMax: number;
  /** The database has proven damaged in use. */
  readonly isSuspect: boolean;
  /** Of the worker before this one. */
  readonly known?: KnownNames;
  readonly sinks: readonly InfluxSettings[];
  /** Figures that the main thread reads whenever it likes. */
  readonly gauges: SharedArrayBuffer;
}

export interface BatchMessage {
  readonly type: 'batch';
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** Changed parts of a snapshot that covers the log up to `sequence`. */
export interface PutMessage {
  readonly type: 'put';
  readonly sequence: number;
  readonly parts: readonly SnapshotPart[];
}

/** All parts of the snapshot have been put: it counts from now on. */
export interface CompleteMessage {
  readonly type: 'complete';
  readonly sequence: number;
}

/** Done in the order in which they come, in group commits. */
export type Work = BatchMessage | PutMessage | CompleteMessage;

export interface HistoryQuery extends Range {
  readonly device: string;
  readonly channel: string;
  readonly metric: string;
}

export type Question =
  | { readonly ask: 'history'; readonly query: HistoryQuery }
  | { readonly ask: 'alarm-events'; readonly query: AlarmEventQuery }
  | { readonly ask: 'open-alarms' }
  | { readonly ask: 'out-of-service' }
  /** `before` not a number: from the last one on. */
  | { readonly ask: 'closed-alarms'; readonly limit: number; readonly before: number }
  | { readonly ask: 'outbox' }
  | { readonly ask: 'attempts'; readonly query: AttemptQuery }
  | { readonly ask: 'response' }
  | { readonly ask: 'decisions'; readonly query: AttemptQuery }
  | { readonly ask: 'log'; readonly after: number; readonly rows: number }
  | { readonly ask: 'snapshot'; readonly afterKey: string; readonly limit: number };

export type Answer =
  | ({ readonly ask: 'history' } & Columns)
  | ({ readonly ask: 'alarm-events' } & AlarmEventPage)
  | { readonly ask: 'open-alarms'; readonly alarms: readonly string[] }
  | { readonly ask: 'out-of-service'; readonly entries: readonly string[] }
  | ({ readonly ask: 'closed-alarms' } & AlarmEventPage)
  | { readonly ask: 'outbox'; readonly kept: KeptOutbox }
  | ({ readonly ask: 'attempts' } & AttemptPage)
  | { readonly ask: 'response'; readonly kept: KeptResponse }
  | ({ readonly ask: 'decisions' } & AttemptPage)
  | { readonly ask: 'log'; readonly rows: readonly LogRow[] }
  | { readonly ask: 'snapshot'; readonly parts: readonly SnapshotPart[] };

export interface QuestionMessage {
  readonly type: 'question';
  readonly id: number;
  readonly question: Question;
}

/** Counters of the gateway, for its own line in InfluxDB. */
export interface CountMessage {
  readonly type: 'count';
  readonly counters: Counters;
  readonly atMs: number;
}

/** What no device reports, for InfluxDB. */
export interface FactsMessage {
  readonly type: 'facts';
  readonly facts: readonly VenueFact[];
  readonly atMs: number;
}

export type ToWorker = Work | QuestionMessage | CountMessage | FactsMessage | { readonly type: 'stop' };

export interface ReadyMessage {
  readonly type: 'ready';
  readonly lastSequence: number;
  /** Of the complete snapshot; 0: there is none. */
  readonly snapshotSequence: number;
  readonly names: KnownNames;
  /** Until when the gateway is known to have run, beside what the log tells. */
  readonly ranToMs: number | undefined;
  /** Where a damaged database was moved to, and what was wrong with it. */
  readonly setAside?: string;
  readonly damage?: string;
}

export type FromWorker =
  | ReadyMessage
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'committed'; readonly sequence: number }
  | { readonly type: 'completed'; readonly sequence: number }
  | { readonly type: 'failing'; readonly code: TroubleCode; readonly message: string }
  | { readonly type: 'recovered' }
  | { readonly type: 'answer'; readonly id: number; readonly answer: Answer }
  | {
      readonly type: 'no-answer';
      readonly id: number;
      readonly code: StoreQueryError['code'];
      readonly message: string;
    }
  | { readonly type: 'sinks'; readonly statuses: readonly InfluxStatus[] }
  | { readonly type: 'log'; readonly level: keyof Log; readonly fields: object; readonly message: string };
