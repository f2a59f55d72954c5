import type { Front } from '../front/front.ts';
import type { Identity } from './credentials.ts';

/** One connection and who it is. */
export class Session {
  readonly front: Front;
  readonly local: boolean;
  /** Filters granted to this connection, to bound their number. */
  readonly filters = new Set<string>();
  #identity: Identity | undefined;
  #lastTopic: string | undefined;

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

  /** A device publishes to one topic nearly always: the last one that was allowed is remembered. */
  mayPublish(topic: string): boolean {
    if (topic === this.#lastTopic) return true;
    if (this.#identity?.access.mayPublish(topic) !== true) return false;
    this.#lastTopic = topic;
    return true;
  }

  maySubscribe(filter: string): boolean {
    return this.#identity?.access.maySubscribe(filter) === true;
  }
}
