import { type Backoff, backoff } from '../../ingest/sources/mqtt/backoff.ts';
import type { Log } from '../log.ts';
import { CredentialError } from '../outbound/credentials.ts';
import type { Answer } from './answer.ts';
import { type Postman, TIMED_OUT } from './http/postman.ts';
import { type ChannelStatus, createLedger } from './ledger.ts';
import type { Attempt, Notice, Outcome } from './notice.ts';
import { createQueue, type Waiting } from './queue.ts';
import type { TroubleCode } from './troubles.ts';

/** Timers of the real clock: backoff and deadlines are never scaled. */
export interface ChannelTimers {
  /** Monotonic, milliseconds. */
  now(): number;
  soon(task: () => void): void;
  after(ms: number, task: () => void): () => void;
}

export interface ChannelTiming {
  /** Of the first wait after a failure, and of the longest. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** Between attempts while somebody has to do something. */
  readonly refusedRetryMs: number;
  /** A notice that could not be delivered for so long is given up. */
  readonly expiryMs: number;
}

export const CHANNEL_TIMING: ChannelTiming = {
  firstRetryMs: 500,
  maxRetryMs: 30_000,
  refusedRetryMs: 30_000,
  expiryMs: 24 * 3_600_000,
};

export interface ChannelOptions {
  readonly id: string;
  /** Requests at once. */
  readonly requests: number;
  readonly timeoutMs: number;
  /** Reads the secrets anew. @throws CredentialError */
  prepare(): Postman;
  readonly timers: ChannelTimers;
  readonly timing: ChannelTiming;
  /** The venue's clock, Unix milliseconds. */
  nowMs(): number;
  /** Uniform in [0, 1). */
  random(): number;
  readonly log: Log;
  /** Every attempt is told, and so is what ends a notice without one. */
  onAttempt(attempt: Attempt, notice: Notice): void;
}

/** Brings notices to one place: none waits for another channel's. */
export interface Channel {
  readonly id: string;
  tell(notice: Notice): void;
  /** Something of this alarm is still to be told. */
  isBehind(alarm: string): boolean;
  /** Not delivered yet, in order. */
  waiting(): readonly Notice[];
  status(): ChannelStatus;
  /** Ends what is under way; what was not delivered stays in the outbox. */
  stop(): void;
}

const QUEUE_MAX = 5000;
/** What is not taken so often is not wanted. */
const REJECTIONS_MAX = 5;
/** However long a server asks to be left alone, an alarm may wait. */
const RETRY_AFTER_MS_MAX = 60_000;

type Failure = Exclude<Answer, { kind: 'delivered' }>;

const codeOf = (failure: Failure): TroubleCode => (failure.kind === 'rejected' ? 'rejected' : failure.code);

