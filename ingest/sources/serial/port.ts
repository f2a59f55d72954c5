import { SerialPort } from 'serialport';
import { backoff } from '../mqtt/backoff.ts';
import type { SourceTrouble } from '../source.ts';
import { deviceBehind, obstacle, openTrouble, portTrouble } from './trouble.ts';

/** How a serial port is set; what is absent is 8 data bits, no parity, one stop bit, no flow control. */
export interface LineSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits?: 5 | 6 | 7 | 8 | undefined;
  readonly parity?: 'none' | 'even' | 'odd' | undefined;
  readonly stopBits?: 1 | 2 | undefined;
  readonly rtscts?: boolean | undefined;
}

export interface KeptPortOptions extends LineSettings {
  readonly reconnect?: { readonly firstMs: number; readonly maxMs: number } | undefined;
  /** A port of its own for every opening: what was known of the one before is void. */
  onOpen(port: SerialPort): void;
  /** It is gone, or could not be opened; it is being tried again. Never twice of one port. */
  onLost(trouble: SourceTrouble): void;
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
}

/** A serial port that is kept open: over unplugging, and over programs that hold it for a while. */
export interface KeptPort {
  /** Never fails: a port that is not there is tried again. */
  start(): void;
  /** Closes and opens anew, as one would pull a plug that seems dead. */
  reopen(trouble: SourceTrouble): void;
  /** Bytes came: the next failure is the first of a new row. */
  proveLife(): void;
  readonly isOpen: boolean;
  stop(): Promise<void>;
}

/**
 * After a hang-up the binding may read "no bytes" again and again without a pause, one core's worth, and never say so.
 * Nothing but closing ends that: whether the device is still there has to be looked up.
 */
const WATCH_EVERY_MS = 500;
const CLOSE_TIMEOUT_MS = 2_000;
/** To look whether a port is there costs next to nothing, and whoever plugs it in waits for it. */
const LOOK_MAX_MS = 500;

interface Opened {
  readonly port: SerialPort;
  readonly watchdog: NodeJS.Timeout;
}

export const keepOpen = (options: KeptPortOptions): KeptPort => {
  const { path, nowMs } = options;
  const wait = backoff({ firstMs: 250, maxMs: 5_000, ...options.reconnect, random: Math.random });
  let stopped = true;
  let opened: Opened | undefined;
  let opening: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;

  const lose = (trouble: SourceTrouble): void => {
    const own = opened;
    opened = undefined;
    if (own !== undefined) {
      clearInterval(own.watchdog);
      void close(own.port);
    }
    if (stopped) return;
    clearTimeout(retry);
    const waitMs = wait.nextMs();
    retry = setTimeout(open, trouble.code === 'port-absent' ? Math.min(waitMs, LOOK_MAX_MS) : waitMs);
    options.onLost(trouble);
  };

  const take = (port: SerialPort, device: string | undefined): void => {
    const lost = (): void => {
      if (opened?.port === port) lose(portTrouble('port-lost', path, nowMs()));
    };
    const watchdog = setInterval(() => {
      if (deviceBehind(path) !== device) lost();
    }, WATCH_EVERY_MS);
    opened = { port, watchdog };
    port.on('close', lost);
    port.on('error', lost);
    options.onOpen(port);
  };

  const open = (): void => {
    const known = obstacle(path, nowMs());
    if (known !== undefined) {
      lose(known);
      return;
    }
    // Before it is opened: whatever takes its place from now on is noticed.
    const device = deviceBehind(path);
    const port = new SerialPort({ ...settingsOf(options), autoOpen: false, lock: true });
    opening = new Promise((resolve) => {
      port.open((error) => {
        opening = undefined;
        if (stopped) void close(port).then(resolve);
        else if (error) lose(openTrouble(path, error, nowMs()));
        else take(port, device);
        if (!stopped) resolve();
      });
    });
  };

  return {
    start: () => {
      if (!stopped) return;
      stopped = false;
      open();
    },
    reopen: (trouble) => {
      if (opened !== undefined) lose(trouble);
    },
    proveLife: wait.reset,
    get isOpen() {
      return opened !== undefined;
    },
    stop: async () => {
      stopped = true;
      clearTimeout(retry);
      const own = opened;
      opened = undefined;
      clearInterval(own?.watchdog);
      // An attempt to open cannot be called off, only be closed again.
      await opening;
      if (own !== undefined) await close(own.port);
    },
  };
};

const settingsOf = ({ path, baudRate, dataBits = 8, parity = 'none', stopBits = 1, rtscts = false }: LineSettings) => ({
  path,
  baudRate,
  dataBits,
  parity,
  stopBits,
  rtscts,
});

/** Resolves when the handle is free, or has had its time: a device that went away may keep it for seconds. */
const close = (port: SerialPort): Promise<void> =>
  new Promise((resolve) => {
    const timeout = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    // Of a port that was given up nothing is heard any more; an error without a listener would end the process.
    port.removeAllListeners('data');
    port.on('error', () => undefined);
    port.close(() => {
      clearTimeout(timeout);
      resolve();
    });
  });
