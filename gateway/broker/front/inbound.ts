import type { Duplex } from 'node:stream';
import type { PacketSpan } from '../../../ingest/sources/mqtt/packets.ts';
import { COMPLETE, findPacket, INCOMPLETE, packetSpan, TOO_LARGE } from '../../../ingest/sources/mqtt/packets.ts';
import type { TokenBucket } from '../limits.ts';
import { Admission, BLOCK, DEAD, DROP, LAST, PASS, STOP } from './admission.ts';
import { keepAliveSeconds } from './connect-rules.ts';
import type { FrontContext } from './context.ts';
import type { Violation } from './packet-rules.ts';
import { CONNECT, headerViolation, PUBLISH, packetViolation } from './packet-rules.ts';
import { PartialPacket } from './partial-packet.ts';

/** Bytes of one connection that aedes gets at a time. */
const SLICE_BYTES = 16_384;
/** A connection that sends no more than this per window is quiet: never shed, and served first. */
const QUIET_BYTES = 1_024;
const QUIET_WINDOW_MS = 250;
export interface InboundEvents {
  /** Whole packets for aedes; false when it has enough for now. */
  pass(bytes: Buffer): boolean;
  violate(violation: Violation): void;
  /** The peer has sent its last byte, and everything was passed on. */
  end(): void;
  /** Whether aedes has read all that was passed. */
  idle(): boolean;
  /** Offers a PUBLISH to whoever may take it in aedes' place. */
  take(bytes: Buffer, span: PacketSpan): boolean;
  /** For log lines. */
  name(): string;
}

/**
 * The way in: finds the packets in what the socket brings, checks each, and passes whole packets on, uncopied where
 * they arrived whole. Keeps at most one chunk and one unfinished packet of a connection.
 */
export class Inbound {
  readonly admission: Admission;
  readonly #socket: Duplex;
  readonly #context: FrontContext;
  readonly #events: InboundEvents;
  readonly #span: PacketSpan = packetSpan();
  readonly #partial = new PartialPacket();
  #rest: Buffer | undefined;
  #blocked = 0;
  #waiting = false;
  #connectSeen = false;
  #ending = false;
  #closed = false;
  #quiet = true;
  #windowMs = 0;
  #windowBytes = 0;
  #violation: Violation = 'bad-length';
  /** While true, nothing of this connection is on its way through aedes: what is taken directly overtakes nothing. */
  #direct = false;
  #nowMs = 0;
  #passedMs = 0;
  #directMs = 0;

  constructor(socket: Duplex, context: FrontContext, bucket: TokenBucket, events: InboundEvents) {
    this.#socket = socket;
    this.#context = context;
    this.#events = events;
    this.admission = new Admission(context, bucket, {
      block: (reason) => this.block(reason),
      unblock: (reason) => this.unblock(reason),
      name: events.name,
    });
  }

