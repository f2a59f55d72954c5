import { fork } from 'node:child_process';

/** A process of its own, which answers one question at a time. */
export interface Child {
  readonly pid: number;
  /** Rejects with what the child says went wrong, or when it dies. */
  ask(question: object): Promise<unknown>;
  stop(): Promise<void>;
}

export interface ChildOptions {
  /** Further options of `node`. */
  readonly node?: readonly string[];
  /** Ties the process to one core. */
  readonly core?: number;
}

const STOP_MS = 10_000;

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

const isReply = (message: unknown): message is { readonly answer?: unknown; readonly error?: string } =>
  typeof message === 'object' && message !== null;

/** Starts a module of this folder as a process. `name` is relative to it: `engine/worker`. */
export const startChild = (name: string, { node = [], core }: ChildOptions = {}): Child => {
  const path = new URL(`./${name}.js`, import.meta.url).pathname;
  const options = {
    execArgv: ['--expose-gc', ...node],
    stdio: ['ignore', 2, 2, 'ipc'] satisfies ('ignore' | 'ipc' | number)[],
  };
  const pinned =
    core === undefined ? options : { ...options, execPath: 'taskset', execArgv: ['-c', `${core}`, process.execPath] };
  const child = fork(path, pinned);
  let waiting: Waiting | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      waiting?.reject(new Error(`${name} ended: ${signal ?? code}`));
      resolve();
    });
  });
  child.on('message', (message: unknown) => {
    if (!isReply(message)) return;
    const asked = waiting;
    waiting = undefined;
    if (message.error === undefined) asked?.resolve(message.answer);
    else asked?.reject(new Error(`${name}: ${message.error}`));
  });
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  };
  const ask = (question: object): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (!child.connected) {
        reject(new Error(`${name} has ended`));
        return;
      }
      waiting = { resolve, reject };
      child.send(question);
    });
  return { pid: child.pid ?? 0, ask, stop };
};

/** The child's side: answers every question; ends when its parent goes. */
export const answerQuestions = (answer: (question: unknown) => Promise<object>): void => {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (question: unknown) => {
    answer(question).then(
      (value) => process.send?.({ answer: value }),
      (error: unknown) =>
        process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
};
