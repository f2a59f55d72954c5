import type { EventEmitter } from 'node:events';
import type { Client, Subscription } from 'aedes';
import { Aedes } from 'aedes';
import { admissions } from './admissions.ts';
import type { Credential, Credentials } from './clients/credentials.ts';
import { credentials } from './clients/credentials.ts';
import { Logins } from './clients/logins.ts';
import { Session } from './clients/session.ts';
import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { FrontContext } from './front/context.ts';
import { Front } from './front/front.ts';
import { Turns } from './front/turns.ts';
import type { Limits } from './limits.ts';
import { TokenBucket } from './limits.ts';
import type { Accepted } from './listeners.ts';
import type { Warn } from './log.ts';
import { DirectLane } from './messages/direct.ts';
import type { FanOut } from './messages/fan-out.ts';
import { skipIdleFanOut } from './messages/fan-out.ts';
import type { OfflineSessions } from './messages/offline.ts';
import { boundSessions } from './messages/offline.ts';
import type { Outbox } from './messages/outbox.ts';
import { outbox } from './messages/outbox.ts';
import { Publishes } from './messages/publishes.ts';
import { TopicTable } from './messages/topic-table.ts';
import type { BrokerOptions } from './options.ts';

interface Shared {
  readonly clock: Clock;
  readonly limits: Limits;
  readonly counters: Counters;
  readonly warn: Warn;
}

type SubscribeAnswer = (error: Error | null, subscription?: Subscription | null) => void;

/** aedes with our hooks, and a front for each connection. */
export class AedesBroker {
  readonly publishes: Publishes;
  readonly outbox: Outbox;
  /** Takes a new connection, which enters when it is its turn. */
  readonly accept: (connection: Accepted) => void;
  readonly #options: BrokerOptions;
  readonly #shared: Shared;
  readonly #context: FrontContext;
  readonly #logins: Logins;
  readonly #aedes: Aedes;
  /** By aedes' `client.conn`. Weak: a will still asks after its connection has gone. */
  readonly #sessions = new WeakMap<object, Session>();
  readonly #open = new Set<Session>();
  #entries: ReadonlyMap<string, Credential>;
  #known: Credentials;
  #offline: OfflineSessions | undefined;
  readonly #topics = new TopicTable();
  #fanOut: FanOut | undefined;

