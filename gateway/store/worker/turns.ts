import { messageOf, StoreQueryError, type TroubleCode, troubleCode } from '../errors.ts';
import type { Gauges } from '../gauges.ts';
import type { Answer, FromWorker, Question, Work, WorkerSettings } from '../protocol.ts';
import { answer, transferable } from './answers.ts';
import type { Followers } from './followers.ts';
import type { Keeper } from './keeper.ts';
import { createUpkeep } from './upkeep.ts';

/** Longest that anything but a commit holds the thread. */
const SLICE_MS = 4;
/** Where judging is as busy as this, upkeep that is not behind rests after each slice: there are never two in a row. */
const BUSY = 0.3;
const REST_MS = 3 * SLICE_MS;
const GROUP_BYTES_MAX = 4 * 1024 * 1024;
const RETRY_FIRST_MS = 250;
const RETRY_LAST_MS = 5000;

export interface TurnsOptions {
  readonly keeper: Keeper;
  readonly settings: WorkerSettings;
  readonly gauges: Gauges;
  readonly followers: Followers;
  monotonicMs(): number;
  after(ms: number, work: () => void): () => void;
  post(message: FromWorker, transfer?: readonly ArrayBuffer[]): void;
  /** Ends the thread, from within: ended from outside in the middle of a call, libsql 0.5.29 aborts the process. */
  end(): void;
}

/** The worker's day: commits as work comes in, and between commits questions and upkeep in slices. */
export interface Turns {
  add(work: Work): void;
  ask(id: number, question: Question): void;
  /** There is upkeep that nothing else tells of. */
  wake(): void;
  /** Commits what has come in, lets the sinks write it, and ends. */
  stop(): Promise<void>;
}

interface Asked {
  readonly id: number;
  readonly steps: Generator<undefined, Answer>;
}

const sizeOf = (work: Work): number => (work.type === 'batch' ? work.bytes.byteLength : 0);

export const createTurns = (options: TurnsOptions): Turns => {
  const { keeper, settings, gauges, followers, monotonicMs, after, post, end } = options;
  const upkeep = createUpkeep({ keeper, settings, gauges, followers, monotonicMs });
  const queue: Work[] = [];
  const asked: Asked[] = [];
  let isScheduled = false;
  let isWaiting = false;
  let isStopped = false;
  let packTimer: (() => void) | undefined;
  let retryMs = RETRY_FIRST_MS;
  let failing: TroubleCode | undefined;
  let isUpkeepWaiting = false;
  let isResting = false;

  const schedule = (): void => {
    if (isScheduled || isStopped) return;
    isScheduled = true;
    setImmediate(turn);
  };

  const tell = (error: unknown): void => {
    const code = troubleCode(error);
    if (code !== failing) post({ type: 'failing', code, message: messageOf(error) });
    failing = code;
    if (code === 'corrupt') giveUp();
  };

  /** The worker that follows sets the file aside. */
  const giveUp = (): void => {
    isStopped = true;
    keeper.connection.close();
    end();
  };

  /** Nothing is lost: the queue stands, and what it holds is bounded by the main thread. */
  const commitFailed = (error: unknown): void => {
    tell(error);
    gauges.add('failedCommits', 1);
    isWaiting = true;
    after(retryMs, () => {
      isWaiting = false;
      schedule();
    });
    retryMs = Math.min(RETRY_LAST_MS, retryMs * 2);
  };

  /** Commits go on: what upkeep would move is safe where it lies. */
  const upkeepFailed = (error: unknown): void => {
    tell(error);
    isUpkeepWaiting = true;
    after(RETRY_LAST_MS, () => {
      isUpkeepWaiting = false;
      schedule();
    });
  };

  const succeed = (): void => {
    retryMs = RETRY_FIRST_MS;
    if (failing === undefined || isUpkeepWaiting) return;
    failing = undefined;
    post({ type: 'recovered' });
  };

  const nextGroup = (): readonly Work[] => {
    let bytes = 0;
    const end = queue.findIndex((work) => {
      bytes += sizeOf(work);
      return bytes > GROUP_BYTES_MAX;
    });
    return queue.slice(0, end === -1 ? queue.length : Math.max(1, end));
  };

  const report = (group: readonly Work[]): void => {
    const batch = group.findLast((work) => work.type === 'batch');
    if (batch !== undefined) post({ type: 'committed', sequence: batch.sequence });
    for (const { type, sequence } of group) if (type === 'complete') post({ type: 'completed', sequence });
  };

  const commit = (): void => {
    const group = nextGroup();
    if (group.length === 0) return;
    const startedMs = monotonicMs();
    keeper.commit(group);
    queue.splice(0, group.length);
    gauges.add('commits', 1);
    gauges.set('slowestCommitMs', Math.max(gauges.get('slowestCommitMs'), monotonicMs() - startedMs));
    report(group);
    followers.wake();
    succeed();
    if (keeper.history.openReadings > 0)
      packTimer ??= after(settings.packEveryMs, () => {
        packTimer = undefined;
        upkeep.packDue();
        schedule();
      });
  };

  const refuse = (id: number, error: unknown): void => {
    const code = error instanceof StoreQueryError ? error.code : 'store-failed';
    post({ type: 'no-answer', id, code, message: messageOf(error) });
  };

  /** True: there was a question. */
  const answerOn = (): boolean => {
    const [first] = asked;
    if (first === undefined) return false;
    const endMs = monotonicMs() + SLICE_MS;
    try {
      let step = first.steps.next();
      while (!step.done && monotonicMs() < endMs) step = first.steps.next();
      if (!step.done) return true;
      post({ type: 'answer', id: first.id, answer: step.value }, transferable(step.value));
    } catch (error) {
      refuse(first.id, error);
      if (troubleCode(error) === 'corrupt') tell(error);
    }
    asked.shift();
    return true;
  };

  const work = (): void => {
    try {
      commit();
    } catch (error) {
      commitFailed(error);
    }
  };

  const rest = (): void => {
    isResting = true;
    after(REST_MS, () => {
      isResting = false;
      schedule();
    });
  };

  /** True: there is more to do at once. */
  const keepUp = (): boolean => {
    if (isUpkeepWaiting || isResting) return false;
    try {
      const isBusy = upkeep.slice(SLICE_MS);
      if (!isBusy || gauges.get('mainBusy') < BUSY || upkeep.isBehind) return isBusy;
      rest();
      return false;
    } catch (error) {
      upkeepFailed(error);
      return false;
    }
  };

  const turn = (): void => {
    isScheduled = false;
    if (isStopped) return;
    if (!isWaiting) work();
    const isBusy = answerOn() || keepUp();
    keeper.showGauges();
    if (isBusy || (queue.length > 0 && !isWaiting)) schedule();
  };

  return {
    add: (item) => {
      queue.push(item);
      schedule();
    },
    ask: (id, question) => {
      asked.push({ id, steps: answer(keeper, question) });
      schedule();
    },
    wake: schedule,
    stop: async () => {
      isStopped = true;
      packTimer?.();
      try {
        for (let group = nextGroup(); group.length > 0; group = nextGroup()) {
          keeper.commit(group);
          queue.splice(0, group.length);
          report(group);
        }
        await followers.stop();
      } catch (error) {
        post({ type: 'failing', code: troubleCode(error), message: messageOf(error) });
      }
      for (const { id } of asked) refuse(id, new StoreQueryError('store-stopped', 'the store has stopped'));
      keeper.connection.close();
      end();
    },
  };
};
