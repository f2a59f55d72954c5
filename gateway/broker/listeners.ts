import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { createWebSocketStream, WebSocketServer } from 'ws';
import { checkedOptions, secureOptions, type TlsFiles } from '../tls/secure-context.ts';
import type { ListenAddress, ListenOptions } from './options.ts';

/** One connection, ready for MQTT. */
export interface Accepted {
  readonly socket: Duplex;
  readonly address: string;
  /** From this machine, and not by way of a web page from elsewhere. */
  readonly local: boolean;
}

export interface ListenerEvents {
  /** A connection has come; false refuses it. `closed` is to be called when it is gone. */
  admit(address: string): (() => void) | undefined;
  accept(connection: Accepted): void;
}

export interface Listener {
  start(): Promise<ListenAddress>;
  stop(): Promise<void>;
  /** Reads the PEM files again. Throws, and keeps the old certificate, when they are no good. */
  reload(): void;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;
/**
 * Beyond it the kernel drops a SYN, which comes again only after 1, 3, 7 … seconds (RFC 6298); Linux caps it at
 * somaxconn. Node takes one connection a turn of the loop: in a storm, what turns cost decides how fast it empties.
 */
const BACKLOG = 4_096;
/** Finds peers that vanished without a word, where MQTT's keep-alive is off. */
const TCP_KEEPALIVE_MS = 60_000;

export const tcpListener = (options: ListenOptions, events: ListenerEvents): Listener => {
  const server = net.createServer({ noDelay: true }, (socket) => events.accept(accepted(socket, socket)));
  return listener('tcp', server, options, events, () => undefined);
};

export const tlsListener = (options: ListenOptions & TlsFiles, events: ListenerEvents): Listener => {
  const server = tls.createServer({ ...secureOptions(options), handshakeTimeout: HANDSHAKE_TIMEOUT_MS });
  server.on('secureConnection', (socket) => events.accept(accepted(socket, socket)));
  return listener('tls', server, options, events, () => server.setSecureContext(checkedOptions(options)));
};

export const webSocketListener = (
  options: ListenOptions & { readonly tls?: TlsFiles },
  maxPayload: number,
  events: ListenerEvents,
): Listener => {
  const timeouts = { headersTimeout: HANDSHAKE_TIMEOUT_MS, requestTimeout: HANDSHAKE_TIMEOUT_MS };
  const files = options.tls;
  const secure = files === undefined ? undefined : https.createServer({ ...timeouts, ...secureOptions(files) });
  const server = secure ?? http.createServer(timeouts);
  server.on('request', (_request, response) => response.writeHead(426, { upgrade: 'websocket' }).end());
  const sockets = new WebSocketServer({
    server,
    path: '/mqtt',
    maxPayload,
    perMessageDeflate: false,
    // [MQTT-6.0.0-3]: the client must offer the sub-protocol `mqtt`.
    verifyClient: ({ req }: { req: http.IncomingMessage }) => offered(req).includes('mqtt'),
    handleProtocols: () => 'mqtt',
  });
  sockets.on('error', () => undefined);
  sockets.on('connection', (socket, request) => {
    const stream = createWebSocketStream(socket);
    const connection = accepted(stream, request.socket);
    events.accept({ ...connection, local: connection.local && isLocalOrigin(request.headers.origin) });
  });
  return listener('websocket', server, options, events, () => {
    if (secure !== undefined && files !== undefined) secure.setSecureContext(checkedOptions(files));
  });
};

const listener = (
  kind: ListenAddress['kind'],
  server: net.Server,
  options: ListenOptions,
  events: ListenerEvents,
  reload: () => void,
): Listener => {
  const open = new Set<net.Socket>();
  // The raw connection, so that those which are still shaking hands count too.
  server.on('connection', (socket) => {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, TCP_KEEPALIVE_MS);
    const closed = events.admit(socket.remoteAddress ?? '');
    if (closed === undefined) {
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    open.add(socket);
    socket.once('close', () => {
      open.delete(socket);
      closed();
    });
  });
  return {
    start: () => listening(kind, server, options),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
    reload,
  };
};

const listening = (kind: ListenAddress['kind'], server: net.Server, options: ListenOptions): Promise<ListenAddress> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: options.host, port: options.port, backlog: BACKLOG }, () => {
      server.off('error', reject);
      server.on('error', () => undefined);
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : options.port;
      resolve({ kind, host: options.host, port });
    });
  });

const accepted = (socket: Duplex, raw: net.Socket): Accepted => {
  const address = raw.remoteAddress ?? '';
  return { socket, address, local: isLoopback(address) };
};

export const isLoopback = (address: string): boolean => /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address);

/** A web page may open a WebSocket to this machine from anywhere: only pages of this machine count as local. */
const isLocalOrigin = (origin: string | undefined): boolean =>
  origin === undefined || /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(origin);

const offered = (request: http.IncomingMessage): string[] =>
  (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
