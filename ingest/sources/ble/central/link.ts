import { type ChildProcess, fork } from 'node:child_process';
import { obstacle } from '../../serial/trouble.ts';
import type { SourceTrouble } from '../../source.ts';
import type { CentralAdapter, FromCentral, ToCentral, WriteRequest, WriteResult } from './protocol.ts';

/** The process that noble lives in, started anew after it failed. */
export interface CentralLink {
  /** So that the first write need not wait for it. */
  start(): void;
  /** Never rejects. One at a time. */
  write(request: WriteRequest): Promise<WriteResult>;
  stop(): Promise<void>;
}

export interface CentralLinkOptions {
  /** The compiled `main.js` beside this file: Node 20 starts no TypeScript. */
  readonly program: string;
  readonly adapter: CentralAdapter;
}

/** Powering on, two attempts to connect, discovery, writing and parting. */
const WRITE_MS = 20_000;
/** It closes its port by itself; one that hangs is ended. */
const STOP_MS = 2_000;

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await exited;
  clearTimeout(timer);
};

export const centralLink = ({ program, adapter }: CentralLinkOptions): CentralLink => {
  let child: ChildProcess | undefined;
  let settle: ((result: WriteResult) => void) | undefined;
  let ending: Promise<void> = Promise.resolve();

  const start = (): ChildProcess => {
    // What noble prints is no log of ours.
    const started = fork(program, [JSON.stringify(adapter)], {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const gone = (detail: string): void => {
      if (child !== started) return;
      child = undefined;
      settle?.({ ok: false, code: 'lost', detail });
    };
    started.on('message', ({ result }: FromCentral) => {
      if (child === started) settle?.(result);
    });
    started.on('error', (error: Error) => gone(error.message));
    started.on('exit', (code, signal) => gone(`its process ended: ${signal ?? code}`));
    return started;
  };

  const discard = (): void => {
    const old = child;
    child = undefined;
    settle?.({ ok: false, code: 'lost', detail: 'stopped' });
    if (old !== undefined) ending = end(old);
  };

  const ask = (to: ChildProcess, message: ToCentral): Promise<WriteResult> =>
    new Promise((resolve) => {
      const late: WriteResult = { ok: false, code: 'timeout', detail: `${WRITE_MS / 1000} s` };
      const timer = setTimeout(() => settle?.(late), WRITE_MS);
      settle = (answer) => {
        settle = undefined;
        clearTimeout(timer);
        resolve(answer);
      };
      to.send(message, (error) => {
        if (error !== null) settle?.({ ok: false, code: 'lost', detail: error.message });
      });
    });

  /** noble says nothing of a port that is not there, and only waits. */
  const portTrouble = (): SourceTrouble | undefined =>
    adapter.kind === 'uart' ? obstacle(adapter.path, 0) : undefined;

  return {
    start: () => {
      if (portTrouble() === undefined) child ??= start();
    },
    write: async (request) => {
      const trouble = portTrouble();
      if (trouble !== undefined) return { ok: false, code: 'no-radio', detail: trouble.en };
      await ending;
      child ??= start();
      const result = await ask(child, { request });
      // Of a controller or a connection in an unknown state nothing is taken over.
      if (!result.ok && result.code !== 'unreachable' && result.code !== 'not-offered') discard();
      return result;
    },
    stop: async () => {
      discard();
      await ending;
    },
  };
};
