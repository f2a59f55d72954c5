import { backoff } from '../../ingest/sources/mqtt/backoff.ts';
import { CredentialError } from '../outbound/credentials.ts';
import { batchSize } from './batch-size.ts';
import type { Ledger } from './ledger.ts';
import type { Pause } from './pauses.ts';
import type { Answer } from './server/answer.ts';
import type { Connection } from './server/connection.ts';

export interface DeliveryTiming {
  /** Of the first wait after a failure, and of the longest. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** Between attempts while somebody has to do something. */
  readonly refusedRetryMs: number;
}

export const DELIVERY_TIMING: DeliveryTiming = { firstRetryMs: 500, maxRetryMs: 30_000, refusedRetryMs: 30_000 };

export interface DeliveryOptions {
  readonly maxLines: number;
  /** Makes a connection with what the credential files hold now. */
  readonly connect: () => Connection;
  readonly ledger: Ledger;
  readonly pause: Pause;
  readonly timing: DeliveryTiming;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Brings lines to the server, whatever it takes. */
export interface Delivery {
  /** How many lines the server can be asked to take at once. */
  readonly maxLines: number;
  /** Reads the credential files: one that cannot be used is told before there is anything to send. */
  connect(): void;
  /** False: it was stopped before all lines had been answered for. */
  deliver(lines: readonly string[]): Promise<boolean>;
  stop(): void;
}

type Final = Extract<Answer, { kind: 'written' | 'rejected' | 'too-large' }>;
type Failure = Exclude<Answer, Final>;
type Rejection = Extract<Answer, { kind: 'rejected' }>;

const isFinal = (answer: Answer): answer is Final => answer.kind !== 'failed' && answer.kind !== 'refused';

/** However long a server asks to be left alone, somebody may have put it right since. */
const RETRY_AFTER_MS_MAX = 600_000;

/** Splits of one batch in search of its bad lines; fewer after a batch that had too many to find them all. */
const SPLITS_MAX = 128;
const SPLITS_MIN = 4;

export const createDelivery = (options: DeliveryOptions): Delivery => {
  const { ledger, pause, timing, random } = options;
  const size = batchSize(options.maxLines);
  const wait = backoff({ firstMs: timing.firstRetryMs, maxMs: timing.maxRetryMs, random });
  let connection: Connection | undefined;
  let stopped = false;
  let splitsAllowed = SPLITS_MAX;

  const connect = (): Connection | Failure => {
    try {
      connection ??= options.connect();
      return connection;
    } catch (error) {
      if (!(error instanceof CredentialError)) throw error;
      return { kind: 'refused', code: 'credential-file', reason: error.message };
    }
  };

  const tell = ({ kind, code, reason }: Failure): void =>
    ledger.failed(kind === 'failed' ? 'retrying' : 'refused', code, reason);

  const attempt = async (lines: readonly string[]): Promise<Answer> => {
    const connected = connect();
    if ('kind' in connected) return connected;
    ledger.request();
    return connected.post(lines);
  };

  const disconnect = (): void => {
    connection?.close();
    connection = undefined;
  };

  /** How long to wait after a failure, milliseconds. */
  const sitOut = (failure: Failure): number => {
    if (failure.kind === 'failed') return Math.max(wait.nextMs(), Math.min(failure.retryAfterMs, RETRY_AFTER_MS_MAX));
    // The next attempt reads the credentials anew.
    disconnect();
    return timing.refusedRetryMs * (1 + random() / 2);
  };

  /** The server's word on these lines; undefined: stopped, or they are now too many for one request. */
  const ask = async (lines: readonly string[]): Promise<Final | undefined> => {
    while (!stopped && lines.length <= size.lines) {
      const answer = await attempt(lines);
      if (stopped && answer.kind !== 'written') return undefined;
      if (isFinal(answer)) {
        wait.reset();
        ledger.well();
        return answer;
      }
      tell(answer);
      if (answer.code === 'timeout' || answer.code === 'cut-off') size.tooSlow(lines.length);
      await pause.wait(sitOut(answer));
    }
    return undefined;
  };

  const giveUp = (lines: readonly string[], { reason, dropped }: Rejection): void => {
    // A server that counts what it dropped has written the others.
    const count = dropped === undefined || dropped === 0 ? lines.length : Math.min(dropped, lines.length);
    ledger.rejected(lines, count, reason);
    ledger.written(lines.length - count);
  };

  const deliver = async (all: readonly string[]): Promise<boolean> => {
    const parts = [all];
    let splits = splitsAllowed;
    const halve = (part: readonly string[]): void => {
      const middle = part.length >> 1;
      parts.push(part.slice(middle), part.slice(0, middle));
    };
    for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
      const answer = await ask(part);
      if (stopped && answer === undefined) return false;
      if (answer === undefined) halve(part);
      else if (answer.kind === 'written') {
        ledger.written(part.length);
        size.wentWell();
      } else if (answer.kind === 'too-large') {
        size.tooLarge(part.length);
        if (part.length === 1) ledger.rejected(part, 1, answer.reason);
        else halve(part);
      } else if (part.length === 1 || answer.dropped === part.length || splits === 0) giveUp(part, answer);
      else {
        splits -= 1;
        halve(part);
      }
    }
    splitsAllowed = splits === 0 ? Math.max(SPLITS_MIN, splitsAllowed >> 1) : Math.min(SPLITS_MAX, splitsAllowed * 2);
    return true;
  };

  return {
    get maxLines() {
      return size.lines;
    },
    connect: () => {
      const connected = connect();
      if ('kind' in connected) tell(connected);
    },
    deliver,
    stop: () => {
      stopped = true;
      disconnect();
      pause.end();
    },
  };
};
