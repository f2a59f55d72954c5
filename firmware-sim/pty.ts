import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { Duplex } from 'node:stream';
import type { Clock } from './clock.ts';

/** A pseudo terminal: whoever opens its link has a serial port with a device at the other end. */
export interface Pty {
  /** The device's end. */
  readonly stream: Duplex;
  /** Pulls the cable: the port hangs up and its link is gone. */
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 5;
const WITHIN_MS = 5_000;

/** Node cannot make a terminal: socat makes it, and passes its bytes through two pipes. */
const launch = (link: string): ChildProcess =>
  spawn('socat', ['-', `pty,raw,echo=0,link=${link}`], { stdio: ['pipe', 'pipe', 'pipe'] });

/** Resolves when the process is gone, with why it could not live. */
const goneOf = (child: ChildProcess): Promise<string> => {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-1_000);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      const missing = 'code' in error && error.code === 'ENOENT';
      resolve(missing ? 'socat is not installed (apt-get install socat)' : error.message);
    });
    child.once('exit', () => resolve(errors.trim() || 'socat ended'));
  });
};

const linked = async (link: string, clock: Clock, gone: Promise<string>): Promise<void> => {
  let why: string | undefined;
  void gone.then((reason) => {
    why = reason;
  });
  for (let waitedMs = 0; waitedMs < WITHIN_MS && why === undefined; waitedMs += LOOK_EVERY_MS) {
    if (existsSync(link)) return;
    await new Promise<void>((resolve) => clock.after(LOOK_EVERY_MS, resolve));
  }
  throw new Error(`no serial port ${link}: ${why ?? 'socat did not make it in time'}`);
};

/** Makes a terminal with this link; one that another left behind is replaced. */
export const openPty = async (link: string, clock: Clock): Promise<Pty> => {
  rmSync(link, { force: true });
  const child = launch(link);
  const gone = goneOf(child);
  const { stdin, stdout } = child;
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await gone;
  };
  try {
    await linked(link, clock, gone);
    if (stdin === null || stdout === null) throw new Error('socat has no pipes');
    const stream = Duplex.from({ writable: stdin, readable: stdout });
    // A pulled cable is no error of the device's.
    for (const end of [stream, stdin, stdout]) end.on('error', () => undefined);
    return { stream, close };
  } catch (error) {
    await close();
    throw error;
  }
};
