import type { Occurrence, Sample } from '../../../ingest/model/sample.ts';
import type { DeskEvent } from '../../../rules/alarms/desk.ts';
import type { AcknowledgeInput } from '../../../rules/engine.ts';
import type { OutboxEntry } from '../../notifiers/notice.ts';
import type { ResponseEntry } from '../../response/decision.ts';
import type { BatchEncoder } from '../batch/encoder.ts';
import type { BatchMessage } from '../protocol.ts';
import { createIntakeLimits } from './limits.ts';
import { Pending } from './pending.ts';

export interface PortOptions {
  readonly encoder: BatchEncoder;
  /** Of what is on disk. */
  readonly lastSequence: number;
  readonly pendingBytesMax: number;
  /** Calls once, when a batch that was begun now is to be closed. */
  schedule(work: () => void): () => void;
  post(message: BatchMessage): void;
  /** Readings begin to be dropped. */
  onDropping(): void;
}

/** A batch this large goes without waiting for its time. */
const FULL_BYTES = 256 * 1024;

/** The hot path's side of the store: packs, posts, and knows what is on its way. */
export class Port {
  readonly #options: PortOptions;
  readonly #encoder: BatchEncoder;
  readonly #limits: ReturnType<typeof createIntakeLimits>;
  readonly #pending = new Pending();
  #sequence: number;
  #cancel: (() => void) | undefined;
  /** Who waits for the batch that is being packed. */
  #waiting: (() => void)[] = [];
  #isDropping = false;
  #hasLed = false;
  /** Something that the next commit would cover was dropped. */
  #isSpoiled = false;
  readonly counters = { droppedSamples: 0, droppedOccurrences: 0, droppedEvents: 0, refusedCommits: 0 };

  constructor(options: PortOptions) {
    this.#options = options;
    this.#encoder = options.encoder;
    this.#limits = createIntakeLimits(options.pendingBytesMax);
    this.#sequence = options.lastSequence;
  }

  get pendingBytes(): number {
    return this.#pending.bytes + (this.#encoder.isEmpty ? 0 : this.#encoder.byteLength);
  }

  /** All that was handed over is on disk. */
  get isIdle(): boolean {
    return this.#encoder.isEmpty && this.#pending.count === 0;
  }

  get pendingBatches(): number {
    return this.#pending.count;
  }

  get oldestPendingMs(): number {
    return this.#pending.oldestMs;
  }

  get messages(): readonly BatchMessage[] {
    return this.#pending.messages;
  }

  sample(sample: Sample, isAcknowledged: boolean): void {
    const { takesAcknowledged, takesImportant, takesReading } = this.#limits;
    // What led to an event that is kept is kept with it.
    const takes = this.#hasLed ? takesImportant : isAcknowledged ? takesAcknowledged : takesReading;
    this.#hasLed = false;
    if (!takes(this.pendingBytes)) {
      this.counters.droppedSamples += 1;
      if (isAcknowledged) this.#isSpoiled = true;
      this.#dropping();
      return;
    }
    this.#encoder.sample(sample);
    this.#packed();
  }

  occurrence(occurrence: Occurrence): void {
    if (this.#limits.takesImportant(this.pendingBytes)) {
      this.#encoder.occurrence(occurrence);
      this.#packed();
      return;
    }
    this.counters.droppedOccurrences += 1;
    this.#isSpoiled = true;
    this.#dropping();
  }

  event(event: DeskEvent): void {
    if (!this.#takesEvent()) return;
    this.#hasLed = true;
    this.#encoder.event(event);
    this.#schedule();
  }

  acknowledgement(input: AcknowledgeInput): void {
    if (!this.#takesEvent()) return;
    this.#encoder.acknowledgement(input);
    this.#schedule();
  }

  /** In the commit of the event that it is about, where that was handed over in the same turn. */
  outbox(entry: OutboxEntry): void {
    if (!this.#takesEvent()) return;
    this.#encoder.outbox(entry);
    this.#schedule();
  }

  response(entry: ResponseEntry): void {
    if (!this.#takesEvent()) return;
    this.#encoder.response(entry);
    this.#schedule();
  }

  /** Calls back, in order, once all that was handed over before is on disk; never where some of it was dropped. */
  commit(done: () => void): void {
    if (this.#isSpoiled) {
      this.#isSpoiled = false;
      this.counters.refusedCommits += 1;
    } else if (this.#encoder.isEmpty) this.#pending.wait(done);
    else this.#waiting.push(done);
  }

  /** Posts what is packed, or an empty batch; answers its sequence: everything until now is in the log up to there. */
  mark(): number {
    this.#seal();
    return this.#sequence;
  }

  flush(): void {
    if (!this.#encoder.isEmpty) this.#seal();
  }

  committed(sequence: number): void {
    this.#pending.committed(sequence);
    if (this.#limits.takesReading(this.pendingBytes * 2)) this.#isDropping = false;
  }

  #takesEvent(): boolean {
    if (this.#limits.takesImportant(this.pendingBytes)) return true;
    this.counters.droppedEvents += 1;
    this.#dropping();
    return false;
  }

  /**
   * Only what was judged closes a batch, never an event: the hot path hands over an event before the sample that led to
   * it, and the two are kept in one commit or not at all.
   */
  #packed(): void {
    if (this.#encoder.byteLength >= FULL_BYTES) this.#seal();
    else this.#schedule();
  }

  #schedule(): void {
    this.#cancel ??= this.#options.schedule(() => this.flush());
  }

  #seal(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const batch = this.#encoder.seal();
    this.#sequence += 1;
    const message = { type: 'batch', sequence: this.#sequence, bytes: batch.bytes } as const;
    this.#pending.add(message, this.#waiting);
    this.#waiting = [];
    this.#options.post(message);
  }

  #dropping(): void {
    if (this.#isDropping) return;
    this.#isDropping = true;
    this.#options.onDropping();
  }
}
