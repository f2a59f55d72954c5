import { fifo } from '../../../ingest/sources/mqtt/fifo.ts';
import type { Clock } from '../clock.ts';

export interface OutgoingMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

export interface Outbox {
  push(message: OutgoingMessage): void;
  /** From now on there is a broker: what was pushed before has waited for it. */
  open(): void;
  readonly size: number;
}

export interface OutboxOptions {
  readonly maxMessages: number;
  readonly clock: Clock;
  /** Hands a message to the broker; `done` is called when it has been fanned out. */
  publish(message: OutgoingMessage, done: () => void): void;
  dropped(message: OutgoingMessage): void;
}

const PER_TURN = 200;
const MAX_UNFINISHED = 1_000;

/**
 * What the gateway publishes. aedes overflows the stack when something is published from inside its hooks under load,
 * so messages wait for a later turn. Retained messages (alarms, status) go before others (commands, notices);
 * each kind keeps its order. A full queue drops the oldest of its kind.
 */
export const outbox = (options: OutboxOptions): Outbox => {
  const retained = fifo<OutgoingMessage>();
  const others = fifo<OutgoingMessage>();
  let isOpen = false;
  let scheduled = false;
  let unfinished = 0;

  const finished = (): void => {
    unfinished -= 1;
    schedule();
  };
  const drain = (): void => {
    scheduled = false;
    for (let count = 0; count < PER_TURN && unfinished < MAX_UNFINISHED; count += 1) {
      const message = retained.shift() ?? others.shift();
      if (message === undefined) return;
      unfinished += 1;
      options.publish(message, finished);
    }
    schedule();
  };
  const schedule = (): void => {
    if (!isOpen || scheduled || unfinished >= MAX_UNFINISHED || retained.size + others.size === 0) return;
    scheduled = true;
    options.clock.soon(drain);
  };

  return {
    push: (message) => {
      const queue = message.retain ? retained : others;
      if (queue.size >= options.maxMessages) {
        const oldest = queue.shift();
        if (oldest !== undefined) options.dropped(oldest);
      }
      queue.push(message);
      schedule();
    },
    open: () => {
      isOpen = true;
      schedule();
    },
    get size() {
      return retained.size + others.size;
    },
  };
};
