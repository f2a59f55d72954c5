import type { Front } from '../front/front.ts';
import { type Access, filterMatches } from './access.ts';
import type { Identity } from './credentials.ts';

/** One connection and who it is. */
export class Session {
  readonly front: Front;
  readonly local: boolean;
  /** Filters granted to this connection, with their QoS. */
  readonly filters = new Map<string, number>();
  #identity: Identity | undefined;
  #lastForwarded = -1;

  constructor(front: Front, local: boolean) {
    this.front = front;
    this.local = local;
  }

  get client(): string | undefined {
    return this.#identity?.name;
  }

  get role(): string | undefined {
    return this.#identity?.role;
  }

  identify(identity: Identity): void {
    this.#identity = identity;
    this.front.identify(identity.name ?? `anonymous ${this.front.address}`, identity.bucket);
  }

  get access(): Access | undefined {
    return this.#identity?.access;
  }

  mayPublish(topic: string): boolean {
    return this.#identity?.access.mayPublish(topic) === true;
  }

  /**
   * Whether this message was just forwarded to this client, by another of its subscriptions: aedes calls all that match
   * in one go.
   */
  isRepeated(messageCount: number): boolean {
    if (messageCount === this.#lastForwarded) return true;
    this.#lastForwarded = messageCount;
    return false;
  }

  /** The highest QoS of the subscriptions that match a topic: what is sent goes no higher [MQTT-3.8.4-6]. */
  grantedQos(topic: string): number {
    let qos = 0;
    for (const [filter, granted] of this.filters) {
      if (granted > qos && filterMatches(filter.split('/'), topic)) qos = granted;
    }
    return qos;
  }

  maySubscribe(filter: string): boolean {
    return this.#identity?.access.maySubscribe(filter) === true;
  }
}
