import type { Duplex } from 'node:stream';
import { Receipts } from '../../../ingest/sources/mqtt/receipts.ts';
import type { FrontContext } from './context.ts';

const LINGER_MS = 500;
const CONNACK = 0x20;
/** Counted for each message beside its topic and payload. */
const MESSAGE_OVERHEAD_BYTES = 64;

export interface OutboundEvents {
  /** aedes has accepted the connection. */
  connected(): void;
  /** The peer does not read / reads again. */
  blocked(blocked: boolean): void;
  /** The peer has not read for the drain timeout. */
  frozen(): void;
}

type Done = (error?: Error | null) => void;

/** The way out: whole packets from aedes to the socket, less the receipts that are held. */
export class Outbound {
  readonly receipts = new Receipts();
  readonly #socket: Duplex;
  readonly #context: FrontContext;
  readonly #events: OutboundEvents;
  #connected = false;
  #closed = false;
  #done: Done | undefined;
  #cancelFrozen: (() => void) | undefined;
  #sending = false;
  #promisedBytes = 0;

  constructor(socket: Duplex, context: FrontContext, events: OutboundEvents) {
    this.#socket = socket;
    this.#context = context;
    this.#events = events;
    socket.on('drain', () => this.#drained());
  }

  /** `done` is held while the socket is full: that is what fills aedes' side up to its high-water mark. */
  write(packets: Buffer, done: Done): void {
    if (!this.#connected && packets[0] === CONNACK && packets[3] === 0) {
      this.#connected = true;
      this.#events.connected();
    }
    if (this.#closed || this.#socket.destroyed) {
      done();
      return;
    }
    const out = this.receipts.filter(packets);
    if (out.length === 0 || this.#socket.write(out)) {
      done();
      return;
    }
    this.#done = done;
    this.#events.blocked(true);
    this.#cancelFrozen ??= this.#context.clock.after(this.#context.limits.drainTimeoutMs, () => this.#frozen());
  }

  /**
   * Reserves room for a message. aedes decides whether to forward in one turn and writes in a later one, so a burst
   * within a turn would pass any check of what is already written: promises are added up until those writes are done.
   */
  promise(bytes: number, writableLength: number): boolean {
    const size = bytes + MESSAGE_OVERHEAD_BYTES;
    if (this.#closed || this.#promisedBytes + writableLength + size > this.#context.limits.maxOutboundBytes)
      return false;
    if (this.#promisedBytes === 0) this.#context.clock.soon(() => this.#context.clock.soon(this.#forgetPromises));
    this.#promisedBytes += size;
    return true;
  }

  readonly #forgetPromises = (): void => {
    this.#promisedBytes = 0;
  };

  /** Sends the receipts that are due, all in one write at the end of the turn: one commit settles many. */
  sendReceipts(): void {
    if (this.#sending || this.#closed) return;
    this.#sending = true;
    this.#context.clock.soon(() => {
      this.#sending = false;
      if (this.#closed || this.#socket.destroyed) return;
      const due = this.receipts.ready();
      if (due !== undefined) this.#socket.write(due);
    });
  }

  refuse(code: number): void {
    this.#socket.write(Buffer.from([CONNACK, 2, 0, code]));
  }

  /** The socket is gone: nothing waits for it any more. */
  gone(): void {
    this.#closed = true;
    this.#drained();
  }

  /** Politely: what was written still goes out, e.g. the CONNACK that says why; a reset would overtake it. */
  close(politely: boolean): void {
    this.#closed = true;
    this.#drained();
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (!politely) {
      socket.destroy();
      return;
    }
    socket.removeAllListeners('data');
    socket.resume();
    socket.end();
    const cancel = this.#context.clock.after(LINGER_MS, () => socket.destroy());
    socket.once('close', cancel);
  }

  #drained(): void {
    this.#cancelFrozen?.();
    this.#cancelFrozen = undefined;
    const done = this.#done;
    if (done === undefined) return;
    this.#done = undefined;
    this.#events.blocked(false);
    done();
  }

  #frozen(): void {
    this.#cancelFrozen = undefined;
    if (this.#closed || this.#done === undefined) return;
    this.#context.counters.frozenSubscribers += 1;
    this.#events.frozen();
  }
}
