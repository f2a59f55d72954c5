import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import type { Log } from '../log.ts';

/**
 * Starting a program stops the main thread, 10 ms where the process has 460 MB: too long on the hot path every few
 * seconds. So one small shell is started while the process is small, and that starts systemd-notify.
 */
const REPEAT = 'while IFS= read -r word; do systemd-notify "$word" || exit; done';

/** Words that wait while systemd does not take them. */
const WAITING_BYTES_MAX = 4096;

/** What sd_notify(3) knows of the words that are used here. */
export type Word = 'READY=1' | 'WATCHDOG=1' | 'STOPPING=1' | `STATUS=${string}`;

/** Tells the service manager, in order. Nothing here throws or waits: judging never depends on it. */
export interface Messenger {
  tell(word: Word): void;
  /** Resolves when all that was told is with systemd, or cannot be. */
  end(): Promise<void>;
}

interface Teller {
  readonly child: ChildProcess;
  readonly words: Writable;
}

export const createMessenger = (log: Log): Messenger => {
  let teller: Teller | undefined;
  let isEnding = false;
  let isFailing = false;

  const failed = (fields: object): void => {
    teller = undefined;
    if (isEnding || isFailing) return;
    isFailing = true;
    log.error(fields, 'systemd is not told how the gateway is: systemd-notify does not work here');
  };

  const start = (): Teller => {
    const child = spawn('sh', ['-c', REPEAT], { stdio: ['pipe', 'ignore', 'inherit'] });
    // What it did not take is lost with it; its exit says so.
    child.stdin.on('error', () => undefined);
    child.once('error', (error) => failed({ error }));
    child.once('exit', (exitCode) => failed({ exitCode }));
    return { child, words: child.stdin };
  };

  return {
    tell: (word) => {
      teller ??= start();
      if (teller.words.writableLength < WAITING_BYTES_MAX) teller.words.write(`${word.replaceAll('\n', ' ')}\n`);
    },
    end: async () => {
      isEnding = true;
      if (teller === undefined) return;
      const { child, words } = teller;
      const isGone = child.exitCode !== null || child.signalCode !== null;
      const gone = isGone ? undefined : once(child, 'exit').catch(() => undefined);
      words.end();
      await gone;
    },
  };
};
