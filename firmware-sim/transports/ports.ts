import { join } from 'node:path';
import { z } from 'zod';
import type { RawEvent } from '../actors/actor.ts';
import type { Clock } from '../clock.ts';
import { openPty, type Pty } from '../pty.ts';
import type { Medium } from './transport.ts';

/** A name of a serial port: its link in the directory of ports, the last part of `path` in venue.yaml. */
export const portName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'a port: letters, digits, . _ -');

/** The cable is pulled, and put in again: the same name, a new terminal. */
export const portEvent = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('unplug') }),
  z.strictObject({ do: z.literal('replug') }),
]);

/** One serial port of the venue, seen from the device's end. */
export interface Port extends Medium {
  /** Resolves when it is there; rejects with what is missing. */
  plug(): Promise<void>;
  /** False: the bytes are lost, because it is unplugged or nobody has read for long. */
  write(bytes: Uint8Array): boolean;
  /** What the gateway writes, from now on and over every unplugging; one listener. */
  listen(onBytes: (bytes: Uint8Array) => void): void;
}

export interface PortOptions {
  /** Path of the link. */
  readonly link: string;
  readonly clock: Clock;
  readonly onProblem: (message: string) => void;
}

/** A UART has a buffer of this order; what nobody reads is lost. */
const UNREAD_MAX_BYTES = 16_384;

export const createPort = ({ link, clock, onProblem }: PortOptions): Port => {
  let plugged: Promise<Pty> | undefined;
  let pty: Pty | undefined;
  let listener: ((bytes: Uint8Array) => void) | undefined;

  const plug = async (): Promise<void> => {
    plugged ??= openPty(link, clock);
    const own = plugged;
    const opened = await own;
    if (plugged !== own || pty === opened) return;
    pty = opened;
    opened.stream.on('data', (bytes: Uint8Array) => listener?.(bytes));
  };

  const unplug = async (): Promise<void> => {
    const own = plugged;
    plugged = undefined;
    pty = undefined;
    await own?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  };

  // One after the other: a port that is put in while it is being pulled out would take the same link.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const done = last.then(act);
    last = done.catch(() => undefined);
    return done;
  };

  return {
    plug: () => inTurn(plug),
    write: (bytes) => {
      if (pty === undefined || pty.stream.writableLength > UNREAD_MAX_BYTES) return false;
      pty.stream.write(bytes);
      return true;
    },
    listen: (onBytes) => {
      listener = onBytes;
    },
    happen: (event: RawEvent) => {
      // From this moment on, not only when the terminal has gone.
      if (event.do === 'unplug') pty = undefined;
      inTurn(event.do === 'unplug' ? unplug : plug).catch((error: unknown) => onProblem(reason(error)));
    },
    stop: () => inTurn(unplug),
  };
};

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The ports of a scenario by name, made when they are first asked for. */
export interface Ports {
  get(name: string): Port;
  find(name: string): Port | undefined;
  stop(): Promise<void>;
}

export const createPorts = (
  directory: string | undefined,
  clock: Clock,
  onProblem: (port: string, message: string) => void,
): Ports => {
  const ports = new Map<string, Port>();
  return {
    get: (name) => {
      const known = ports.get(name);
      if (known !== undefined) return known;
      if (directory === undefined) throw new Error(`no directory for the serial port ${name}: --ports DIR`);
      const link = join(directory, name);
      const port = createPort({ link, clock, onProblem: (message) => onProblem(name, message) });
      ports.set(name, port);
      return port;
    },
    find: (name) => ports.get(name),
    stop: async () => {
      await Promise.all([...ports.values()].map((port) => port.stop()));
    },
  };
};
