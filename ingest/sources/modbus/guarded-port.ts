import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import type { LineEvents } from './line.ts';
import { createReceiver, type Received } from './receiver.ts';

export interface GuardedPortOptions extends LineEvents {
  /** An open serial port. */
  readonly stream: Duplex;
}

/** Where the number of registers stands in a request (Modbus Application Protocol V1.1b3, 6.3 and 6.4). */
const COUNT_AT = 4;

/**
 * A port as modbus-serial's client wants one, which lets through only what answers the request on its way: the
 * library's own ports take whatever has the right length, from whichever request.
 */
export class GuardedPort extends EventEmitter {
  readonly #options: GuardedPortOptions;
  readonly #receiver = createReceiver();
  readonly #onData = (bytes: Uint8Array): void => this.#take(bytes);
  #isOpen = false;

  constructor(options: GuardedPortOptions) {
    super();
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get strayBytes(): number {
    return this.#receiver.strayBytes;
  }

  /** Gives up the answer that is waited for; true where bytes came that were none. */
  giveUp(): boolean {
    this.#receiver.giveUp();
    return this.#receiver.pendingBytes > 0;
  }

  open(done: (error?: Error) => void): void {
    this.#isOpen = true;
    this.#options.stream.on('data', this.#onData);
    done();
  }

  /** Lets go of the stream, which stays open. */
  close(done?: () => void): void {
    this.#isOpen = false;
    this.#options.stream.off('data', this.#onData);
    done?.();
  }

  destroy(): void {
    this.close();
  }

  write(request: Buffer): void {
    const [unit = 0, functionCode = 0] = request;
    this.#receiver.expect({ unit, functionCode, count: request.readUInt16BE(COUNT_AT) });
    this.#options.stream.write(request);
  }

  #late({ unit, functionCode, count }: Extract<Received, { type: 'late' }>): void {
    this.#options.onLate(unit, functionCode, count);
  }

  #take(bytes: Uint8Array): void {
    for (const received of this.#receiver.take(bytes)) {
      if (received.type === 'late') this.#late(received);
      // The library checks it again, and makes a refusal of the one and an error of the other.
      else this.emit('data', Buffer.from(received.frame));
    }
  }
}
