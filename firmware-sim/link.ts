import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

export interface LinkOptions {
  readonly broker: string;
  readonly device: string;
  readonly secret: string | undefined;
  readonly upTopic: string;
  /** Subscribed on every connection where set. */
  readonly downTopic: string | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly onCommand: (payload: Uint8Array) => void;
  /** Connected, and subscribed where there is something to subscribe to. */
  readonly onReady: () => void;
  readonly onProblem: (message: string) => void;
}

/** One device's MQTT connection. */
export interface Link {
  open(): void;
  /** `urgent`: QoS 1, and the last to be dropped while the broker is away. */
  send(payload: Uint8Array, urgent: boolean): void;
  /** Breaks off without a word, as a device does whose battery died. */
  cut(): void;
  /** Says good-bye, after what was sent has been acknowledged or `graceMs` have passed. */
  close(graceMs: number): Promise<void>;
  readonly dropped: number;
  readonly waiting: number;
}

interface Queued {
  readonly payload: Uint8Array;
  readonly urgent: boolean;
}

const OUTBOX_MAX = 256;
/** Messages handed to the client library whose bytes (QoS 0) or acknowledgement (QoS 1) are outstanding. */
const IN_FLIGHT_MAX = 8;
const BACKOFF_MIN_MS = 250;
const BACKOFF_MAX_MS = 8000;

const clientOptions = ({ device, secret }: LinkOptions): IClientOptions => ({
  protocolVersion: 4,
  clientId: device,
  // Without a secret there is no log-in: the gateway's demo takes devices of this machine as they are.
  ...(secret === undefined ? {} : { username: device, password: secret }),
  clean: true,
  keepalive: 30,
  connectTimeout: 10_000,
  // Reconnecting and queueing are done here, where both have bounds.
  reconnectPeriod: 0,
  resubscribe: false,
  queueQoSZero: false,
});

/** Keeps at most OUTBOX_MAX messages: the oldest routine report goes first, a call for help last. */
const enqueue = (outbox: Queued[], message: Queued): boolean => {
  outbox.push(message);
  if (outbox.length <= OUTBOX_MAX) return true;
  const routine = outbox.findIndex(({ urgent }) => !urgent);
  outbox.splice(Math.max(0, routine), 1);
  return false;
};

export const createLink = (options: LinkOptions): Link => {
  const { clock, random, upTopic, downTopic } = options;
  const outbox: Queued[] = [];
  let client: MqttClient | undefined;
  let ready = false;
  const inFlight = new Set<Queued>();
  let dropped = 0;
  let attempts = 0;
  let cancelRetry: (() => void) | undefined;
  let drained: (() => void) | undefined;

  const flush = (from: MqttClient): void => {
    while (ready && from === client && inFlight.size < IN_FLIGHT_MAX) {
      const message = outbox.shift();
      if (message === undefined) break;
      inFlight.add(message);
      from.publish(upTopic, Buffer.from(message.payload), { qos: message.urgent ? 1 : 0 }, (error) => {
        if (from !== client || error) return;
        inFlight.delete(message);
        flush(from);
      });
    }
    if (outbox.length === 0 && inFlight.size === 0) drained?.();
  };

  const becomeReady = (from: MqttClient): void => {
    if (from !== client) return;
    ready = true;
    attempts = 0;
    options.onReady();
    flush(from);
  };

  const onConnect = (from: MqttClient): void => {
    if (downTopic === undefined) {
      becomeReady(from);
      return;
    }
    from.subscribe(downTopic, { qos: 1 }, (error) => {
      if (from !== client) return;
      if (error) options.onProblem(`cannot subscribe to ${downTopic}: ${error.message}`);
      becomeReady(from);
    });
  };

  const retry = (): void => {
    const ceilingMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** Math.min(attempts, 10));
    attempts += 1;
    cancelRetry = clock.after(ceilingMs * random.between(0.5, 1), open);
  };

  /** What was not acknowledged goes out again if it is urgent: a repetition carries the same sequence number. */
  const recover = (): void => {
    const lost = [...inFlight];
    inFlight.clear();
    const again = lost.filter(({ urgent }) => urgent);
    dropped += lost.length - again.length;
    outbox.unshift(...again);
  };

  const discard = (): MqttClient | undefined => {
    const old = client;
    client = undefined;
    ready = false;
    return old;
  };

  const dropAll = (): void => {
    dropped += outbox.length + inFlight.size;
    outbox.length = 0;
    inFlight.clear();
  };

  const open = (): void => {
    cancelRetry?.();
    if (client !== undefined) return;
    const fresh = mqtt.connect(options.broker, clientOptions(options));
    client = fresh;
    fresh.on('connect', () => onConnect(fresh));
    fresh.on('message', (_topic, payload) => options.onCommand(payload));
    fresh.on('error', (error) => options.onProblem(error.message || String(error)));
    fresh.on('close', () => {
      if (fresh !== client) return;
      discard()?.end(true);
      recover();
      retry();
    });
  };

  const close = async (graceMs: number): Promise<void> => {
    cancelRetry?.();
    if (ready && (outbox.length > 0 || inFlight.size > 0)) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(graceMs, resolve);
        drained = () => {
          cancel();
          resolve();
        };
      });
    }
    dropAll();
    cancelRetry?.();
    const wasReady = ready;
    await discard()?.endAsync(!wasReady);
  };

  return {
    open,
    send: (payload, urgent) => {
      if (!enqueue(outbox, { payload, urgent })) dropped += 1;
      if (client !== undefined) flush(client);
    },
    cut: () => {
      cancelRetry?.();
      dropAll();
      discard()?.end(true);
    },
    close,
    get dropped() {
      return dropped;
    },
    get waiting() {
      return outbox.length;
    },
  };
};
