/** Limits of the embedded broker. Bytes, milliseconds and counts. */
export interface Limits {
  readonly maxPacketBytes: number;
  /** The first packet of a connection, before anybody is known. */
  readonly maxConnectBytes: number;
  readonly connectTimeoutMs: number;
  readonly maxConnections: number;
  /** From one source address; loopback counts only towards the total. */
  readonly maxConnectionsPerAddress: number;
  /** Publishes of one client (credential; a connection without one counts for itself). */
  readonly publishesPerSecond: number;
  readonly publishBurst: number;
  /** QoS 1 and 2 publishes of one connection that are not settled yet. */
  readonly maxUnsettled: number;
  /** Bytes that may wait for a subscriber at QoS 1; QoS 0 waits for nobody. */
  readonly maxOutboundBytes: number;
  /** A peer that does not read for this long is disconnected. */
  readonly drainTimeoutMs: number;
  /** The loop serves busy connections for this long, then lets others in. */
  readonly turnBudgetMs: number;
  /** Behind for longer than this, QoS 0 of busy connections is shed. */
  readonly shedAfterMs: number;
  readonly maxSubscriptionsPerClient: number;
  readonly maxRetainedTopics: number;
  readonly maxOfflineSessions: number;
  readonly maxOfflineMessagesPerSession: number;
  readonly maxOfflineBytes: number;
  readonly maxOutboxMessages: number;
}

export const DEFAULT_LIMITS: Limits = Object.freeze({
  maxPacketBytes: 65_536,
  maxConnectBytes: 4_096,
  connectTimeoutMs: 10_000,
  maxConnections: 20_000,
  maxConnectionsPerAddress: 2_000,
  publishesPerSecond: 500,
  publishBurst: 1_000,
  maxUnsettled: 1_000,
  maxOutboundBytes: 262_144,
  drainTimeoutMs: 4_000,
  turnBudgetMs: 20,
  shedAfterMs: 500,
  maxSubscriptionsPerClient: 1_000,
  maxRetainedTopics: 20_000,
  maxOfflineSessions: 1_000,
  maxOfflineMessagesPerSession: 1_000,
  maxOfflineBytes: 67_108_864,
  maxOutboxMessages: 10_000,
});

export interface Rate {
  readonly publishesPerSecond: number;
  readonly publishBurst: number;
}

/** Token bucket; time is brought by `refill`, once per piece of input, not once per packet. */
export class TokenBucket {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(rate: Rate, nowMs: number) {
    // Finite, so that no time times an unlimited rate is still no token.
    this.#perMs = Math.min(rate.publishesPerSecond / 1000, Number.MAX_VALUE);
    this.#burst = Math.max(1, rate.publishBurst);
    this.#tokens = this.#burst;
    this.#atMs = nowMs;
  }

  refill(nowMs: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + (nowMs - this.#atMs) * this.#perMs);
    this.#atMs = nowMs;
  }

  take(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
