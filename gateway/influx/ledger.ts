import type { Text } from '../../rules/rule.ts';
import type { Log } from '../log.ts';
import { memoryQuarantine, type Quarantine } from './quarantine.ts';
import { TROUBLES, type TroubleCode } from './troubles.ts';

/** `retrying`: it passes by itself. `refused`: somebody has to do something. */
export type InfluxState = 'starting' | 'writing' | 'retrying' | 'refused' | 'stopped';

export interface InfluxTrouble {
  readonly code: TroubleCode;
  /** What it means and what to do. */
  readonly text: Text;
  /** The words of the server or the system. */
  readonly reason: string;
  readonly atMs: number;
}

/** How the way to an InfluxDB does. Plain data. */
export interface InfluxStatus {
  readonly id: string;
  readonly state: InfluxState;
  /** Lines that the server has taken. */
  readonly writtenLines: number;
  /** Lines that it would not have. */
  readonly rejectedLines: number;
  /** Readings given up unsent, because the log may not grow further. */
  readonly droppedReadings: number;
  /** Lines of zones and ratings given up unsent, because too many waited. */
  readonly droppedFacts: number;
  readonly requests: number;
  /** Attempts that came to nothing and are made again. */
  readonly retriedRequests: number;
  /** Batches of the log that could not be read. */
  readonly damagedBatches: number;
  /** Age of the oldest line that is not written yet; 0: all are. */
  readonly lagSeconds: number;
  /** The last one, also when it is over. */
  readonly lastTrouble?: InfluxTrouble;
}

/** Keeps count of what becomes of lines, and tells people when that changes. */
export interface Ledger {
  readonly quarantine: Quarantine;
  request(): void;
  written(lines: number): void;
  /** `count` of these lines are not in the database. */
  rejected(lines: readonly string[], count: number, reason: string): void;
  dropped(readings: number): void;
  droppedFacts(lines: number): void;
  damaged(error: unknown): void;
  failed(state: 'retrying' | 'refused', code: TroubleCode, reason: string): void;
  /** The server answers again. */
  well(): void;
  stopped(): void;
  status(lagSeconds: number): InfluxStatus;
}

interface LedgerOptions {
  readonly id: string;
  readonly log: Log;
  readonly nowMs: () => number;
  readonly quarantine?: Quarantine | undefined;
}

/** Rejections and damage may come with every batch: one line of the log for all of a minute. */
const TOLD_EVERY_MS = 60_000;

export const createLedger = ({ id, log, nowMs, quarantine = memoryQuarantine() }: LedgerOptions): Ledger => {
  const counts = {
    writtenLines: 0,
    rejectedLines: 0,
    droppedReadings: 0,
    droppedFacts: 0,
    requests: 0,
    retriedRequests: 0,
    damagedBatches: 0,
  };
  let state: InfluxState = 'starting';
  let lastTrouble: InfluxTrouble | undefined;
  const toldMs = new Map<TroubleCode, number>();

  const trouble = (code: TroubleCode, reason: string): void => {
    lastTrouble = { code, text: TROUBLES[code], reason, atMs: nowMs() };
  };
  const tell = (code: TroubleCode, fields: object): void => {
    log.warn({ sink: id, code, ...fields, zh: TROUBLES[code].zh }, TROUBLES[code].en);
  };
  const tellSometimes = (code: TroubleCode, fields: object): void => {
    if (nowMs() - (toldMs.get(code) ?? -Infinity) < TOLD_EVERY_MS) return;
    toldMs.set(code, nowMs());
    tell(code, fields);
  };

  return {
    quarantine,
    request: () => {
      counts.requests += 1;
    },
    written: (lines) => {
      counts.writtenLines += lines;
    },
    rejected: (lines, count, reason) => {
      counts.rejectedLines += count;
      quarantine.add(lines, reason, nowMs());
      trouble('rejected-lines', reason);
      tellSometimes('rejected-lines', { reason, line: lines[0], rejectedLines: counts.rejectedLines });
    },
    dropped: (readings) => {
      counts.droppedReadings += readings;
    },
    droppedFacts: (lines) => {
      counts.droppedFacts += lines;
    },
    damaged: (error) => {
      counts.damagedBatches += 1;
      trouble('log-damaged', error instanceof Error ? error.message : String(error));
      tellSometimes('log-damaged', { error });
    },
    failed: (next, code, reason) => {
      counts.retriedRequests += 1;
      const isNews = state !== next || lastTrouble?.code !== code;
      state = next;
      trouble(code, reason);
      if (isNews) tell(code, { reason });
    },
    well: () => {
      if (state === 'retrying' || state === 'refused') log.info({ sink: id }, 'InfluxDB takes lines again');
      state = 'writing';
    },
    stopped: () => {
      state = 'stopped';
    },
    status: (lagSeconds) => ({
      id,
      state,
      ...counts,
      lagSeconds,
      ...(lastTrouble === undefined ? {} : { lastTrouble }),
    }),
  };
};
