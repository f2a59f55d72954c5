import { monotonicMs } from '../clock.ts';
import type { BatchMessage } from '../protocol.ts';

type Done = () => void;

interface Posted {
  readonly atMs: number;
  readonly message: BatchMessage;
  readonly waiting: Done[];
}

/** Callbacks made in one turn: each lets a sender go on, which is work. */
const CALLS_A_TURN = 256;

/** Batches on their way to the disk, and who waits for each. In order. */
export class Pending {
  readonly #nowMs: () => number;
  #posted: Posted[] = [];
  #ready: Done[] = [];
  #isDraining = false;
  #bytes = 0;

  /** `nowMs`: monotonic. */
  constructor(nowMs: () => number = monotonicMs) {
    this.#nowMs = nowMs;
  }

  /** How long the oldest of them has waited; 0: none waits. */
  get oldestMs(): number {
    const [oldest] = this.#posted;
    return oldest === undefined ? 0 : this.#nowMs() - oldest.atMs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#posted.length;
  }

  /** For a worker that has to be told again. */
  get messages(): readonly BatchMessage[] {
    return this.#posted.map(({ message }) => message);
  }

  add(message: BatchMessage, waiting: Done[]): void {
    this.#posted.push({ atMs: this.#nowMs(), message, waiting });
    this.#bytes += message.bytes.byteLength;
  }

  /** Calls back once all that was posted is on disk; at once where nothing is on its way. */
  wait(done: Done): void {
    const last = this.#posted.at(-1);
    if (last !== undefined) last.waiting.push(done);
    else if (this.#ready.length > 0) this.#ready.push(done);
    else done();
  }

  committed(sequence: number): void {
    let count = 0;
    for (const { message, waiting } of this.#posted) {
      if (message.sequence > sequence) break;
      count += 1;
      this.#bytes -= message.bytes.byteLength;
      for (const done of waiting) this.#ready.push(done);
    }
    this.#posted.splice(0, count);
    this.#drain();
  }

  #drain(): void {
    if (this.#isDraining || this.#ready.length === 0) return;
    this.#isDraining = true;
    const calls = this.#ready.splice(0, CALLS_A_TURN);
    // The others' turn comes even where one of them throws.
    setImmediate(() => {
      this.#isDraining = false;
      this.#drain();
    });
    for (const done of calls) done();
  }
}
