import type { JudgeScheduler } from '../../rules/engine.ts';
import type { Log } from '../log.ts';
import type { Names } from '../store/batch/reader.ts';
import { createDelivery, DELIVERY_TIMING, type DeliveryTiming } from './delivery.ts';
import { type LineFeed, type LogCursor, lineFeed } from './feed.ts';
import { createLedger, type InfluxStatus } from './ledger.ts';
import { type Counters, gatewayLine } from './lines/gateway.ts';
import { recordLines } from './lines/record-lines.ts';
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
  const { settings, log, clock, report, random = Math.random } = options;
  const { sink, venue, zones } = settings;
  const timing = { ...DELIVERY_TIMING, gatherMs: GATHER_MS, ...options.timing };
  const ledger = createLedger({ id: sink.id, log: report, nowMs: () => clock.now(), quarantine: options.quarantine });
  const records = recordLines({ venue, zones, positions: sink.positions }, options.names);
  const openFeed = (): LineFeed => lineFeed(log, records, (error) => ledger.damaged(error));
  const [idle, pause] = [createPause(clock), createPause(clock)];
  const delivery = createDelivery({
    maxLines: sink.batchLines,
    connect: () => connect(sink, clock),
    ledger,
    pause,
    timing,
    random,
  });
  let feed = openFeed();
  let gateway: string | undefined;
  let oldestMs: number | undefined;
  let woken = false;
  let ending = false;
  let stopped = false;

  const wake = (): void => {
    woken = true;
    idle.end();
  };

  /** Sends what there is for one request; false: there is nothing, or it was stopped. */
  const sendPortion = async (): Promise<boolean> => {
    const portion = await feed.next(delivery.maxLines - 1);
    const lines = [...(portion?.lines ?? []), ...(gateway === undefined ? [] : [gateway])];
    gateway = undefined;
    oldestMs = portion?.oldestMs;
    if (lines.length > 0 && !(await delivery.deliver(lines))) return false;
    oldestMs = undefined;
    if (portion?.settles !== undefined) log.settle(portion.settles);
    if (lines.length > 0 && portion?.isFull !== true && !ending) await pause.wait(timing.gatherMs);
    return portion !== undefined;
  };

  /** A fault of ours stays here: the store, whose thread this is, goes on. What was not settled is read again. */
  const survive = async (error: unknown): Promise<void> => {
    report.error({ sink: sink.id, error }, TROUBLES.internal.en);
    ledger.failed('refused', 'internal', error instanceof Error ? error.message : String(error));
    feed = openFeed();
    await pause.wait(timing.refusedRetryMs);
  };

  const run = async (): Promise<void> => {
    while (!stopped) {
      woken = false;
      try {
        if (await sendPortion()) continue;
      } catch (error) {
        if (ending) break;
        await survive(error);
        continue;
      }
      if (ending) break;
      if (!woken) await idle.wait();
    }
    delivery.stop();
    ledger.stopped();
  };

  const running = run();
  return {
    wake,
    count: (counters, atMs) => {
      gateway = gatewayLine(venue, counters, Math.floor(atMs) * 1000);
      wake();
    },
    dropped: (readings) => ledger.dropped(readings),
    status: () => ledger.status(oldestMs === undefined ? 0 : Math.max(0, clock.now() - oldestMs) / 1000),
    quarantined: () => ledger.quarantine.latest,
    stop: async (drainMs = 0) => {
      ending = true;
      const halt = (): void => {
        stopped = true;
        delivery.stop();
      };
      const deadline = drainMs > 0 ? clock.schedule(halt, drainMs) : undefined;
      if (deadline === undefined) halt();
      wake();
      pause.end();
      await running;
      deadline?.unsubscribe();
    },
  };
};
