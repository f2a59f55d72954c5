import type { FastifyRequest } from 'fastify';
import type { MetricName } from '../../ingest/model/metrics.ts';
import type { Alarm, AlarmEvent } from '../../rules/alarms/alarm.ts';
import type { Role } from './contract.ts';

/** Who is asking. */
export interface Identity {
  readonly name: string;
  readonly role: Role;
  /** Nobody has logged in. */
  readonly anonymous?: true;
}

/** Knows who is asking; undefined: nobody it knows. Synchronous: it is asked before anything else is done. */
export interface Access {
  identify(request: FastifyRequest): Identity | undefined;
}

/** One series and a stretch of time: `fromMs` included, `toMs` not. */
export interface HistoryQuery {
  readonly device: string;
  readonly channel: string;
  readonly metric: MetricName;
  readonly fromMs: number;
  readonly toMs: number;
  /** Means over steps of this length, each aligned to a multiple of it; absent: every reading. */
  readonly stepMs?: number;
  /** Points at most. */
  readonly limit: number;
}

export interface HistoryPoints {
  /**
   * Points in order of time, one after the other: `timeMs, value`, or with `stepMs` `timeMs, min, mean, max`. Steps
   * without a reading are left out.
   */
  readonly values: Float64Array;
  /** There are more than `limit`, or than fit into one answer: ask again with this as `fromMs`. Whole milliseconds. */
  readonly nextMs?: number;
}

/** Readings that are kept. Rejects when the store cannot answer. */
export interface History {
  query(query: HistoryQuery): Promise<HistoryPoints>;
}

/** Alarms that are over, the one closed last first. */
export interface AlarmHistory {
  /** `before`: `next` of the page before. */
  closed(limit: number, before?: string): Promise<{ readonly items: readonly Alarm[]; readonly next?: string }>;
}

/** The events of one alarm, in order. */
export interface AlarmRecord {
  events(alarm: string): Promise<readonly AlarmEvent[]>;
}

/** Timers of the real clock. */
export interface Timers {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Runs `task` once after `ms`; returns its cancellation. */
  after(ms: number, task: () => void): () => void;
}
