import { after, type PageClock, type Stop } from '../clock.ts';
import { backoffMs } from './backoff.ts';
import { type SseEvent, sseParser } from './sse.ts';

export interface StreamListener {
  /** The gateway answers; events follow. */
  onOpen(): void;
  onEvent(event: SseEvent): void;
  /** Anything at all came: a sign of life. */
  onHeard(): void;
  /** The connection is gone or silent; the next try comes in so many milliseconds. */
  onLost(retryInMs: number): void;
  /** A log-in is needed. No further try is made. */
  onUnauthorised(): void;
}

export interface Stream {
  /** Does not wait for the next try; gives up a connection that has been silent for too long. */
  retryNow(): void;
  stop(): void;
}

/** The gateway speaks every second or two; this long without a byte, and the connection counts as lost. */
export const SILENCE_MS = 4_000;
interface Reading {
  readonly signal: AbortSignal;
  readonly lastId: string;
  onId(id: string): void;
}

/** One connection, until it ends or fails. Answers true where a log-in is needed. */
const readOnce = async (url: string, listener: StreamListener, { signal, lastId, onId }: Reading): Promise<boolean> => {
  const headers = { accept: 'text/event-stream', ...(lastId === '' ? {} : { 'last-event-id': lastId }) };
  const response = await fetch(url, { headers, signal, cache: 'no-store', credentials: 'same-origin' });
  if (response.status === 401) return true;
  if (!response.ok || response.body === null) throw new Error(`stream: ${response.status}`);
  listener.onHeard();
  listener.onOpen();
  const parser = sseParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    listener.onHeard();
    for (const event of parser.take(piece.value)) {
      if (event.id !== '') onId(event.id);
      listener.onEvent(event);
    }
  }
  return false;
};

/**
 * Follows the event stream for good: goes on after the last event it saw (`Last-Event-ID`), backs off between tries, and
 * takes silence for a loss. Not EventSource, which hides comments, status codes and how long it waits.
 */
export const followStream = (url: string, clock: PageClock, heard: StreamListener): Stream => {
  let stopped = false;
  let lastId = '';
  let failures = 0;
  let abort = new AbortController();
  let heardAtMs = 0;
  let wake: (() => void) | undefined;
  let stopWatch: Stop = () => undefined;

  const watch = (): void => {
    heardAtMs = clock.nowMs();
    stopWatch();
    stopWatch = after(SILENCE_MS, () => abort.abort());
  };
  const listener: StreamListener = {
    ...heard,
    onOpen: () => {
      failures = 0;
      heard.onOpen();
    },
    onHeard: () => {
      watch();
      heard.onHeard();
    },
  };
  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      const stopTimer = after(delayMs, resolve);
      wake = () => {
        stopTimer();
        resolve();
      };
    });
  const attempt = async (): Promise<boolean> => {
    abort = new AbortController();
    watch();
    try {
      return await readOnce(url, listener, { signal: abort.signal, lastId, onId: (id) => (lastId = id) });
    } catch {
      return false;
    } finally {
      stopWatch();
    }
  };
  const follow = async (): Promise<void> => {
    while (!stopped) {
      if (await attempt()) return heard.onUnauthorised();
      if (stopped) return;
      const delayMs = backoffMs(failures, Math.random());
      failures += 1;
      heard.onLost(delayMs);
      await pause(delayMs);
    }
  };
  void follow();
  return {
    retryNow: () => {
      // Timers of a phone that slept come late; its clock tells at once.
      if (clock.nowMs() - heardAtMs > SILENCE_MS) abort.abort();
      wake?.();
    },
    stop: () => {
      stopped = true;
      abort.abort();
      wake?.();
    },
  };
};
