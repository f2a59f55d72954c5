import { Duplex } from 'node:stream';
import { backoff } from '../mqtt/backoff.ts';
import type { SourceTrouble } from '../source.ts';
import type { KeepLine, Line } from './line.ts';
import type { Timers } from './timers.ts';
import { type BleTroubleCode, bleTrouble } from './trouble.ts';

/** The part of @stoprocent/bluetooth-hci-socket that is used. */
export interface HciSocket {
  bindUser(device: number): unknown;
  start(): void;
  stop(): void;
  write(bytes: Buffer): void;
  on(event: 'data', listener: (bytes: Buffer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

export interface AdapterLineOptions {
  /** `hci0` */
  readonly adapter: string;
  readonly reconnect?: { readonly firstMs: number; readonly maxMs: number } | undefined;
  readonly timers: Timers;
  nowMs(): number;
  /** Makes a socket; absent: the driver, loaded when first needed, for it opens a socket of the kernel. */
  readonly load?: (() => Promise<() => HciSocket>) | undefined;
}

const loadDriver = async (): Promise<() => HciSocket> => {
  const { default: Socket } = await import('@stoprocent/bluetooth-hci-socket');
  return () => new Socket();
};

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The driver's errors carry the system's words only. */
const CODES: readonly (readonly [words: RegExp, code: BleTroubleCode])[] = [
  [/address family not supported|protocol not supported/i, 'no-bluetooth'],
  [/operation not permitted|permission denied/i, 'no-permission'],
  [/no such device|no such file/i, 'no-adapter'],
  [/busy|already in use/i, 'adapter-busy'],
];

const codeOf = (message: string): BleTroubleCode =>
  CODES.find(([words]) => words.test(message))?.[1] ?? 'adapter-failed';

/** The socket as a stream. What comes is not held back: adverts that nobody takes in time are the kernel's to drop. */
const streamOf = (socket: HciSocket): Duplex => {
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => {
      socket.write(Buffer.from(chunk));
      done();
    },
    destroy: (_error, done) => {
      socket.stop();
      done(null);
    },
  });
  stream.on('error', () => undefined);
  socket.on('data', (bytes) => {
    if (!stream.destroyed) stream.push(bytes);
  });
  return stream;
};

/** The native HCI of Linux, on the user channel: the adapter is ours alone, the kernel's own stack keeps off. */
export const keepAdapter =
  ({ adapter, timers, nowMs, ...options }: AdapterLineOptions): KeepLine =>
  ({ onOpen, onLost }): Line => {
    const wait = backoff({ firstMs: 1_000, maxMs: 30_000, ...options.reconnect, random: Math.random });
    let stopped = true;
    let stream: Duplex | undefined;
    let cancel = (): void => {};

    const lose = (trouble: SourceTrouble): void => {
      stream?.destroy();
      stream = undefined;
      if (stopped) return;
      cancel();
      cancel = timers.after(wait.nextMs(), () => void open());
      onLost(trouble);
    };
    const fail = (message: string): void => lose(bleTrouble(codeOf(message), adapter, nowMs(), message));

    const bind = (socket: HciSocket): void => {
      let failure: string | undefined;
      const opened = streamOf(socket);
      socket.on('error', ({ message }) => {
        failure ??= message;
        if (stream === opened) fail(message);
      });
      try {
        // Without a kernel that knows Bluetooth it answers with an event, not by throwing.
        socket.bindUser(Number(adapter.replace(/^hci/, '')));
        if (failure === undefined) socket.start();
      } catch (error) {
        failure ??= messageOf(error);
      }
      if (failure === undefined) {
        stream = opened;
        onOpen(opened);
        return;
      }
      opened.destroy();
      fail(failure);
    };

    const open = async (): Promise<void> => {
      let create: () => HciSocket;
      try {
        create = await (options.load ?? loadDriver)();
      } catch (error) {
        lose(bleTrouble('module-missing', adapter, nowMs(), messageOf(error)));
        return;
      }
      if (!stopped && stream === undefined) bind(create());
    };

    return {
      start: () => {
        if (!stopped) return;
        stopped = false;
        void open();
      },
      reopen: (trouble) => {
        if (stream !== undefined) lose(trouble);
      },
      proveLife: wait.reset,
      stop: async () => {
        stopped = true;
        cancel();
        stream?.destroy();
        stream = undefined;
      },
    };
  };
