import { HttpError, InfluxDB } from '@influxdata/influxdb-client';
import { failureOf } from '../../outbound/failure.ts';
import { type Answer, answerOf, noResponse } from './answer.ts';
import { type Heard, observed, type Transport } from './transport.ts';

/** Where and how lines are posted. */
export interface Target {
  readonly url: string;
  /** Path and query of the write. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly transport: Transport;
  /** The gateway's clock, Unix milliseconds. */
  nowMs(): number;
}

/** Reasons for which a request is aborted. */
export const TIMED_OUT = 'timed out';

const GZIP_FROM_BYTES = 1000;

const headerOf = (error: HttpError, name: string): string | undefined => {
  const value = error.headers?.[name];
  return typeof value === 'string' ? value : undefined;
};

/**
 * Writes lines in one request and answers what became of it; never rejects. The client is told never to try again: its
 * own retries live in memory and know nothing of bad lines. Its `flush` may return before the server has answered, and
 * tells of no failure of a batch sent before: `writeSuccess` and `writeFailed` do.
 */
export const post = (target: Target, lines: readonly string[], signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve) => {
    const heard: Heard = { status: 0, body: '' };
    const failed = (error: unknown): Answer => {
      if (!(error instanceof HttpError)) return noResponse(failureOf(error, signal.reason === TIMED_OUT));
      const { statusCode: status, body = heard.body } = error;
      return answerOf({ status, body, retryAfter: headerOf(error, 'retry-after') }, target.nowMs());
    };
    const { url } = target;
    const client = new InfluxDB({ url, transport: observed(target.transport, signal, heard) });
    const writer = client.getWriteApi('', '', 'us', {
      maxRetries: 0,
      flushInterval: 0,
      batchSize: 2,
      maxBatchBytes: Infinity,
      gzipThreshold: GZIP_FROM_BYTES,
      headers: target.headers,
      writeSuccess: () => resolve(answerOf({ ...heard, retryAfter: undefined }, target.nowMs())),
      writeFailed: async (error) => resolve(failed(error)),
    });
    writer.path = target.path;
    // One record to the client, which else counts and keeps each line by itself: half as much work.
    writer.writeRecord(lines.join('\n'));
    writer.flush().catch((error: unknown) => resolve(failed(error)));
  });
