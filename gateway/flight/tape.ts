import type { Frame } from '../../ingest/model/frame.ts';
import type { Timers } from '../api/ports.ts';
import { BLOCK_BYTES, FlightEncoder } from './encoder.ts';
import { KIND } from './format.ts';
import type { FileHead, Mark } from './records.ts';
import { FlightWriter, type WriterOptions } from './writer.ts';

export interface TapeOptions extends WriterOptions {
  /** What may wait for the disk in memory before frames are left out. */
  readonly pendingBytesMax: number;
  /** Real time, monotonic. */
  readonly timers: Timers & { soon(task: () => void): void };
  headOf(file: number, run: number): FileHead;
}

/** What a kill takes with it at most. What people have done, and alarms, are written at the end of their turn. */
const FLUSH_MS = 250;
/** A disk that failed is tried again. */
const RETRY_MS = 5000;
/** What is important still finds room where frames do not. */
const IMPORTANT = 2;

/** Records one after the other: packed, closed into blocks in time, spread over files; what finds no room is counted. */
export class Tape {
  readonly #options: TapeOptions;
  readonly #encoder = new FlightEncoder();
  readonly #writer: FlightWriter;
  readonly #run: number;
  #cancel: (() => void) | undefined;
  #isSoon = false;
  #isDropping = false;
  /** Left out, and not yet told in the recording. */
  #untold = 0;
  #untoldBlocks = 0;
  #triedMs = -Infinity;
  /** Somebody will say how things stand before the next file begins. */
  isWaiting = false;
  lost = 0;

  constructor(options: TapeOptions) {
    this.#options = options;
    this.#writer = new FlightWriter(options);
    this.#run = this.#writer.number;
    this.#beginFile();
  }

  get writer(): FlightWriter {
    return this.#writer;
  }

  frame(frame: Frame): void {
    if (!this.#hasRoom(1)) return;
    this.#encoder.frame(frame);
    this.packed();
  }

  wake(timer: number, atMs: number): void {
    if (!this.#hasRoom(1)) return;
    this.#encoder.wake(timer, atMs);
    this.packed();
  }

  important(kind: number, value: unknown): void {
    if (!this.#hasRoom(IMPORTANT)) return;
    this.#encoder.json(kind, value);
    if (this.#isSoon) return;
    this.#isSoon = true;
    this.#options.timers.soon(() => {
      this.#isSoon = false;
      this.flush();
    });
  }

  /** Without asking for room; to be followed by `packed` or `flush`. */
  put(kind: number, value: unknown): void {
    this.#encoder.json(kind, value);
  }

  packed(): void {
    if (this.#encoder.byteLength >= BLOCK_BYTES) this.flush();
    else this.#cancel ??= this.#options.timers.after(FLUSH_MS, () => this.flush());
  }

  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    if (this.#encoder.isEmpty) return;
    this.#writer.append(this.#encoder.seal());
    const { isFull, isOverfull } = this.#writer;
    if (isOverfull || (isFull && !this.isWaiting)) this.turnOver();
  }

  /** What comes from now on goes into a file of its own. */
  turnOver(): void {
    const { timers, nowMs } = this.#options;
    // Every block until the next try is lost, and counted.
    if (this.#writer.isFailing && timers.now() - this.#triedMs < RETRY_MS) return;
    this.#triedMs = timers.now();
    if (!this.#encoder.isEmpty) this.#writer.append(this.#encoder.seal());
    this.#writer.nextFile();
    this.#encoder.forgetRoutes();
    this.#beginFile();
    const { lostBlocks } = this.#writer.counters;
    const missing = lostBlocks - this.#untoldBlocks;
    this.#untoldBlocks = lostBlocks;
    if (missing > 0) this.put(KIND.mark, { type: 'gap', atMs: nowMs(), lost: missing } satisfies Mark);
  }

  /** Resolves when all of it is on its way to the disk's own cache, or cannot be. */
  end(): Promise<void> {
    this.flush();
    return this.#writer.end();
  }

  #beginFile(): void {
    this.put(KIND.head, this.#options.headOf(this.#writer.number, this.#run));
  }

  /** False: there is no room, and what was left out is counted. */
  #hasRoom(share: number): boolean {
    const { pendingBytesMax, nowMs } = this.#options;
    const pending = this.#writer.pendingBytes + this.#encoder.byteLength;
    if (pending > pendingBytesMax * share || (this.#isDropping && pending > pendingBytesMax / 2)) {
      this.#isDropping = true;
      this.lost += 1;
      this.#untold += 1;
      return false;
    }
    this.#isDropping = false;
    if (this.#untold > 0) {
      this.put(KIND.mark, { type: 'gap', atMs: nowMs(), lost: this.#untold } satisfies Mark);
      this.#untold = 0;
    }
    return true;
  }
}
