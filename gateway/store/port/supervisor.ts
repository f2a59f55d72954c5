import type { InfluxStatus } from '../../influx/ledger.ts';
import type { Log } from '../../log.ts';
import { after } from '../clock.ts';
import type { KnownNames } from '../database/dictionary.ts';
import { messageOf, type Refusal, refusalError, StoreQueryError } from '../errors.ts';
import type {
  Answer,
  CountMessage,
  FactsMessage,
  FromWorker,
  Question,
  ReadyMessage,
  Work,
  WorkerSettings,
} from '../protocol.ts';
import type { StoreTrouble } from '../store.ts';
import { type Link, startLink } from './link.ts';

const RESTART_FIRST_MS = 100;
const RESTART_LAST_MS = 5000;
/** How long a last commit may take before the gateway ends without it. */
const STOP_MS = 10_000;

export interface SupervisorOptions {
  readonly settings: Omit<WorkerSettings, 'isSuspect' | 'nowMs'>;
  nowMs(): number;
  /** What a worker that follows another has to know. */
  known(metrics: readonly string[]): KnownNames;
  /** What it has to be told again. */
  pending(): readonly Work[];
  onCommitted(sequence: number): void;
  onCompleted(sequence: number): void;
  /** A worker was lost, with whatever snapshot it was being told. */
  onRestart(): void;
  onTrouble(trouble: StoreTrouble): void;
  onSinks(statuses: readonly InfluxStatus[]): void;
  readonly log: Log;
}

/** Keeps a worker going: when it ends, another takes over what was not committed. */
export interface Supervisor {
  readonly ready: ReadyMessage;
  readonly isFailing: boolean;
  readonly restarts: number;
  /** False: there is no worker. */
  post(message: Work | CountMessage | FactsMessage): boolean;
  ask(question: Question): Promise<Answer>;
  stop(): Promise<void>;
}

export const superviseWorker = async (options: SupervisorOptions): Promise<Supervisor> => {
  let link: Link | undefined;
  let isFailing = false;
  let isSuspect = false;
  let isStopping = false;
  let restarts = 0;
  let restartMs = RESTART_FIRST_MS;
  let cancelRestart: (() => void) | undefined;
  let onEnd: () => void = () => undefined;
  let onStart: (outcome: ReadyMessage | Refusal | Error) => void = () => undefined;

  const failing = (trouble: Extract<StoreTrouble, { type: 'failing' }>): void => {
    isFailing = true;
    options.onTrouble(trouble);
  };
  const recovered = (): void => {
    restartMs = RESTART_FIRST_MS;
    if (!isFailing) return;
    isFailing = false;
    options.onTrouble({ type: 'recovered' });
  };

  const onWord = (message: FromWorker): void => {
    switch (message.type) {
      case 'committed':
        options.onCommitted(message.sequence);
        return;
      case 'completed':
        options.onCompleted(message.sequence);
        return;
      case 'failing':
        failing(message);
        // It ends, and the worker that follows sets the damaged file aside.
        isSuspect = message.code === 'corrupt';
        return;
      case 'recovered':
        recovered();
        return;
      case 'sinks':
        options.onSinks(message.statuses);
        return;
      case 'log':
        options.log[message.level](message.fields, message.message);
    }
  };

  const start = (known: KnownNames | undefined): void => {
    const settings = {
      ...options.settings,
      nowMs: options.nowMs(),
      isSuspect,
      ...(known === undefined ? {} : { known }),
    };
    let isReady = false;
    const started = startLink(settings, {
      onReady: (message) => {
        isReady = true;
        isSuspect = false;
        link = started;
        const { setAside, damage } = message;
        if (setAside !== undefined) options.onTrouble({ type: 'set-aside', path: setAside, damage: damage ?? '' });
        onStart(message);
      },
      onRefused: onStart,
      onWord,
      onExit: (error) => {
        link = undefined;
        onEnd();
        if (!isReady) onStart(error ?? new Error('the store’s worker ended'));
        else if (!isStopping) lost(error);
      },
    });
  };

  const lost = (error: Error | undefined): void => {
    const message = error === undefined ? 'the store’s worker ended' : messageOf(error);
    if (!isFailing) failing({ type: 'failing', code: 'worker-ended', message });
    options.onRestart();
    cancelRestart = after(restartMs, restart);
    restartMs = Math.min(RESTART_LAST_MS, restartMs * 2);
  };

  const restart = (): void => {
    restarts += 1;
    onStart = (outcome) => {
      onStart = () => undefined;
      if (!('type' in outcome)) {
        lost(outcome instanceof Error ? outcome : refusalError(outcome));
        return;
      }
      for (const message of options.pending()) link?.post(message);
      recovered();
    };
    start(options.known(ready.names.metrics));
  };

  const ready = await new Promise<ReadyMessage>((resolve, reject) => {
    onStart = (outcome) => {
      onStart = () => undefined;
      if ('type' in outcome) resolve(outcome);
      else reject(outcome instanceof Error ? outcome : refusalError(outcome));
    };
    start(undefined);
  });

  const stop = async (): Promise<void> => {
    isStopping = true;
    cancelRestart?.();
    if (link === undefined) return;
    const stopping = link;
    const ended = new Promise<void>((resolve) => {
      onEnd = resolve;
    });
    stopping.stop();
    const cancel = after(STOP_MS, () => {
      options.log.error({ afterMs: STOP_MS }, 'the store does not end: the disk does not answer');
      stopping.leave();
      onEnd();
    });
    await ended;
    cancel();
  };

  return {
    ready,
    get isFailing() {
      return isFailing;
    },
    get restarts() {
      return restarts;
    },
    // Lost while there is no worker: what counts is told again to the next one.
    post: (message) => {
      link?.post(message);
      return link !== undefined;
    },
    ask: (question) =>
      link?.ask(question) ?? Promise.reject(new StoreQueryError('store-failed', 'the store is being started again')),
    stop,
  };
};
