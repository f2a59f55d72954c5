import { Duplex } from 'node:stream';
import type { PacketSpan } from '../../../ingest/sources/mqtt/packets.ts';
import type { TokenBucket } from '../limits.ts';
import { BLOCK } from './admission.ts';
import type { FrontContext } from './context.ts';
import { Inbound } from './inbound.ts';
import { Outbound } from './outbound.ts';
import type { Violation } from './packet-rules.ts';

/** Takes publishes before aedes sees them; false leaves one to aedes. */
export interface Lane {
  take(bytes: Buffer, span: PacketSpan): boolean;
}

/** How long aedes may take to use what was passed on before an ended connection is cut. */
const LAST_WORDS_MS = 1_000;

/** Answers that a violation gets before the connection is closed: CONNACK return codes (table 3.1). */
const CONNACK_CODES: Partial<Record<Violation, number>> = { 'unsupported-level': 1, 'client-id-required': 2 };

/**
 * Stands between one socket and aedes: `broker.handle(front.stream)`.
 *
 * Re-entrancy. aedes calls `conn.read(null)` after every packet, in the middle of mqtt-packet's parse loop, and gives
 * what comes back to the same parser, which is not re-entrant: data returned there would corrupt it. `read` first
 * calls `_read` and then returns whatever the buffer holds. So nothing may be pushed from within `_read` or anything
 * else that aedes calls: pushes come from the socket's 'data' event and from immediates only. A parse begins by
 * emptying the buffer, hence every `read(null)` inside it finds nothing. For the same reason aedes' callbacks may be
 * called at once, in the same tick.
 */
export class Front {
  readonly stream: Duplex;
  /** Source address, for log lines and back-off. */
  readonly address: string;
  /** Name for log lines: the credential once it is known. */
  name: string;
  readonly #socket: Duplex;
  readonly #context: FrontContext;
  readonly #inbound: Inbound;
  readonly #outbound: Outbound;
  #lane: Lane | undefined;
  #ended = false;
  #abrupt = false;

  constructor(socket: Duplex, address: string, context: FrontContext, bucket: TokenBucket) {
    this.#socket = socket;
    this.#context = context;
    this.address = address;
    this.name = address;
    this.#inbound = new Inbound(socket, context, bucket, {
      pass: (bytes) => this.stream.push(bytes),
      violate: (violation) => this.#violate(violation),
      end: () => this.#end(),
      idle: () => this.stream.readableLength === 0,
      take: (bytes, span) => this.#lane?.take(bytes, span) === true,
      name: () => this.name,
    });
    this.#outbound = new Outbound(socket, context, {
      connected: () => this.#inbound.unblock(BLOCK.connecting),
      blocked: (blocked) => this.#inbound.admission.outboundBlocked(blocked),
      frozen: () => this.stream.destroy(new Error('drain timeout')),
    });
    this.stream = this.#createStream();
    this.#listen();
  }

  /** From now on this client's rate counts. */
  identify(name: string, bucket: TokenBucket | undefined): void {
    this.name = name;
    if (bucket !== undefined) this.#inbound.admission.bucket = bucket;
  }

  /** Offers every publish to `lane` first, which may take it before aedes sees it. */
  useLane(lane: Lane): void {
    this.#lane = lane;
  }

  /**
   * A publish (QoS 1 or 2) has reached the tap. Not settled: its receipt is held until the returned function is called.
   * Settled at once: its receipt passes, after those of earlier publishes that are still held. `direct`: it came by the
   * lane, and its receipt is ours to write.
   */
  publishTaken(qos: 1 | 2, messageId: number, settled: boolean, direct: boolean): () => void {
    const { receipts } = this.#outbound;
    if (settled) this.#inbound.admission.unsettled -= 1;
    if (settled && !direct && receipts.held === 0) return nothing;
    const receipt = receipts.hold(qos, messageId, settled, direct);
    if (settled) this.#outbound.sendReceipts();
    return () => {
      if (receipt.settled) return;
      receipt.settled = true;
      this.#inbound.admission.unsettled -= 1;
      this.#inbound.unblock(BLOCK.unsettled);
      this.#outbound.sendReceipts();
    };
  }

  /** Whether a message of this size may be forwarded; false counts it as dropped to a slow subscriber. */
  mayForward(qos: number, bytes: number): boolean {
    const waits = qos === 0 ? this.stream.writableNeedDrain : false;
    if (!waits && this.#outbound.promise(bytes, this.stream.writableLength)) return true;
    this.#context.counters.droppedToSlowSubscriber += 1;
    this.#context.warn(
      `slow ${this.name}`,
      { client: this.name },
      'MQTT subscriber does not keep up: messages dropped',
    );
    return false;
  }

  #createStream(): Duplex {
    return new Duplex({
      readableHighWaterMark: 65_536,
      read: () => this.#inbound.unblock(BLOCK.backPressure),
      write: (chunk: Buffer, _encoding, done) => this.#outbound.write(chunk, done),
      writev: (chunks, done) =>
        this.#outbound.write(Buffer.concat(chunks.map(({ chunk }: { chunk: Buffer }) => chunk)), done),
      destroy: (error, done) => {
        this.#inbound.close();
        this.#outbound.close(error === null && !this.#abrupt);
        done(error);
      },
    });
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('data', (chunk: Buffer) => this.#inbound.receive(chunk));
    socket.on('end', () => this.#inbound.finish());
    // What arrived before a reset still counts, so an error ends the connection as 'end' does.
    socket.on('error', () => this.#inbound.finish());
    socket.on('close', () => {
      this.#outbound.gone();
      this.#inbound.finish();
      // Where something still holds its input back, nobody waits for that.
      this.#context.clock.after(LAST_WORDS_MS, () => this.stream.destroy());
    });
  }

  #end(): void {
    if (this.#ended || this.stream.destroyed) return;
    this.#ended = true;
    this.stream.push(null);
    this.#context.clock.after(LAST_WORDS_MS, () => this.stream.destroy());
  }

  #violate(violation: Violation): void {
    const { counters, warn } = this.#context;
    counters.violations += 1;
    const fields = { client: this.name, address: this.address, violation };
    warn(`violation ${this.name}`, fields, 'MQTT connection closed: protocol violation');
    const code = CONNACK_CODES[violation];
    if (code !== undefined) this.#outbound.refuse(code);
    else this.#abrupt = true;
    this.#socket.pause();
    // aedes first uses what came before.
    this.#end();
  }
}

const nothing = (): void => undefined;
