import { createServer, type Server, type Socket } from 'node:net';
import type { RawEvent } from '../actors/actor.ts';
import type { Medium } from './transport.ts';

/** Something of the venue's network that the gateway connects to. It can be unplugged. */
export interface Host extends Medium {
  /** Resolves when it listens. */
  plug(): Promise<void>;
}

export interface HostOptions {
  /** TCP port of loopback. */
  readonly port: number;
  readonly onConnection: (socket: Socket) => void;
  readonly onProblem: (message: string) => void;
}

const listening = (server: Server, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });

export const createHost = ({ port, onConnection, onProblem }: HostOptions): Host => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A gateway that goes away is no problem of the device's.
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  let plugged: Promise<void> | undefined;

  const plug = (): Promise<void> => {
    plugged ??= listening(server, port);
    return plugged;
  };
  const unplug = (): Promise<void> => {
    const was = plugged;
    plugged = undefined;
    for (const socket of sockets) socket.destroy();
    if (was === undefined) return Promise.resolve();
    return new Promise((resolve) => server.close(() => resolve()));
  };

  return {
    plug,
    happen: (event: RawEvent) => {
      const done = event.do === 'unplug' ? unplug() : plug();
      done.catch((error: unknown) => onProblem(error instanceof Error ? error.message : String(error)));
    },
    stop: unplug,
  };
};
