import type { Duplex } from 'node:stream';
import { PassThrough } from 'node:stream';
import type { IConnackPacket, IPublishPacket } from 'mqtt';
import { ErrorWithSubackPacket, MqttClient } from 'mqtt';
import type { Frame } from '../model/frame.ts';
import { backoff } from './mqtt/backoff.ts';
import type { DialTls } from './mqtt/dial.ts';
import { brokerUrl, dial } from './mqtt/dial.ts';
import type { ReceiptStream } from './mqtt/receipt-stream.ts';
import { receiptStream } from './mqtt/receipt-stream.ts';
import type { Accept, Source } from './source.ts';

export interface MqttClientOptions {
  readonly id: string;
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:`. */
  readonly url: string;
  /** 4: MQTT 3.1.1, for a broker that knows no better. Default 5. */
  readonly protocolVersion?: 4 | 5;
  /** Stays the same over restarts: the broker keeps the session under it. */
  readonly clientId: string;
  readonly userName?: string;
  readonly password?: string;
  readonly tls?: DialTls;
  /** Topic filters, subscribed at QoS 1. */
  readonly topics: readonly string[];
  /** Shares the topics with other clients of the same group (MQTT 5 section 4.8.2). */
  readonly sharedGroup?: string;
  /** How long the broker keeps messages for us while we are away, seconds. Default one day. */
  readonly sessionExpirySeconds?: number;
  /** Messages that the broker may send before the oldest is settled. Default 1,000. */
  readonly maxUnsettled?: number;
  /** Connected, but nothing heard for so long: connects anew. Absent: silence is normal. */
  readonly silenceSeconds?: number;
  readonly keepAliveSeconds?: number;
  readonly reconnect?: { readonly firstMs: number; readonly maxMs: number };
  readonly log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
}

export interface MqttClientCounters {
  frames: number;
  bytes: number;
  connects: number;
  /** Connections that ended or never came about. */
  disconnects: number;
  /** Topics that the broker refused to subscribe. */
  refusedTopics: number;
  /** Connections given up because nothing was heard. */
  silences: number;
  /** `accept` threw; the message was acknowledged and is lost. */
  failures: number;
}

export interface MqttClientSource extends Source {
  readonly counters: Readonly<MqttClientCounters>;
  connected(): boolean;
  /** When the last frame came, Unix milliseconds; life is proved by data, not by an open connection. */
  lastFrameMs(): number | undefined;
}

const ONE_DAY_SECONDS = 86_400;
const CONNECT_TIMEOUT_MS = 10_000;
const STOP_TIMEOUT_MS = 1_000;
const REFUSED = 0x80;

/** Frames from an existing broker over MQTT 5, with a session that outlives connections and restarts. */
export const mqttClientSource = (options: MqttClientOptions): MqttClientSource => {
  const { id, log, nowMs } = options;
  const url = brokerUrl(options.url);
  const counters = { frames: 0, bytes: 0, connects: 0, disconnects: 0, refusedTopics: 0, silences: 0, failures: 0 };
  const wait = backoff({ firstMs: 500, maxMs: 30_000, ...options.reconnect, random: Math.random });
  let lastFrameMs: number | undefined;
  let client: MqttClient | undefined;
  let retry: NodeJS.Timeout | undefined;
  let silence: NodeJS.Timeout | undefined;
  let subscribed = false;
  let stopped = true;

  const receive = (accept: Accept, topic: string, packet: IPublishPacket, settle?: () => void): void => {
    const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
    counters.frames += 1;
    counters.bytes += payload.length;
    lastFrameMs = nowMs();
    silence?.refresh();
    try {
      accept(frameOf(id, topic, payload, packet.retain, lastFrameMs), settle);
    } catch (error) {
      // Left unsettled it would come again with every connection.
      counters.failures += 1;
      log.warn({ source: id, topic, err: error }, 'MQTT message failed in its handler');
      settle?.();
    }
  };

  const subscribe = (to: MqttClient): void => {
    const prefix = options.sharedGroup === undefined ? '' : `$share/${options.sharedGroup}/`;
    // Retain handling 1: what is retained comes only with a new subscription, not with one that the session has.
    to.subscribe(
      options.topics.map((topic) => prefix + topic),
      { qos: 1, rh: 1 },
      (error, granted) => {
        const codes = grantedCodes(error) ?? granted?.map(({ qos }) => qos);
        const refused = options.topics.filter((_, index) => (codes?.[index] ?? 0) >= REFUSED);
        counters.refusedTopics += refused.length;
        subscribed = codes !== undefined && refused.length === 0;
        if (!subscribed) log.warn({ source: id, refused, err: error ?? undefined }, 'MQTT topics not subscribed');
        // Without a single topic there is nothing to stay for.
        if (codes === undefined || refused.length === options.topics.length) to.end(true);
      },
    );
  };

  const onConnect = (to: MqttClient, { sessionPresent }: IConnackPacket): void => {
    counters.connects += 1;
    wait.reset();
    log.info({ source: id, url: url.host, sessionPresent }, 'connected to the MQTT broker');
    // The first time always: the topics may have changed since the session began.
    if (!sessionPresent || !subscribed) subscribe(to);
    if (options.silenceSeconds === undefined) return;
    clearTimeout(silence);
    silence = setTimeout(() => {
      counters.silences += 1;
      log.warn({ source: id, silenceSeconds: options.silenceSeconds }, 'MQTT broker is silent: connecting anew');
      to.end(true);
    }, options.silenceSeconds * 1000);
  };

  const onClose = (accept: Accept): void => {
    client = undefined;
    clearTimeout(silence);
    if (stopped) return;
    counters.disconnects += 1;
    const ms = Math.round(wait.nextMs());
    log.warn({ source: id, url: url.host, retryMs: ms }, 'no connection to the MQTT broker');
    retry = setTimeout(() => connect(accept), ms);
  };

  /** A client for each connection: the session is the broker's, mqtt.js keeps nothing of it that we need. */
  const connect = (accept: Accept): void => {
    let line: ReceiptStream | undefined;
    const opened = new MqttClient(() => {
      line = receiptStream(dialled(url, options.tls));
      return line.stream;
    }, connectOptions(options));
    client = opened;
    opened.on('connect', (connack) => onConnect(opened, connack));
    // mqtt.js writes the PUBACK when this returns: it must be held by then.
    opened.on('message', (topic, _payload, packet) => {
      if (packet.qos === 0 || packet.messageId === undefined) {
        receive(accept, topic, packet);
        return;
      }
      const held = line?.hold(packet.messageId);
      receive(accept, topic, packet, () => held?.());
    });
    opened.on('error', (error) => log.warn({ source: id, err: error }, 'MQTT broker connection failed'));
    opened.once('close', () => onClose(accept));
  };

  return {
    id,
    counters,
    connected: () => client?.connected === true,
    lastFrameMs: () => lastFrameMs,
    start: async (accept) => {
      stopped = false;
      connect(accept);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(retry);
      clearTimeout(silence);
      if (client !== undefined) await end(client);
    },
    send: (topic, payload) => {
      // What mqtt.js would keep for the next connection is out of date by then.
      if (client?.connected !== true) return false;
      client.publish(topic, Buffer.from(payload), { qos: 0 });
      return true;
    },
  };
};

/** A certificate or key that cannot be read fails like a connection: it must not end the process from a timer. */
const dialled = (url: URL, security: DialTls | undefined): Duplex => {
  try {
    return dial(url, security);
  } catch (error) {
    const broken = new PassThrough();
    broken.destroy(error instanceof Error ? error : new Error(String(error)));
    return broken;
  }
};

const connectOptions = (options: MqttClientOptions) => ({
  protocolVersion: options.protocolVersion ?? 5,
  clientId: options.clientId,
  clean: false,
  keepalive: options.keepAliveSeconds ?? 30,
  connectTimeout: CONNECT_TIMEOUT_MS,
  // mqtt.js would retry at a fixed period, without jitter.
  reconnectPeriod: 0,
  resubscribe: false,
  ...(options.protocolVersion === 4
    ? {}
    : {
        properties: {
          sessionExpiryInterval: options.sessionExpirySeconds ?? ONE_DAY_SECONDS,
          receiveMaximum: options.maxUnsettled ?? 1_000,
        },
      }),
  ...(options.userName === undefined ? {} : { username: options.userName }),
  ...(options.password === undefined ? {} : { password: options.password }),
});

const frameOf = (source: string, topic: string, payload: Buffer, retained: boolean, arrivedMs: number): Frame => ({
  source,
  transport: 'mqtt',
  address: topic,
  payload,
  arrivedMs,
  // Here it means old: kept by the broker from before we subscribed.
  retained,
});

/** mqtt.js makes an error of any refusal, with the SUBACK that says which topics were meant. */
const grantedCodes = (error: unknown): number[] | undefined => {
  if (!(error instanceof ErrorWithSubackPacket)) return undefined;
  return error.packet.granted.map((code) => (typeof code === 'number' ? code : REFUSED));
};

const end = async (client: MqttClient): Promise<void> => {
  const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
  const timeout = setTimeout(() => client.end(true), STOP_TIMEOUT_MS);
  client.end(!client.connected);
  await closed;
  clearTimeout(timeout);
};
