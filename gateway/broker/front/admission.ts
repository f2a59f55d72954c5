import type { TokenBucket } from '../limits.ts';
import type { FrontContext } from './context.ts';

/** Reasons to leave a socket unread; it is read again when none is left. */
export const BLOCK = { backPressure: 1, connecting: 2, rate: 4, unsettled: 8, outbound: 16 } as const;

/** What becomes of a packet. STOP: not yet, the socket rests. LAST: passes, then the socket rests. */
export const PASS = 0;
export const DROP = 1;
export const STOP = 2;
export const LAST = 3;
export const DEAD = 4;
export type Verdict = 0 | 1 | 2 | 3 | 4;

const RATE_PAUSE_MS = 50;
/** While QoS 0 is shed, so many publishes of each slice still pass: what capacity there is, is used, by all alike. */
const SPARED_PER_SLICE = 8;
const MAX_UNREAD_REPLIES = 1_000;

export interface AdmissionEvents {
  block(reason: number): void;
  unblock(reason: number): void;
  /** For log lines. */
  name(): string;
}

/** Decides how much of a connection's well-formed input may pass: its rate, what is unsettled, what overload allows. */
export class Admission {
  /** QoS 1 and 2 publishes that passed and are not settled. */
  unsettled = 0;
  bucket: TokenBucket;
  readonly #context: FrontContext;
  readonly #events: AdmissionEvents;
  #outboundBlocked = false;
  #unreadReplies = 0;
  #shed = false;
  #spared = 0;

  constructor(context: FrontContext, bucket: TokenBucket, events: AdmissionEvents) {
    this.#context = context;
    this.bucket = bucket;
    this.#events = events;
  }

  /** A slice of input begins. */
  begin(quiet: boolean, now: number): void {
    this.bucket.refill(now);
    this.#shed = this.#context.turns.shedding(quiet, now);
    this.#spared = SPARED_PER_SLICE;
  }

  /** While the peer does not read what we send, what must be answered is limited. */
  outboundBlocked(blocked: boolean): void {
    this.#outboundBlocked = blocked;
    if (blocked) return;
    this.#unreadReplies = 0;
    this.#events.unblock(BLOCK.outbound);
  }

  judgeQos0(): Verdict {
    const { counters, warn } = this.#context;
    if (this.#shed && --this.#spared < 0) {
      counters.shedQos0 += 1;
      warn('shed', {}, 'MQTT overload: QoS 0 publishes of busy clients are dropped');
      return DROP;
    }
    if (this.bucket.take()) return PASS;
    counters.rateLimitedQos0 += 1;
    const client = this.#events.name();
    warn(`rate0 ${client}`, { client }, 'MQTT client publishes faster than allowed: QoS 0 publishes are dropped');
    return DROP;
  }

  judgeAcknowledged(): Verdict {
    const { clock, counters, limits, warn } = this.#context;
    if (this.unsettled >= limits.maxUnsettled) {
      counters.inflightPauses += 1;
      const client = this.#events.name();
      warn(`unsettled ${client}`, { client }, 'MQTT client paused: too many of its publishes are not stored yet');
      this.#events.block(BLOCK.unsettled);
      return STOP;
    }
    if (!this.mayReply()) return STOP;
    if (!this.bucket.take()) {
      counters.ratePauses += 1;
      const client = this.#events.name();
      warn(`rate ${client}`, { client }, 'MQTT client publishes faster than allowed: slowed down');
      this.#events.block(BLOCK.rate);
      clock.after(RATE_PAUSE_MS, () => this.#events.unblock(BLOCK.rate));
      return STOP;
    }
    this.unsettled += 1;
    return PASS;
  }

  /** A peer that never reads must not make us queue answers without end. */
  mayReply(): boolean {
    if (!this.#outboundBlocked) return true;
    this.#unreadReplies += 1;
    if (this.#unreadReplies <= MAX_UNREAD_REPLIES) return true;
    this.#events.block(BLOCK.outbound);
    return false;
  }
}