  receive(chunk: Buffer): void {
    if (this.#closed) return;
    const { clock, counters, turns } = this.#context;
    const now = clock.now();
    counters.bytesIn += chunk.length;
    this.#measure(chunk.length, now);
    this.#rest = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#blocked !== 0 || this.#waiting) this.#socket.pause();
    else if (turns.open(now)) this.serve();
    else this.#proceed();
  }

  /** The peer sends no more; what has arrived is still served. */
  finish(): void {
    this.#ending = true;
    this.#proceed();
  }

  close(): void {
    this.#closed = true;
    this.#rest = undefined;
    this.#partial.clear();
  }

  block(reason: number): void {
    this.#blocked |= reason;
    this.#socket.pause();
  }

  /** Never passes anything on before it returns: aedes calls this from within a parse (see front.ts). */
  unblock(reason: number): void {
    if ((this.#blocked & reason) === 0) return;
    this.#blocked &= ~reason;
    this.#proceed();
  }

  /** Takes one slice of what waits. Called by the turns, and by `receive` while the turn is young. */
  serve(): void {
    this.#waiting = false;
    if (this.#closed || this.#blocked !== 0) return;
    const now = this.#context.clock.now();
    this.#nowMs = now;
    this.#direct = now - this.#passedMs < this.#directMs && this.#events.idle();
    this.admission.begin(this.#quiet, now);
    const chunk = this.#rest;
    this.#rest = undefined;
    if (chunk !== undefined) this.#scan(chunk);
    this.#proceed();
  }

  #measure(bytes: number, now: number): void {
    if (now - this.#windowMs > QUIET_WINDOW_MS) {
      this.#windowMs = now;
      this.#windowBytes = 0;
    }
    this.#windowBytes += bytes;
    this.#quiet = this.#windowBytes <= QUIET_BYTES;
  }

  #proceed(): void {
    if (this.#closed || this.#waiting || this.#blocked !== 0) return;
    if (this.#rest !== undefined) {
      this.#waiting = true;
      this.#socket.pause();
      this.#context.turns.wait(this, this.#quiet);
    } else if (this.#ending) {
      this.#events.end();
    } else if (this.#socket.isPaused()) {
      this.#socket.resume();
    }
  }

  #scan(chunk: Buffer): void {
    let at = this.#partial.length === 0 ? 0 : this.#completePartial(chunk);
    if (at < 0) return;
    let from = at;
    const sliceEnd = at + SLICE_BYTES;
    while (at < chunk.length && at < sliceEnd && !this.#closed) {
      const status = findPacket(chunk, at, chunk.length, this.#maxBytes(), this.#span);
      if (status !== COMPLETE) {
        this.#pass(chunk, from, at);
        this.#keepUnfinished(chunk, at, status);
        return;
      }
      const verdict = this.#judge(chunk);
      if (verdict === PASS) {
        at = this.#span.end;
        continue;
      }
      this.#pass(chunk, from, verdict === LAST ? this.#span.end : at);
      if (verdict === DEAD) {
        this.#violate(this.#violation);
        return;
      }
      from = verdict === STOP ? at : this.#span.end;
      at = from;
      if (verdict !== DROP) break;
    }
    this.#pass(chunk, from, at);
    if (at < chunk.length && !this.#closed) this.#rest = chunk.subarray(at);
  }

  /** Joins the unfinished packet with its end; where to go on in the chunk, or -1 to scan no further now. */
  #completePartial(chunk: Buffer): number {
    let at = 0;
    for (;;) {
      const { bytes, length } = this.#partial;
      const status = findPacket(bytes, 0, length, this.#maxBytes(), this.#span);
      if (status === COMPLETE) break;
      if (status !== INCOMPLETE) return this.#refuse(status);
      if (at === chunk.length) return -1;
      const missing = this.#span.end < 0 ? 1 : this.#span.end - length;
      const until = Math.min(chunk.length, at + missing);
      this.#partial.append(chunk, at, until);
      at = until;
    }
    const packet = this.#partial.take();
    const verdict = this.#judge(packet);
    if (verdict === DEAD) this.#violate(this.#violation);
    if (verdict === DEAD) return -1;
    if (verdict === PASS || verdict === LAST) this.#pass(packet, 0, packet.length);
    if (verdict === PASS || verdict === DROP) return at;
    const rest = chunk.subarray(at);
    if (verdict === STOP) this.#rest = Buffer.concat([packet, rest]);
    else if (rest.length > 0) this.#rest = rest;
    return -1;
  }

  #keepUnfinished(chunk: Buffer, at: number, status: number): void {
    if (status !== INCOMPLETE) {
      this.#refuse(status);
      return;
    }
    const violation = headerViolation(this.#span.first, this.#connectSeen);
    if (violation === undefined) this.#partial.append(chunk, at, chunk.length);
    else this.#violate(violation);
  }

  #judge(bytes: Buffer): number {
    const violation = packetViolation(bytes, this.#span, this.#connectSeen);
    if (violation !== undefined) {
      this.#violation = violation;
      return DEAD;
    }
    const { first } = this.#span;
    const type = first >> 4;
    if (type === PUBLISH) {
      const verdict = (first & 0x06) === 0 ? this.admission.judgeQos0() : this.admission.judgeAcknowledged();
      if (verdict !== PASS) return verdict;
      if (this.#direct && this.#events.take(bytes, this.#span)) return DROP;
      this.#direct = false;
      return PASS;
    }
    this.#direct = false;
    if (type === CONNECT) {
      this.#connectSeen = true;
      // aedes must see a packet at least every 1.5 times the keep-alive; the next one may be a whole keep-alive away.
      this.#directMs = 400 * (keepAliveSeconds(bytes, this.#span) || Number.POSITIVE_INFINITY);
      this.block(BLOCK.connecting);
      return LAST;
    }
    return this.admission.mayReply() ? PASS : STOP;
  }

  #pass(bytes: Buffer, from: number, to: number): void {
    if (from >= to || this.#closed) return;
    this.#passedMs = this.#nowMs;
    const whole = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to);
    if (!this.#events.pass(whole)) this.block(BLOCK.backPressure);
  }

  #maxBytes(): number {
    const { limits } = this.#context;
    return this.#connectSeen ? limits.maxPacketBytes : limits.maxConnectBytes;
  }

  #refuse(status: number): number {
    this.#violate(status === TOO_LARGE ? 'packet-too-large' : 'bad-length');
    return -1;
  }

  /** Nothing after this is looked at. */
  #violate(violation: Violation): void {
    this.close();
    this.#events.violate(violation);
  }
}
