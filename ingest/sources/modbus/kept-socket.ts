import { connect, type Socket } from 'node:net';
import { backoff } from '../mqtt/backoff.ts';
import type { SourceTrouble } from '../source.ts';
import { socketTrouble } from './trouble.ts';

export interface KeptSocketOptions {
  readonly host: string;
  readonly port: number;
  readonly reconnect?: { readonly firstMs: number; readonly maxMs: number } | undefined;
  /** A socket of its own for every connection. */
  onOpen(socket: Socket): void;
  /** It is gone, or never came about; it is being tried again. */
  onLost(trouble: SourceTrouble): void;
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
}

/** A TCP connection that is kept up. */
export interface KeptSocket {
  start(): void;
  /** Ends the connection, and makes another. */
  reopen(trouble: SourceTrouble): void;
  stop(): void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const KEEP_ALIVE_MS = 30_000;
/** A connection that lasts this long was a good one: the next failure is the first of a new row. */
const SETTLED_MS = 10_000;

export const keepConnected = ({ host, port, reconnect, onOpen, onLost, nowMs }: KeptSocketOptions): KeptSocket => {
  const wait = backoff({ firstMs: 250, maxMs: 10_000, ...reconnect, random: Math.random });
  let socket: Socket | undefined;
  let timer: NodeJS.Timeout | undefined;
  let stopped = true;

  const lose = (own: Socket, trouble: SourceTrouble): void => {
    if (socket !== own) return;
    socket = undefined;
    own.destroy();
    clearTimeout(timer);
    if (stopped) return;
    timer = setTimeout(open, wait.nextMs());
    onLost(trouble);
  };

  const open = (): void => {
    let reason = 'closed';
    const own = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS });
    socket = own;
    timer = setTimeout(() => lose(own, socketTrouble(host, port, 'timed out', nowMs())), CONNECT_TIMEOUT_MS);
    own.on('error', (error) => {
      reason = error.message;
    });
    own.once('close', () => lose(own, socketTrouble(host, port, reason, nowMs())));
    own.once('connect', () => {
      clearTimeout(timer);
      if (socket !== own) return;
      timer = setTimeout(wait.reset, SETTLED_MS);
      onOpen(own);
    });
  };

  return {
    start: () => {
      if (!stopped) return;
      stopped = false;
      open();
    },
    reopen: (trouble) => {
      if (socket !== undefined) lose(socket, trouble);
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      socket?.destroy();
      socket = undefined;
    },
  };
};