  constructor(options: BrokerOptions, shared: Shared) {
    const { clock, limits, counters, warn } = shared;
    this.#options = options;
    this.#shared = shared;
    this.#context = { ...shared, turns: new Turns(clock, limits.turnBudgetMs, limits.shedAfterMs) };
    this.accept = admissions(this.#context, (connection) => this.#enter(connection));
    this.#entries = options.credentials;
    this.#known = this.#readCredentials();
    this.#logins = new Logins({ clock, counters, warn, mayKeepSession: (id) => this.#offline?.mayKeep(id) === true });
    this.publishes = new Publishes({
      venueId: options.venueId,
      limits,
      counters,
      log: options.log,
      warn,
      session: (client) => this.#sessions.get(client.conn),
      isDuplicate: async (client, packet) => (await this.#offline?.isDuplicate(client, packet)) === true,
    });
    this.#aedes = this.#createAedes();
    this.outbox = outbox({
      maxMessages: limits.maxOutboxMessages,
      clock,
      publish: ({ topic, payload, qos, retain }, done) =>
        this.#aedes.publish({ cmd: 'publish', topic, payload, qos, retain, dup: false }, done),
      dropped: ({ topic }) => {
        counters.outboxDropped += 1;
        warn('outbox', { topic }, 'MQTT publishing queue is full: the oldest message was dropped');
      },
    });
  }

  async start(): Promise<void> {
    const { limits, counters, warn } = this.#shared;
    await this.#aedes.listen();
    this.#offline = boundSessions(this.#aedes, {
      limits,
      counters,
      warn,
      maySubscribe: (client, filter) => this.#sessions.get(client.conn)?.maySubscribe(filter) === true,
    });
    const offline = this.#offline;
    this.#fanOut = skipIdleFanOut(
      this.#aedes,
      () => offline.any,
      (error) => this.#options.log.error({ err: error }, 'MQTT message could not be distributed'),
    );
    this.outbox.open();
  }

  stop(): Promise<void> {
    for (const { front } of this.#open) front.stream.destroy();
    return new Promise((resolve) => this.#aedes.close(() => resolve()));
  }

  #enter({ socket, address, local }: Accepted): void {
    const { clock, limits } = this.#shared;
    const front = new Front(socket, address, this.#context, new TokenBucket(limits, clock.now()));
    const session = new Session(front, local);
    this.#sessions.set(front.stream, session);
    this.#open.add(session);
    front.stream.once('close', () => this.#open.delete(session));
    if (this.#fanOut !== undefined) front.useLane(new DirectLane(session, this.publishes, this.#fanOut, this.#topics));
    keepLateMessages(this.#aedes.handle(front.stream), this.#aedes.id);
  }

  setCredentials(entries: ReadonlyMap<string, Credential>): void {
    const before = this.#entries;
    this.#entries = entries;
    this.#known = this.#readCredentials();
    for (const { client, front } of this.#open) {
      if (client === undefined) continue;
      if (JSON.stringify(before.get(client)) !== JSON.stringify(entries.get(client))) front.stream.destroy();
    }
  }

  #readCredentials(): Credentials {
    const { venueId, anonymous } = this.#options;
    const { limits, clock } = this.#shared;
    return credentials({ venueId, credentials: this.#entries, anonymous, rate: limits }, clock);
  }

  #createAedes(): Aedes {
    const { limits } = this.#shared;
    const aedes = new Aedes({
      // Unlimited: with a limit, one frozen subscriber fills it and stops delivery to all, and its backlog overflows
      // the stack when it is released. What waits for a subscriber is bounded by its front (`mayForward`).
      concurrency: 0,
      // The front cuts such a client off first, and counts it.
      drainTimeout: limits.drainTimeoutMs + 1_000,
      connectTimeout: limits.connectTimeoutMs,
      authenticate: (client, userName, password, answer) => {
        const session = this.#sessions.get(client.conn);
        if (session === undefined) answer(null, false);
        else this.#logins.authenticate(this.#known, session, client, userName, password, answer);
      },
      authorizePublish: (client, packet, done) => this.publishes.authorize(client, packet, done),
      authorizeSubscribe: (client, subscription, answer) => this.#authorizeSubscribe(client, subscription, answer),
      authorizeForward: (client, packet) => {
        const session = this.#sessions.get(client.conn);
        // Without a broker id it is sent because of a new subscription: there is no second one.
        if (packet.brokerId && session?.isRepeated(packet.brokerCounter)) return null;
        // aedes sends retained messages at their own QoS, unless a subscription has the very topic as its filter.
        if (packet.retain && packet.qos > 0 && session?.grantedQos(packet.topic) === 0) packet.qos = 0;
        const size = packet.topic.length + packet.payload.length;
        return session?.front.mayForward(packet.qos, size) === true ? packet : null;
      },
    });
    aedes.on('unsubscribe', (filters, client) => {
      const session = this.#sessions.get(client.conn);
      for (const filter of filters) session?.filters.delete(filter);
    });
    // aedes' types leave this event out.
    const emitter: EventEmitter = aedes;
    emitter.on('error', (error: unknown) => this.#options.log.error({ err: error }, 'MQTT broker failed'));
    aedes.on('clientError', (client, error) => this.#closed(client, error));
    aedes.on('connectionError', (client, error) => this.#closed(client, error));
    return aedes;
  }

  #authorizeSubscribe(client: Client, subscription: Subscription, answer: SubscribeAnswer): void {
    const { limits, counters, warn } = this.#shared;
    const session = this.#sessions.get(client.conn);
    const filter = subscription.topic;
    const room = session?.filters.has(filter) || (session?.filters.size ?? 0) < limits.maxSubscriptionsPerClient;
    if (room && session?.maySubscribe(filter)) {
      session.filters.set(filter, subscription.qos);
      answer(null, subscription);
      return;
    }
    counters.forbiddenSubscriptions += 1;
    const name = session?.front.name;
    warn(`subscribe ${name}`, { client: name, filter }, 'MQTT subscription refused');
    answer(null, null); // SUBACK 0x80
  }

  #closed(client: Client, error: Error): void {
    const name = this.#sessions.get(client.conn)?.front.name;
    this.#shared.warn(`closed ${name}`, { client: name, reason: error.message }, 'MQTT connection closed');
  }
}

/**
 * aedes numbers messages when they are published, and forwards none to a client whose number is not above the last
 * one's. But a retained or QoS 1 message takes a promise longer than a QoS 0 one that was published after it, and
 * would be dropped without a word. So that memory is switched off; `Session.isRepeated` does what it is for.
 */
const keepLateMessages = (client: Client, brokerId: string): void => {
  const duplicates: unknown = Reflect.get(client, 'duplicates');
  if (typeof duplicates !== 'object' || duplicates === null) throw new Error('this version of aedes is not known');
  Object.defineProperty(duplicates, brokerId, { get: () => 0, set: () => undefined, configurable: true });
};
