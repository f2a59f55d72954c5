import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { FastifyServerFactory } from 'fastify';
import { checkedOptions, secureOptions, type TlsFiles } from './secure-context.ts';

/** Timers of the real clock. */
interface Timers {
  /** Runs `task` once after `ms`; returns its cancellation. */
  after(ms: number, task: () => void): () => void;
}

/** An HTTPS port on which plain HTTP is answered too, by somebody else: people type addresses without `https://`. */
export interface HttpsListener {
  /** For fastify: the server behind TLS. */
  readonly serverFactory: FastifyServerFactory;
  /** Reads the files again. Throws, and keeps the old certificate, when they are no good. */
  reload(): void;
  /** Ends connections that have not come to a request over TLS; those that have are fastify's to end. */
  dropOthers(): void;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
/** A plain request is for one small page: whoever takes longer is holding the connection. */
const PLAIN_TIMEOUT_MS = 30_000;
/** First byte of a TLS record that begins a handshake (RFC 8446 section 5.1). */
const HANDSHAKE = 0x16;

const placeOf = ({ remoteAddress, remotePort }: net.Socket): string => `${remoteAddress} ${remotePort}`;

/** Tells by the first byte, which stays to be read, whether a connection speaks TLS. */
const whenKnown = (socket: net.Socket, decide: (isTls: boolean) => void): void => {
  socket.once('readable', () => {
    const first = socket.read(1);
    if (!Buffer.isBuffer(first)) {
      socket.destroy();
      return;
    }
    socket.unshift(first);
    decide(first[0] === HANDSHAKE);
  });
};

/** What fastify sets on servers that it makes itself. */
const numbers = (given: Readonly<Record<string, unknown>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(given).flatMap(([key, value]) => (typeof value === 'number' ? [[key, value]] : [])),
  );

/** Takes over what `server` does with a new connection. */
const ownConnections = (server: https.Server): ((socket: net.Socket) => void) => {
  const [listener] = server.listeners('connection');
  if (listener === undefined) throw new Error('a TLS server without a listener for connections');
  server.removeAllListeners('connection');
  return (socket) => Reflect.apply(listener, server, [socket]);
};

/** `plain` answers what comes without TLS; it should be small, and say `connection: close`. */
export const httpsListener = (files: TlsFiles, plain: http.RequestListener, timers: Timers): HttpsListener => {
  const others = new Map<string, net.Socket>();
  const plainServer = http.createServer(plain);
  /** More than one where a name stands for several addresses of this machine: `localhost` does. */
  const servers: https.Server[] = [];
  const accept = (socket: net.Socket, handOver: (socket: net.Socket) => void): void => {
    const place = placeOf(socket);
    others.set(place, socket);
    const cancel = timers.after(PLAIN_TIMEOUT_MS, () => socket.destroy());
    socket.once('close', () => {
      cancel();
      others.delete(place);
    });
    socket.on('error', () => socket.destroy());
    whenKnown(socket, (isTls) => {
      if (isTls) cancel();
      if (isTls) handOver(socket);
      else plainServer.emit('connection', socket);
    });
  };
  const serverFactory: FastifyServerFactory = (handler, { keepAliveTimeout, requestTimeout }) => {
    const server = https.createServer({
      ...numbers({ keepAliveTimeout, requestTimeout }),
      ...secureOptions(files),
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    server.on('request', handler);
    const handOver = ownConnections(server);
    server.on('connection', (socket) => {
      if (socket instanceof net.Socket) accept(socket, handOver);
    });
    server.on('secureConnection', (socket) => others.delete(placeOf(socket)));
    servers.push(server);
    return server;
  };
  return {
    serverFactory,
    reload: () => {
      const secure = checkedOptions(files);
      for (const server of servers) server.setSecureContext(secure);
    },
    dropOthers: () => {
      for (const socket of others.values()) socket.destroy();
    },
  };
};
