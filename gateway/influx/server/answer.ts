import type { Failure } from '../../outbound/failure.ts';
import { retryAfterMs } from '../../outbound/retry-after.ts';
import type { TroubleCode } from '../troubles.ts';

/** What became of a request. `reason`: the words of the server or the system, without any secret. */
export type Answer =
  | { readonly kind: 'written' }
  /** The server takes the address and the credentials, but not every line; it may have written the others. */
  | { readonly kind: 'rejected'; readonly reason: string; readonly dropped: number | undefined }
  | { readonly kind: 'too-large'; readonly reason: string }
  /** Somebody has to do something about it. */
  | { readonly kind: 'refused'; readonly code: TroubleCode; readonly reason: string }
  /** Passes by itself. */
  | { readonly kind: 'failed'; readonly code: TroubleCode; readonly reason: string; readonly retryAfterMs: number };

/** A response to a write: status, body (of an error, cut) and headers. */
export interface Response {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

const REASON_CHARACTERS_MAX = 500;

const cut = (text: string): string =>
  text.length <= REASON_CHARACTERS_MAX ? text : `${text.slice(0, REASON_CHARACTERS_MAX)}…`;

/** What an InfluxDB says in JSON: `error` in 1.x and 3, `message` in 2.x; undefined: it is not one who speaks. */
const saidBy = (body: string): string | undefined => {
  try {
    const said: unknown = JSON.parse(body);
    if (typeof said !== 'object' || said === null) return undefined;
    if ('error' in said && typeof said.error === 'string') return said.error;
    return 'message' in said && typeof said.message === 'string' ? said.message : undefined;
  } catch {
    return undefined;
  }
};

/** InfluxDB 1 and 2 end the reason of a partial write with how many points they dropped. */
const droppedIn = (reason: string): number | undefined => {
  const found = /\bdropped=(\d+)/.exec(reason)?.[1];
  return found === undefined ? undefined : Number(found);
};

const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 503]);

/**
 * No words about lines: InfluxDB 1 says 500 where the retention policy does not exist, InfluxDB 2 says 400 where a name
 * is missing. At the start only, for further on a reason may repeat a line.
 */
const NO_SUCH_PLACE = /^(?:retention policy|database|org|organization|bucket)\b.*(?:not found|required|invalid|empty)/i;

const refusal = (status: number): TroubleCode => {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  return status === 404 ? 'not-found' : 'not-influxdb';
};

/** Judges a response to a write. https://docs.influxdata.com/influxdb/v1/tools/api/#write-http-endpoint */
export const answerOf = (response: Response, nowMs: number): Answer => {
  const { status, body } = response;
  if (status === 204) return { kind: 'written' };
  const said = saidBy(body);
  const reason = cut(`${status}${said === undefined ? '' : ` ${said}`}`);
  if (said !== undefined && NO_SUCH_PLACE.test(said)) return { kind: 'refused', code: 'not-found', reason };
  if (status === 413) return { kind: 'too-large', reason };
  // 422: InfluxDB 2, a type conflict. 201: InfluxDB 3, some lines of many. Whoever else says 400 has not seen the lines.
  if ((status === 400 || status === 422 || status === 201) && said !== undefined)
    return { kind: 'rejected', reason, dropped: droppedIn(said) };
  // InfluxDB 3 wrote all of them where it has nothing to say.
  if (status === 201) return { kind: 'written' };
  const waitMs = retryAfterMs(response.retryAfter, nowMs);
  if (BUSY.has(status)) return { kind: 'failed', code: 'busy', reason, retryAfterMs: waitMs };
  if (status >= 500) return { kind: 'failed', code: 'server-error', reason, retryAfterMs: waitMs };
  return { kind: 'refused', code: refusal(status), reason };
};

/** What a request that got no response says. */
export const noResponse = ({ cause, reason }: Failure): Answer => {
  if (cause === 'certificate') return { kind: 'refused', code: cause, reason };
  if (cause === 'protocol') return { kind: 'refused', code: 'not-influxdb', reason };
  return { kind: 'failed', code: cause, reason, retryAfterMs: 0 };
};
