import { Worker } from 'node:worker_threads';
import type { CentralAdapter, FromCentral, ToCentral, WriteRequest, WriteResult } from './protocol.ts';

/** The thread that noble lives in, started when first needed, and anew after it failed. */
export interface CentralLink {
  /** Never rejects. One at a time. */
  write(request: WriteRequest): Promise<WriteResult>;
  stop(): Promise<void>;
}

export interface CentralLinkOptions {
  /** The compiled `main.js` beside this file: Node 20 starts no TypeScript. */
  readonly worker: string;
  readonly adapter: CentralAdapter;
}

/** Powering on, two attempts to connect, discovery, writing and parting. */
const WRITE_MS = 20_000;
/** It closes its port by itself; one that hangs is ended. */
const STOP_MS = 2_000;

const end = async (worker: Worker): Promise<void> => {
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const message: ToCentral = { type: 'stop' };
  worker.postMessage(message);
  const timer = setTimeout(() => void worker.terminate(), STOP_MS);
  await exited;
  clearTimeout(timer);
};

export const centralLink = ({ worker: path, adapter }: CentralLinkOptions): CentralLink => {
  let worker: Worker | undefined;
  let settle: ((result: WriteResult) => void) | undefined;
  let ending: Promise<void> = Promise.resolve();

  const start = (): Worker => {
    // What noble prints is no log of ours.
    const started = new Worker(path, { workerData: adapter, name: 'bluetooth', stdout: true, stderr: true });
    started.stdout.resume();
    started.stderr.resume();
    started.on('message', ({ result }: FromCentral) => settle?.(result));
    started.on('error', (error: Error) => settle?.({ ok: false, code: 'lost', detail: error.message }));
    started.on('exit', () => {
      if (worker === started) worker = undefined;
      settle?.({ ok: false, code: 'lost', detail: 'the Bluetooth thread ended' });
    });
    return started;
  };

  const discard = (): void => {
    const old = worker;
    worker = undefined;
    if (old !== undefined) ending = end(old);
  };

  return {
    write: async (request) => {
      await ending;
      worker ??= start();
      const message: ToCentral = { type: 'write', request };
      const result = await new Promise<WriteResult>((resolve) => {
        const timer = setTimeout(
          () => settle?.({ ok: false, code: 'timeout', detail: `${WRITE_MS / 1000} s` }),
          WRITE_MS,
        );
        settle = (answer) => {
          settle = undefined;
          clearTimeout(timer);
          resolve(answer);
        };
        worker?.postMessage(message);
      });
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
