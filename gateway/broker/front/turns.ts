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
 * Newcomers come after the quiet and before the busy, a few a turn: logging in takes aedes several turns. When the power
 * of a hall comes back, ten thousand devices connect at once; those who are in finish what they began, and are heard.
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
  readonly #newcomers = fifo<Waiting>();
  #startMs = -1;
  #scheduled = 0;
  #admitted = 0;

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
    this.#schedule();
  }

  /** A connection that nobody has heard yet. */
  admit(newcomer: Waiting): void {
    this.#newcomers.push(newcomer);
    this.#schedule();
  }

  /** True once connections of this kind could not all be served for longer than the threshold, without a break. */
  shedding(quiet: boolean, nowMs: number): boolean {
    const { behindSinceMs } = quiet ? this.#quiet : this.#busy;
    return behindSinceMs >= 0 && nowMs - behindSinceMs > this.#shedAfterMs;
  }

  #schedule(): void {
    if (this.#scheduled >= MAX_PER_PHASE) return;
    this.#scheduled += 1;
    this.#clock.soon(this.#serveOne);
  }

  readonly #endTurn = (): void => {
    this.#startMs = -1;
    this.#admitted = 0;
  };

  readonly #serveOne = (): void => {
    this.#scheduled -= 1;
    const now = this.#clock.now();
    if (!this.open(now)) {
      markBehind(this.#quiet, now);
      markBehind(this.#busy, now);
    } else {
      (this.#quiet.queue.shift() ?? this.#newcomer() ?? this.#busy.queue.shift())?.serve();
      clearBehind(this.#quiet);
      clearBehind(this.#busy);
    }
    const waiting = this.#quiet.queue.size + this.#busy.queue.size + this.#newcomers.size;
    if (waiting > this.#scheduled) this.#schedule();
  };

  #newcomer(): Waiting | undefined {
    if (this.#admitted >= NEWCOMERS_PER_TURN) return undefined;
    const newcomer = this.#newcomers.shift();
    if (newcomer !== undefined) this.#admitted += 1;
    return newcomer;
  }
}

const MAX_PER_PHASE = 64;
/** Each costs about half a millisecond, spread over the next turns. */
const NEWCOMERS_PER_TURN = 4;

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
