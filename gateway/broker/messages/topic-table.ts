import { ByteTable } from '../../../ingest/byte-table.ts';
import type { Access } from '../clients/access.ts';

/** A telemetry topic that somebody publishes to, and what was last found out about it. */
export interface KnownTopic {
  readonly topic: string;
  /** Its number in the table, no other topic's while it is there; undefined for one too long for the table. */
  readonly place: number | undefined;
  /** The access list that allowed it last. */
  allowedBy: Access | undefined;
  /** The generation of subscriptions of which none matched. */
  unwantedAt: number;
}

/** More than the topics of 10,000 badges and 1,000 sensors; full, the table starts anew. */
const TOPICS_MAX = 50_000;
const TOPIC_BYTES_MAX = 95;

/** Topics by their bytes: the one look-up that a message costs on its way in. */
export class TopicTable {
  readonly #numbers = new ByteTable(TOPIC_BYTES_MAX);
  #topics: KnownTopic[] = [];

  find(bytes: Uint8Array, from: number, to: number): KnownTopic | undefined {
    const number = this.#numbers.find(bytes, from, to);
    return number < 0 ? undefined : this.#topics[number];
  }

  /** Adds a topic that is not there; one too long for the table stands alone. */
  add(bytes: Uint8Array, from: number, to: number, topic: string): KnownTopic {
    if (this.#topics.length >= TOPICS_MAX) {
      this.#numbers.clear();
      this.#topics = [];
    }
    const number = this.#numbers.add(bytes, from, to);
    const place = number < 0 ? undefined : number;
    const known: KnownTopic = { topic, place, allowedBy: undefined, unwantedAt: -1 };
    if (number >= 0) this.#topics[number] = known;
    return known;
  }
}