export const createChannel = (options: ChannelOptions): Channel => {
  const { id, timers, timing, log } = options;
  const queue = createQueue(QUEUE_MAX);
  const ledger = createLedger(id, log);
  const wait: Backoff = backoff({ firstMs: timing.firstRetryMs, maxMs: timing.maxRetryMs, random: options.random });
  const running = new Set<AbortController>();
  let postman: Postman | undefined;
  let pausedUntilMs = 0;
  let isFailing = false;
  let isScheduled = false;
  let isStopped = false;
  let cancel: (() => void) | undefined;

  const schedule = (): void => {
    if (isScheduled || isStopped) return;
    isScheduled = true;
    timers.soon(pump);
  };

  const pump = (): void => {
    isScheduled = false;
    cancel?.();
    cancel = undefined;
    // While it fails, one request at a time finds out whether it still does.
    const most = isFailing ? 1 : options.requests;
    while (!isStopped && running.size < most) {
      const nowMs = timers.now();
      const next = nowMs < pausedUntilMs && queue.size > 0 ? pausedUntilMs : queue.next(nowMs);
      if (next === undefined) return;
      if (typeof next === 'number') {
        cancel = timers.after(Math.max(1, next - nowMs), schedule);
        return;
      }
      void attempt(next);
    }
  };

  const tell = (waiting: Waiting, outcome: Outcome, tookMs: number, code?: TroubleCode, reason?: string): void => {
    const { notice, attempts } = waiting;
    const { key, event, alarm } = notice;
    const attempt: Attempt = {
      key,
      channel: id,
      alarm: alarm.id,
      event,
      atMs: options.nowMs(),
      attempt: attempts,
      outcome,
      tookMs: Math.round(tookMs),
      ...(code === undefined ? {} : { code }),
      ...(reason === undefined ? {} : { reason }),
    };
    options.onAttempt(attempt, notice);
  };

  const post = async (notice: Notice): Promise<Answer> => {
    const request = new AbortController();
    running.add(request);
    const cancelDeadline = timers.after(options.timeoutMs, () => request.abort(TIMED_OUT));
    try {
      postman ??= options.prepare();
      return await postman.post(notice, request.signal);
    } catch (error) {
      if (error instanceof CredentialError) return { kind: 'refused', code: 'credential-file', reason: error.message };
      log.error({ notifier: id, error }, 'a fault in notifying');
      return { kind: 'refused', code: 'internal', reason: error instanceof Error ? error.message : String(error) };
    } finally {
      cancelDeadline();
      running.delete(request);
    }
  };

  const attempt = async (waiting: Waiting): Promise<void> => {
    waiting.isUnderWay = true;
    waiting.attempts += 1;
    ledger.attempted();
    const startedMs = timers.now();
    const answer = await post(waiting.notice);
    waiting.isUnderWay = false;
    // What was ended by us may have arrived: it goes again, with the same key.
    if (isStopped && answer.kind !== 'delivered') return;
    const tookMs = timers.now() - startedMs;
    if (answer.kind === 'delivered') delivered(waiting, tookMs);
    else failed(waiting, answer, tookMs);
    schedule();
  };

  const delivered = (waiting: Waiting, tookMs: number): void => {
    queue.remove(waiting);
    isFailing = false;
    pausedUntilMs = 0;
    wait.reset();
    ledger.delivered();
    tell(waiting, 'delivered', tookMs);
  };

  const failed = (waiting: Waiting, failure: Failure, tookMs: number): void => {
    const code = codeOf(failure);
    const isOld = options.nowMs() - waiting.notice.atMs > timing.expiryMs;
    if (failure.kind === 'rejected') {
      waiting.rejections += 1;
      ledger.rejected(failure.reason);
      waiting.notBeforeMs = timers.now() + timing.firstRetryMs * 2 ** waiting.rejections;
    } else {
      isFailing = true;
      pausedUntilMs = timers.now() + sitOut(failure);
      ledger.failed(failure.kind === 'failed' ? 'retrying' : 'refused', code, failure.reason);
    }
    if (isOld || waiting.rejections >= REJECTIONS_MAX)
      giveUp(waiting, isOld ? 'expired' : code, failure.reason, tookMs);
    else tell(waiting, 'failed', tookMs, code, failure.reason);
  };

  /** How long to wait after a failure, milliseconds. */
  const sitOut = (failure: Exclude<Failure, { kind: 'rejected' }>): number => {
    if (failure.kind === 'failed') return Math.max(wait.nextMs(), Math.min(failure.retryAfterMs, RETRY_AFTER_MS_MAX));
    // The next attempt reads the secrets anew.
    postman?.close();
    postman = undefined;
    return timing.refusedRetryMs * (1 + options.random() / 2);
  };

  const giveUp = (waiting: Waiting, code: TroubleCode, reason: string, tookMs: number): void => {
    queue.remove(waiting);
    const { alarm, event } = waiting.notice;
    ledger.givenUp(code, { alarm: alarm.id, event, reason });
    tell(waiting, 'given-up', tookMs, code, reason);
  };

  return {
    id,
    tell: (notice) => {
      const dropped = queue.add(notice);
      if (dropped !== undefined) {
        ledger.dropped('queue-full', { alarm: dropped.alarm.id, event: dropped.event });
        const gone = { notice: dropped, attempts: 0, rejections: 0, notBeforeMs: 0, isUnderWay: false };
        tell(gone, 'dropped', 0, 'queue-full');
      }
      schedule();
    },
    isBehind: queue.has,
    waiting: () => queue.all().map(({ notice }) => notice),
    status: () => {
      const { oldestMs } = queue;
      return ledger.status(queue.size, oldestMs === undefined ? 0 : Math.max(0, options.nowMs() - oldestMs) / 1000);
    },
    stop: () => {
      isStopped = true;
      cancel?.();
      for (const request of running) request.abort();
      postman?.close();
    },
  };
};
