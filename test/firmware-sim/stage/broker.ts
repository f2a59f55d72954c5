import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';

export interface Heard {
  readonly client: string;
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
}

export interface Login {
  readonly client: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/** A plain broker on a free port of loopback, and what it heard. */
export const startBroker = async (port = 0, { acknowledges = true } = {}) => {
  const aedes = await Aedes.createBroker();
  const heard: Heard[] = [];
  const logins: Login[] = [];
  const gone: string[] = [];
  const sockets = new Set<Socket>();
  const unanswered: string[] = [];
  let changed = (): void => {};
  aedes.on('publish', ({ topic, payload, qos }, client) => {
    if (client === null || topic.startsWith('$SYS')) return;
    heard.push({ client: client.id, topic, payload: Buffer.from(payload), qos });
    changed();
  });
  aedes.authorizePublish = (_client, { payload }, done) => {
    if (acknowledges) return done(null);
    unanswered.push(payload.toString());
    changed();
  };
  aedes.authenticate = (client, username, password, done) => {
    logins.push({ client: client.id, username, password: password?.toString() });
    done(null, true);
  };
  aedes.on('subscribe', () => changed());
  aedes.on('clientDisconnect', (client) => {
    gone.push(client.id);
    changed();
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const isBound = (bound: typeof address): bound is AddressInfo => bound !== null && typeof bound === 'object';
  if (!isBound(address)) throw new Error('not bound to a port');
  return {
    port: address.port,
    url: `mqtt://127.0.0.1:${address.port}`,
    heard,
    logins,
    gone,
    /** What arrived at a broker that acknowledges nothing. */
    unanswered,
    command: (topic: string, body: unknown): void => {
      const payload = Buffer.from(JSON.stringify(body));
      aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => {});
    },
    /** Settles when the condition holds; looked at whenever something reaches the broker. */
    until: (holds: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        changed = () => {
          if (!holds()) return;
          changed = () => {};
          resolve();
        };
        changed();
      }),
    stop: async (): Promise<void> => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await Promise.all([once(server, 'close'), new Promise<void>((resolve) => aedes.close(() => resolve()))]);
    },
  };
};

export type TestBroker = Awaited<ReturnType<typeof startBroker>>;
