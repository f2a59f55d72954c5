import type { Aedes, Client } from 'aedes';
import type { Counters } from '../counters.ts';
import type { Limits } from '../limits.ts';
import type { Warn } from '../log.ts';

interface Filter {
  readonly topic: string;
}

interface StoredMessage {
  readonly topic: string;
  readonly payload: string | Uint8Array;
}

/** The part of aedes' persistence that keeps sessions. aedes' own types leave it out. */
interface SessionStore {
  addSubscriptions(client: Client, subscriptions: readonly Filter[]): Promise<void>;
  outgoingEnqueueCombi(sessions: readonly { readonly clientId: string }[], message: StoredMessage): Promise<void>;
  outgoingClearMessageId(client: Client, packet: object): Promise<StoredMessage | undefined>;
  incomingGetPacket(client: Client, packet: object): Promise<unknown>;
}

const METHODS = ['addSubscriptions', 'outgoingEnqueueCombi', 'outgoingClearMessageId', 'incomingGetPacket'];

const isSessionStore = (value: unknown): value is SessionStore =>
  typeof value === 'object' &&
  value !== null &&
  METHODS.every((name) => typeof Reflect.get(value, name) === 'function');

export interface OfflineOptions {
  readonly limits: Limits;
  readonly counters: Counters;
  readonly warn: Warn;
  maySubscribe(client: Client, filter: string): boolean;
}

/** Sessions that outlive their connection (clean session 0), with their queues. */
export interface OfflineSessions {
  /** Whether a session under this client id may outlive its connection. */
  mayKeep(clientId: string): boolean;
  /** Whether anybody at all may be owed messages. */
  readonly any: boolean;
  /** Whether a QoS 2 publish with this id was received before and not released yet. */
  isDuplicate(client: Client, packet: object): Promise<boolean>;
}

/**
 * Puts bounds to aedes' in-memory sessions: it queues without limit for a client that never comes back. It also stores
 * every filter of a SUBSCRIBE as soon as one of them is granted, refused ones too, and would deliver what those match
 * at the next connection.
 */
export const boundSessions = (aedes: Aedes, options: OfflineOptions): OfflineSessions => {
  const store: unknown = Reflect.get(aedes, 'persistence');
  if (!isSessionStore(store)) throw new Error('this version of aedes has another persistence than expected');
  const { limits, counters, warn } = options;
  const queued = new Map<string, number>();
  const known = new Set<string>();
  let bytes = 0;

  const addSubscriptions = store.addSubscriptions.bind(store);
  store.addSubscriptions = (client, subscriptions) => {
    known.add(client.id);
    return addSubscriptions(
      client,
      subscriptions.filter(({ topic }) => options.maySubscribe(client, topic)),
    );
  };

  const enqueue = store.outgoingEnqueueCombi.bind(store);
  store.outgoingEnqueueCombi = (sessions, message) => {
    const size = sizeOf(message);
    const room = sessions.filter(({ clientId }) => {
      const count = queued.get(clientId) ?? 0;
      if (count < limits.maxOfflineMessagesPerSession && bytes + size <= limits.maxOfflineBytes) {
        queued.set(clientId, count + 1);
        bytes += size;
        return true;
      }
      counters.offlineDropped += 1;
      warn(`offline ${clientId}`, { clientId }, 'MQTT session queue is full: messages for it are dropped');
      return false;
    });
    return enqueue(room, message);
  };

  const clear = store.outgoingClearMessageId.bind(store);
  store.outgoingClearMessageId = async (client, packet) => {
    const cleared = await clear(client, packet);
    if (cleared !== undefined) {
      bytes -= sizeOf(cleared);
      const count = (queued.get(client.id) ?? 1) - 1;
      if (count === 0) queued.delete(client.id);
      else queued.set(client.id, count);
    }
    return cleared;
  };

  return {
    mayKeep: (clientId) => known.has(clientId) || known.size < limits.maxOfflineSessions,
    get any() {
      return known.size > 0;
    },
    isDuplicate: (client, packet) =>
      store.incomingGetPacket(client, packet).then(
        () => true,
        () => false,
      ),
  };
};

const sizeOf = ({ topic, payload }: StoredMessage): number => topic.length + payload.length + 64;
