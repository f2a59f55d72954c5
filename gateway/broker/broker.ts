import type { MqttTap } from '../../ingest/sources/mqtt-broker.ts';
import { AedesBroker } from './aedes-broker.ts';
import type { Credential } from './clients/credentials.ts';
import { systemClock } from './clock.ts';
import { connectionCounts } from './connection-counts.ts';
import type { Counters } from './counters.ts';
import { newCounters } from './counters.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import type { Listener, ListenerEvents } from './listeners.ts';
import { tcpListener, tlsListener, webSocketListener } from './listeners.ts';
import { throttledWarnings } from './log.ts';
import type { AckHandler } from './messages/publishes.ts';
import type { BrokerOptions, ListenAddress } from './options.ts';

/** The embedded MQTT 3.1.1 broker. */
export interface Broker {
  /** Rejects when a port is taken or a certificate cannot be read; then nothing listens. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Where it listens, with the real ports. */
  addresses(): readonly ListenAddress[];
  /** Telemetry; set before `start`. What comes without a handler is acknowledged and dropped. */
  tap(handler: MqttTap | undefined): void;
  /** Acknowledgements of alarms. */
  onAck(handler: AckHandler | undefined): void;
  /** Queued, and published in a later turn. An empty retained payload clears the topic. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options: { readonly retain: boolean; readonly qos: 0 | 1 },
  ): void;
  /** Replaces who may connect; connections of credentials that changed or went are closed. */
  setCredentials(entries: ReadonlyMap<string, Credential>): void;
  /** Reads the PEM files again. Bad ones leave the old certificate in use; the errors come back. */
  reloadCertificates(): readonly Error[];
  readonly counters: Readonly<Counters>;
  gauges(): { readonly connections: number; readonly outbox: number };
}

export const createBroker = (options: BrokerOptions): Broker => {
  const { log, clock = systemClock } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const counters = newCounters();
  const warn = throttledWarnings(log, clock);
  const counts = connectionCounts(limits, counters, warn);
  const core = new AedesBroker(options, { clock, limits, counters, warn });
  const events: ListenerEvents = { admit: counts.admit, accept: core.accept };
  let listeners: Listener[] = [];
  let listening: ListenAddress[] = [];

  const stop = async (): Promise<void> => {
    const stopping = listeners;
    listeners = [];
    listening = [];
    await Promise.all(stopping.map((listener) => listener.stop()));
    await core.stop();
  };
  return {
    start: async () => {
      await core.start();
      try {
        for (const listener of listenersFor(options, limits.maxPacketBytes, events)) {
          listeners.push(listener);
          listening.push(await listener.start());
        }
      } catch (error) {
        await stop();
        throw error;
      }
      log.info({ addresses: listening }, 'MQTT broker listens');
    },
    stop,
    addresses: () => listening,
    tap: (handler) => {
      core.publishes.onPublish = handler;
    },
    onAck: (handler) => {
      core.publishes.onAck = handler;
    },
    publish: (topic, payload, { retain, qos }) =>
      core.outbox.push({ topic, payload: Buffer.from(payload), retain, qos }),
    setCredentials: (entries) => core.setCredentials(entries),
    reloadCertificates: () => listeners.map(reloaded).filter((error) => error !== undefined),
    counters,
    gauges: () => ({ connections: counts.open, outbox: core.outbox.size }),
  };
};

function* listenersFor(options: BrokerOptions, maxPacketBytes: number, events: ListenerEvents): Generator<Listener> {
  if (options.tcp !== undefined) yield tcpListener(options.tcp, events);
  if (options.tls !== undefined) yield tlsListener(options.tls, events);
  if (options.websocket !== undefined) yield webSocketListener(options.websocket, maxPacketBytes, events);
}

const reloaded = (listener: Listener): Error | undefined => {
  try {
    listener.reload();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};
