import net from 'node:net';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { Broker } from '../../../gateway/broker/broker.ts';
import { createBroker } from '../../../gateway/broker/broker.ts';
import type { BrokerOptions } from '../../../gateway/broker/options.ts';
import type { MqttPublish } from '../../../ingest/sources/mqtt-broker.ts';
import { until } from '../../until.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export interface Tapped extends MqttPublish {
  readonly settle: (() => void) | undefined;
}

export interface TestBroker {
  readonly broker: Broker;
  readonly lines: LogLine[];
  readonly tapped: Tapped[];
  readonly port: number;
}

/** A broker on a free port of the loopback address that settles at once unless told otherwise; ends with the test. */
export const startBroker = async (
  options: Partial<BrokerOptions> = {},
  onPublish: (publish: Tapped) => void = (publish) => publish.settle?.(),
): Promise<TestBroker> => {
  const lines: LogLine[] = [];
  const tapped: Tapped[] = [];
  const line = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  const broker = createBroker({
    venueId: 'v',
    tcp: { host: '127.0.0.1', port: 0 },
    credentials: new Map(),
    anonymous: 'loopback',
    log: { info: line('info'), warn: line('warn'), error: line('error') },
    ...options,
  });
  broker.tap((publish, settle) => {
    const entry = { ...publish, payload: Buffer.from(publish.payload), settle };
    tapped.push(entry);
    onPublish(entry);
  });
  await broker.start();
  onTestFinished(() => broker.stop());
  return { broker, lines, tapped, port: broker.addresses()[0]?.port ?? 0 };
};

/** A socket that speaks bytes: what came, and whether the other side has closed. */
export interface RawClient {
  readonly socket: Duplex;
  received(): Buffer;
  closed(): boolean;
  send(bytes: Buffer | string): void;
  /** Waits for exactly these bytes, and takes them. */
  expect(hex: string): Promise<void>;
}

export const rawClient = async (port: number): Promise<RawClient> => {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return overSocket(socket);
};

export const overSocket = (socket: Duplex): RawClient => {
  let chunks: Buffer[] = [];
  let length = 0;
  let closed = false;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
  });
  const received = (): Buffer => {
    const joined = Buffer.concat(chunks);
    chunks = [joined];
    return joined;
  };
  const close = (): void => {
    closed = true;
  };
  socket.on('end', close).on('close', close).on('error', close);
  return {
    socket,
    received,
    closed: () => closed,
    send: (bytes) => {
      socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes);
    },
    expect: async (hex) => {
      const wanted = hex.length / 2;
      await until(() => length >= wanted || closed, `bytes ${hex}`).catch(() => undefined);
      const all = received();
      const got = all.subarray(0, wanted).toString('hex');
      chunks = [all.subarray(wanted)];
      length = all.length - got.length / 2;
      if (got !== hex) throw new Error(`expected ${hex}, got ${got}`);
    },
  };
};

const text = (value: string | Buffer): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
};

export const packet = (first: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const header = [first];
  for (let left = body.length; ; left >>= 7) {
    header.push(left > 127 ? (left & 127) | 128 : left);
    if (left < 128) return Buffer.concat([Buffer.from(header), body]);
  }
};

export interface ConnectOptions {
  readonly id?: string;
  readonly user?: string;
  readonly password?: string;
  readonly clean?: boolean;
  readonly keepAliveSeconds?: number;
  readonly will?: { readonly topic: string; readonly payload: string; readonly qos: 0 | 1 };
}

export const connectPacket = (options: ConnectOptions = {}): Buffer => {
  const { id = 'c', user, password, clean = true, keepAliveSeconds = 60, will } = options;
  const flags =
    (user === undefined ? 0 : 0x80) |
    (password === undefined ? 0 : 0x40) |
    (will === undefined ? 0 : 4 | (will.qos << 3)) |
    (clean ? 2 : 0);
  const willParts = will === undefined ? [] : [text(will.topic), text(will.payload)];
  const login = [user, password].filter((part) => part !== undefined).map(text);
  const fixed = Buffer.from([4, flags, keepAliveSeconds >> 8, keepAliveSeconds & 0xff]);
  return packet(0x10, text('MQTT'), fixed, text(id), ...willParts, ...login);
};

export const publishPacket = (topic: string, payload: string | Buffer, messageId = 0, first = 0x30): Buffer => {
  const id = messageId === 0 ? [] : [Buffer.from([messageId >> 8, messageId & 0xff])];
  return packet(first | (messageId === 0 ? 0 : 2), text(topic), ...id, Buffer.from(payload));
};

export const subscribePacket = (messageId: number, ...filters: (readonly [string, 0 | 1])[]): Buffer =>
  packet(
    0x82,
    Buffer.from([messageId >> 8, messageId & 0xff]),
    ...filters.flatMap(([filter, qos]) => [text(filter), Buffer.from([qos])]),
  );

export const CONNACK = '20020000';

/** A raw client that has been let in. */
export const connected = async (port: number, options: ConnectOptions = {}): Promise<RawClient> => {
  const client = await rawClient(port);
  client.send(connectPacket(options));
  await client.expect(CONNACK);
  return client;
};
