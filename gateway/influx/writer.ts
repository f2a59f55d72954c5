import type { JudgeScheduler } from '../../rules/engine.ts';
import type { Log } from '../log.ts';
import type { Names } from '../store/batch/reader.ts';
import { monotonicMs } from '../store/clock.ts';
import { createDelivery, DELIVERY_TIMING, type DeliveryTiming } from './delivery.ts';
import { extraLines } from './extra-lines.ts';
import { type LogCursor, lineFeed } from './feed.ts';
import { createLedger, type InfluxStatus } from './ledger.ts';
import { factLine, type VenueFact } from './lines/facts.ts';
import { type Counters, gatewayLine } from './lines/gateway.ts';
import { recordLines } from './lines/record-lines.ts';
import { startLoop } from './loop.ts';
import { createPause } from './pauses.ts';
import type { Quarantine, Quarantined } from './quarantine.ts';
import { connect } from './server/connection.ts';
import type { InfluxSettings } from './settings.ts';
import { TROUBLES } from './troubles.ts';

export interface InfluxWriterOptions {
  readonly settings: InfluxSettings;
  /** What is to be written: the log, from where this sink's cursor stands. */
  readonly log: LogCursor;
  readonly names: Names;
  /** Real time: backoff and deadlines are not scaled. */
  readonly clock: JudgeScheduler;
  readonly report: Log;
  readonly quarantine?: Quarantine;
  readonly timing?: Partial<WriterTiming>;
  readonly random?: () => number;
  /** How long to rest after a request that took so long, for the sake of others on the machine; default: not at all. */
  restMs?(tookMs: number): number;
}

export interface WriterTiming extends DeliveryTiming {
  /** Pause after a request that was not full: what comes meanwhile goes together. */
  readonly gatherMs: number;
}

/** Writes the log to an InfluxDB: one request in flight, one portion in memory, in order. */
export interface InfluxWriter {
  /** There is more in the log. Cheap: call it after every commit. */
  wake(): void;
  /** A line of counters goes with the next request; one that has not gone yet is replaced. */
  count(counters: Counters, atMs: number): void;
  /** Lines of the venue go with the next requests; the oldest are dropped and counted when too many wait. */
  facts(facts: readonly VenueFact[], atMs: number): void;
  /** The store has given up readings of batches that this writer had not come to. */
  dropped(readings: number): void;
  status(): InfluxStatus;
  /** The latest lines that the server would not have. */
  quarantined(): readonly Quarantined[];
  /** Resolves once nothing runs any more. `drainMs`: goes on for so long at most, until all is written. */
  stop(drainMs?: number): Promise<void>;
}

const GATHER_MS = 200;

export const startInfluxWriter = (options: InfluxWriterOptions): InfluxWriter => {
  const { settings, log, clock, report, random = Math.random, restMs = () => 0 } = options;
  const { sink, venue, zones } = settings;
  const { gatherMs, ...timing } = { ...DELIVERY_TIMING, gatherMs: GATHER_MS, ...options.timing };
  const ledger = createLedger({ id: sink.id, log: report, nowMs: () => clock.now(), quarantine: options.quarantine });
  const lineOptions = { venue, zones, positions: sink.positions };
  const records = recordLines(lineOptions, options.names);
  const pause = createPause(clock);
  const extra = extraLines((lines) => ledger.droppedFacts(lines));

  const loop = startLoop({
    openFeed: () => lineFeed(log, records, (error) => ledger.damaged(error)),
    log,
    delivery: createDelivery({
      maxLines: sink.batchLines,
      connect: () => connect(sink, clock),
      ledger,
      pause,
      timing,
      random,
    }),
    pause,
    idle: createPause(clock),
    restMs,
    monotonicMs,
    gatherMs,
    faultMs: timing.refusedRetryMs,
    extra,
    onFault: (error) => {
      report.error({ sink: sink.id, error }, TROUBLES.internal.en);
      ledger.failed('refused', 'internal', error instanceof Error ? error.message : String(error));
    },
  });

  return {
    wake: loop.wake,
    count: (counters, atMs) => {
      extra.replace(gatewayLine(venue, counters, Math.floor(atMs) * 1000));
      loop.wake();
    },
    facts: (facts, atMs) => {
      extra.add(facts.map((fact) => factLine(lineOptions, fact, Math.floor(atMs) * 1000)));
      loop.wake();
    },
    dropped: (readings) => ledger.dropped(readings),
    status: () => ledger.status(loop.oldestMs === undefined ? 0 : Math.max(0, clock.now() - loop.oldestMs) / 1000),
    quarantined: () => ledger.quarantine.latest,
    stop: async (drainMs = 0) => {
      const deadline = drainMs > 0 ? clock.schedule(loop.halt, drainMs) : undefined;
      if (deadline === undefined) loop.halt();
      else loop.finish();
      await loop.ended;
      deadline?.unsubscribe();
      ledger.stopped();
    },
  };
};
