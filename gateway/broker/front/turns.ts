import { fifo } from '../../../ingest/sources/mqtt/fifo.ts';
import type { Clock } from '../clock.ts';

/** A connection with input that waits for its turn. */
export interface Waiting {
  serve(): void;
}

/**
 * Shares the event loop among connections. Input that arrives after a turn has used its budget waits for a later one,
 * one bounded slice at a time, in the order it came; connections with little traffic go before busy ones. So a call
 * for help waits for at most the slices of other quiet connections, however many sockets flood.
 *
 * A *turn* begins with the first input after the loop came round, and ends in the loop's check phase. One immediate
 * serves one connection: what aedes does with the bytes runs in the ticks after it, and so counts towards the budget.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #budgetMs: number;
  readonly #shedAfterMs: number;
  readonly #quiet = lane();
  readonly #busy = lane();
  #startMs = -1;
  #scheduled = 0;

  constructor(clock: Clock, budgetMs: number, shedAfterMs: number) {
    this.#clock = clock;
    this.#budgetMs = budgetMs;
    this.#shedAfterMs = shedAfterMs;
  }

  /** Whether the present turn has time left. */
  open(nowMs: number): boolean {
    if (this.#startMs >= 0) return nowMs - this.#startMs <= this.#budgetMs;
    this.#startMs = nowMs;
    this.#clock.soon(this.#endTurn);
    return true;
  }

  wait(connection: Waiting, quiet: boolean): void {
    (quiet ? this.#quiet : this.#busy).queue.push(connection);
    if (this.#scheduled >= MAX_PER_PHASE) return;
    this.#scheduled += 1;
    this.#clock.soon(this.#serveOne);
  }

  /** True once connections of this kind could not all be served for longer than the threshold, without a break. */
  shedding(quiet: boolean, nowMs: number): boolean {
    const { behindSinceMs } = quiet ? this.#quiet : this.#busy;
    return behindSinceMs >= 0 && nowMs - behindSinceMs > this.#shedAfterMs;
  }

  readonly #endTurn = (): void => {
    this.#startMs = -1;
  };

  readonly #serveOne = (): void => {
    this.#scheduled -= 1;
    const now = this.#clock.now();
    if (!this.open(now)) {
      markBehind(this.#quiet, now);
      markBehind(this.#busy, now);
    } else {
      (this.#quiet.queue.shift() ?? this.#busy.queue.shift())?.serve();
      clearBehind(this.#quiet);
      clearBehind(this.#busy);
    }
    const waiting = this.#quiet.queue.size + this.#busy.queue.size;
    if (waiting <= this.#scheduled) return;
    this.#scheduled += 1;
    this.#clock.soon(this.#serveOne);
  };
}

const MAX_PER_PHASE = 64;

interface Lane {
  readonly queue: ReturnType<typeof fifo<Waiting>>;
  behindSinceMs: number;
}

const lane = (): Lane => ({ queue: fifo<Waiting>(), behindSinceMs: -1 });

const markBehind = (of: Lane, nowMs: number): void => {
  if (of.queue.size > 0 && of.behindSinceMs < 0) of.behindSinceMs = nowMs;
};

const clearBehind = (of: Lane): void => {
  if (of.queue.size === 0) of.behindSinceMs = -1;
};
