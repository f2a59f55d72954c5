import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PACKAGE_ROOT } from '../../version.ts';
import { type Refusal, StoreQueryError } from '../errors.ts';
import type {
  Answer,
  CountMessage,
  FactsMessage,
  FromWorker,
  Question,
  ReadyMessage,
  ToWorker,
  Work,
  WorkerSettings,
} from '../protocol.ts';

/** Compiled, also where the gateway itself runs from its sources: Node 20 starts no TypeScript. */
const WORKER = join(PACKAGE_ROOT, 'dist', 'gateway', 'store', 'worker', 'main.js');

/** A question unanswered for so many others is refused: a stalled disk must not collect them. */
const QUESTIONS_MAX = 1000;

export interface LinkListener {
  onReady(message: ReadyMessage): void;
  onRefused(refusal: Refusal): void;
  /** Everything else that the worker says of itself. */
  onWord(message: FromWorker): void;
  /** It is gone, told to or not. */
  onExit(error: Error | undefined): void;
}

/** One worker and the questions put to it. */
export interface Link {
  post(message: Work | CountMessage | FactsMessage): void;
  ask(question: Question): Promise<Answer>;
  /** Lets it commit what it has, and end. */
  stop(): void;
  /** Lets the process end without it. */
  leave(): void;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

export const startLink = (settings: WorkerSettings, listener: LinkListener): Link => {
  const worker = new Worker(WORKER, { workerData: settings, name: 'store' });
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let failure: Error | undefined;
  let isOver = false;

  const post = (message: ToWorker): void => worker.postMessage(message);

  const settle = (id: number, act: (waiting: Waiting) => void): void => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (found !== undefined) act(found);
  };

  worker.on('message', (message: FromWorker) => {
    switch (message.type) {
      case 'ready':
        listener.onReady(message);
        return;
      case 'refused':
        listener.onRefused(message.refusal);
        return;
      case 'answer':
        settle(message.id, ({ resolve }) => resolve(message.answer));
        return;
      case 'no-answer':
        settle(message.id, ({ reject }) => reject(new StoreQueryError(message.code, message.message)));
        return;
      default:
        listener.onWord(message);
    }
  });
  worker.on('error', (error: Error) => {
    failure = error;
  });
  worker.on('exit', () => {
    isOver = true;
    for (const { reject } of waiting.values()) reject(new StoreQueryError('store-stopped', 'the store has stopped'));
    waiting.clear();
    listener.onExit(failure);
  });

  return {
    post,
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (isOver || waiting.size >= QUESTIONS_MAX) {
          reject(new StoreQueryError('store-failed', isOver ? 'the store has stopped' : 'the store is behind'));
          return;
        }
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        post({ type: 'question', id: lastId, question });
      }),
    stop: () => post({ type: 'stop' }),
    leave: () => worker.unref(),
  };
};
