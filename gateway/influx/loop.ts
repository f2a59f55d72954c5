import type { Delivery } from './delivery.ts';
import type { ExtraLines } from './extra-lines.ts';
import type { LineFeed, LogCursor } from './feed.ts';
import type { Pause } from './pauses.ts';

export interface LoopOptions {
  /** Begins at the kept cursor. */
  openFeed(): LineFeed;
  readonly log: LogCursor;
  readonly delivery: Delivery;
  /** Ends early when the loop is told to finish. */
  readonly pause: Pause;
  readonly idle: Pause;
  /** How long to rest after a request that took so long. */
  restMs(tookMs: number): number;
  /** Monotonic. */
  monotonicMs(): number;
  /** After a request that was not full. */
  readonly gatherMs: number;
  /** After a fault of ours. */
  readonly faultMs: number;
  /** They go with the next requests, of which they take half at most while there is a log to send. */
  readonly extra: ExtraLines;
  onFault(error: unknown): void;
}

/** Takes from the log what goes into a request, has it delivered, settles it; and again, until it is told to stop. */
export interface Loop {
  wake(): void;
  /** When the oldest line that is on its way arrived at the gateway, Unix milliseconds; undefined: none is. */
  readonly oldestMs: number | undefined;
  /** Goes on until the log is empty, and ends. */
  finish(): void;
  /** Ends at once. */
  halt(): void;
  readonly ended: Promise<void>;
}

export const startLoop = (options: LoopOptions): Loop => {
  const { log, delivery, pause, idle, extra } = options;
  let feed = options.openFeed();
  let oldestMs: number | undefined;
  let isWoken = false;
  let isFinishing = false;
  let isHalted = false;

  /** Sends what there is for one request; false: there is nothing, or it was halted. */
  const sendPortion = async (): Promise<boolean> => {
    const { maxLines } = delivery;
    const portion = await feed.next(maxLines - Math.max(1, Math.min(extra.waiting, maxLines >> 1)));
    const logged = portion?.lines ?? [];
    const lines = [...logged, ...extra.take(Math.max(1, maxLines - logged.length))];
    oldestMs = portion?.oldestMs;
    const startedMs = options.monotonicMs();
    if (lines.length > 0 && !(await delivery.deliver(lines))) return false;
    const restMs = options.restMs(options.monotonicMs() - startedMs);
    const isLast = portion?.isFull !== true;
    // Those that wait behind a full portion are hardly younger than it.
    if (isLast) oldestMs = undefined;
    if (portion?.settles !== undefined) log.settle(portion.settles);
    const waitMs = Math.max(restMs, isLast ? options.gatherMs : 0);
    if (lines.length > 0 && waitMs > 0 && !isFinishing) await pause.wait(waitMs);
    return portion !== undefined || extra.waiting > 0;
  };

  /** A fault of ours stays here: the store, whose thread this is, goes on. What was not settled is read again. */
  const survive = async (error: unknown): Promise<void> => {
    options.onFault(error);
    feed = options.openFeed();
    if (!isFinishing) await pause.wait(options.faultMs);
  };

  const run = async (): Promise<void> => {
    try {
      delivery.connect();
    } catch (error) {
      await survive(error);
    }
    while (!isHalted) {
      isWoken = false;
      try {
        if (await sendPortion()) continue;
      } catch (error) {
        await survive(error);
        if (!isFinishing) continue;
      }
      if (isFinishing) break;
      if (!isWoken) await idle.wait();
    }
    delivery.stop();
  };

  const wake = (): void => {
    isWoken = true;
    idle.end();
  };
  const finish = (): void => {
    isFinishing = true;
    wake();
    pause.end();
  };
  return {
    wake,
    get oldestMs() {
      return oldestMs;
    },
    finish,
    halt: () => {
      isHalted = true;
      delivery.stop();
      finish();
    },
    ended: run(),
  };
};
