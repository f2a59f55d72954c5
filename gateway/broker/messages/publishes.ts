import type { Client, PublishPacket } from 'aedes';
import type { MqttPublish, MqttTap } from '../../../ingest/sources/mqtt-broker.ts';
import type { Session } from '../clients/session.ts';
import type { Counters } from '../counters.ts';
import type { Limits } from '../limits.ts';
import type { Log, Warn } from '../log.ts';
import { topicRoutes } from './topic-routes.ts';
import type { KnownTopic } from './topic-table.ts';

/** Somebody acknowledges an alarm over MQTT; who, is the credential, never the payload. */
export interface AckMessage {
  readonly alarmId: string;
  /** JSON `{ "comment"? }`, not yet parsed. */
  readonly payload: Uint8Array;
  readonly client: string | undefined;
  readonly role: string | undefined;
}

export type AckHandler = (ack: AckMessage, settle?: () => void) => void;

export interface PublishesOptions {
  readonly venueId: string;
  readonly limits: Limits;
  readonly counters: Counters;
  readonly log: Log;
  readonly warn: Warn;
  session(client: Client): Session | undefined;
  isDuplicate(client: Client, packet: PublishPacket): Promise<boolean>;
}

type Done = (error?: Error | null) => void;

/**
 * What clients publish: checked against the access list and judged (tapped) at once. aedes' callback is called in the
 * same tick, for with two of them held it would stop reading the connection; only the receipt waits, in the front.
 */
export class Publishes {
  onPublish: MqttTap | undefined;
  onAck: AckHandler | undefined;
  readonly #options: PublishesOptions;
  readonly #route: ReturnType<typeof topicRoutes>;
  readonly #retained = new Set<string>();

  constructor(options: PublishesOptions) {
    this.#options = options;
    this.#route = topicRoutes(options.venueId);
  }

  /** aedes' `authorizePublish`; wills come this way too. */
  authorize(client: Client | null, packet: PublishPacket, done: Done): void {
    const session = client === null ? undefined : this.#options.session(client);
    if (client === null || session === undefined) {
      done(new Error('unknown client'));
      return;
    }
    if (!session.mayPublish(packet.topic)) {
      done(this.#forbidden(session, packet));
      return;
    }
    if (packet.retain) this.#boundRetained(packet);
    if (packet.qos === 2 && packet.messageId !== undefined) this.#takeOnce(client, session, packet, done);
    else {
      this.#take(session, packet);
      done();
    }
  }

  isTelemetry(topic: string): boolean {
    return this.#route(topic) === 'telemetry';
  }

  /** A telemetry publish that aedes does not see: allowed, not retained, QoS 1 where it has a packet id, else QoS 0. */
  takeDirect(session: Session, { topic, place }: KnownTopic, payload: Buffer, messageId: number): void {
    const publish = messageOf(session, topic, place, payload, messageId === 0 ? 0 : 1, false);
    if (messageId === 0) this.#tapped(publish, undefined);
    else this.#answered(session, 1, messageId, true, (settle) => this.#tapped(publish, settle));
  }

  #take(session: Session, packet: PublishPacket): void {
    const { messageId, qos } = packet;
    // A will has no packet id, and nobody to answer.
    if (qos === 0 || messageId === undefined) this.#hand(session, packet, undefined);
    else this.#answered(session, qos, messageId, false, (settle) => this.#hand(session, packet, settle));
  }

  /** Hands over a publish whose sender waits for a receipt. */
  #answered(
    { front }: Session,
    qos: 1 | 2,
    messageId: number,
    direct: boolean,
    hand: (settle: () => void) => void,
  ): void {
    let settled = false;
    let release: (() => void) | undefined;
    hand(() => {
      settled = true;
      release?.();
    });
    release = front.publishTaken(qos, messageId, settled, direct);
  }

  /** QoS 2, method A of figure 4.3: a publish that is repeated before its PUBREL is not a new message. */
  #takeOnce(client: Client, session: Session, packet: PublishPacket, done: Done): void {
    this.#options
      .isDuplicate(client, packet)
      .then((duplicate) => {
        if (duplicate && packet.messageId !== undefined) session.front.publishTaken(2, packet.messageId, true, false);
        else this.#take(session, packet);
        done();
      })
      .catch((error: unknown) => done(error instanceof Error ? error : new Error(String(error))));
  }

  #hand(session: Session, packet: PublishPacket, settle: Settle): void {
    const { topic, qos, retain } = packet;
    const route = this.#route(topic);
    if (route === 'telemetry') this.#tapped(messageOf(session, topic, undefined, bytesOf(packet), qos, retain), settle);
    else if (route === 'ack') this.#acknowledged(ackMessage(session, packet), settle);
    // Commands and the gateway's own topics are for subscribers only.
    else settle?.();
  }

  #tapped(publish: MqttPublish, settle: Settle): void {
    const handler = this.onPublish;
    this.#options.counters.published += 1;
    try {
      if (handler === undefined) settle?.();
      else handler(publish, settle);
    } catch (error) {
      this.#failed(error, publish.topic, settle);
    }
  }

  #acknowledged(ack: AckMessage, settle: Settle): void {
    const handler = this.onAck;
    this.#options.counters.published += 1;
    try {
      if (handler === undefined) settle?.();
      else handler(ack, settle);
    } catch (error) {
      this.#failed(error, ack.alarmId, settle);
    }
  }

  /** Left unsettled it would come again after every reconnect, and block the client for good. */
  #failed(error: unknown, topic: string, settle: Settle): void {
    this.#options.counters.tapFailures += 1;
    this.#options.log.error({ err: error, topic }, 'MQTT message failed in its handler');
    settle?.();
  }

  #forbidden(session: Session, { topic }: PublishPacket): Error {
    const { counters, warn } = this.#options;
    counters.forbidden += 1;
    const client = session.front.name;
    warn(`forbidden ${client}`, { client, topic }, 'MQTT publish refused: the client may not publish to this topic');
    // MQTT 3.1.1 has no refusal code: [MQTT-3.3.5-2] leaves acknowledging or closing; closing is not silent.
    return new Error('not authorized to publish');
  }

  /** Retained messages stay in memory for good, so their topics are counted. */
  #boundRetained(packet: PublishPacket): void {
    const { limits, counters, warn } = this.#options;
    if (packet.payload.length === 0) this.#retained.delete(packet.topic);
    else if (this.#retained.has(packet.topic) || this.#retained.size < limits.maxRetainedTopics) {
      this.#retained.add(packet.topic);
    } else {
      packet.retain = false;
      counters.retainRefused += 1;
      warn('retain', { topic: packet.topic }, 'MQTT retain ignored: too many topics are retained');
    }
  }
}

type Settle = (() => void) | undefined;

const messageOf = (
  session: Session,
  topic: string,
  place: number | undefined,
  payload: Uint8Array,
  qos: 0 | 1 | 2,
  retain: boolean,
): MqttPublish => ({ topic, place, payload, qos, retain, client: session.client, role: session.role });

const ackMessage = (session: Session, packet: PublishPacket): AckMessage => ({
  alarmId: packet.topic.split('/')[3] ?? '',
  payload: bytesOf(packet),
  client: session.client,
  role: session.role,
});

const bytesOf = ({ payload }: PublishPacket): Uint8Array =>
  typeof payload === 'string' ? Buffer.from(payload) : payload;
