import type { Aedes, PublishPacket } from 'aedes';
import { subscriptionIndex } from './subscriptions.ts';

/** Whether anybody wants a message beside the gateway itself. */
export interface FanOut {
  /** Whether any subscription matches the topic. */
  matches(topic: string): boolean;
  /** Grows whenever the answer may have changed. */
  generation(): number;
  /** Whether some session that is absent may be owed QoS 1 and 2 messages. */
  owed(): boolean;
}

/**
 * Changes how aedes distributes what clients publish:
 *
 * - Where nobody is subscribed, nothing is retained and no absent session may be owed a message, mqemitter is not asked.
 * - The publisher never waits for its subscribers. aedes calls back only when the slowest of them has drained, and with
 *   two callbacks outstanding it stops reading the publisher: a frozen wall screen would silence the bridge whose
 *   buttons it shows. What a slow subscriber may cost is bounded by its front instead.
 *
 * Calling back at once, within the parse, is safe: see front.ts.
 */
export const skipIdleFanOut = (aedes: Aedes, owed: () => boolean, failed: (error: Error) => void): FanOut => {
  const index = subscriptionIndex();
  const publish = aedes.publish;
  const subscribe = aedes.subscribe;
  const unsubscribe = aedes.unsubscribe;
  const finished = (error?: Error | null): void => {
    if (error) failed(error);
  };

  aedes.subscribe = (topic, deliver, done) => {
    index.add(topic);
    subscribe.call(aedes, topic, deliver, done);
  };
  aedes.unsubscribe = (topic, deliver, done) => {
    index.remove(topic);
    unsubscribe.call(aedes, topic, deliver, done);
  };
  // aedes calls it as (packet, client, done) for what a client publishes; its types know (packet, done) only.
  aedes.publish = (packet: PublishPacket, client: unknown, done?: unknown) => {
    if (typeof client !== 'object' || client === null || typeof done !== 'function') {
      Reflect.apply(publish, aedes, [packet, client, done]);
      return;
    }
    const wanted = packet.retain || (packet.qos > 0 && owed()) || index.matches(packet.topic);
    if (wanted) Reflect.apply(publish, aedes, [packet, client, finished]);
    done();
  };
  return { matches: index.matches, generation: index.generation, owed };
};
