import type { Failure } from '../outbound/failure.ts';
import { retryAfterMs } from '../outbound/retry-after.ts';
import type { TroubleCode } from './troubles.ts';

/** What became of an attempt. `reason`: the words of the other side or of the system. */
export type Answer =
  | { readonly kind: 'delivered' }
  /** It will not have this notice; others it may. */
  | { readonly kind: 'rejected'; readonly reason: string }
  /** Somebody has to do something about it. */
  | { readonly kind: 'refused'; readonly code: TroubleCode; readonly reason: string }
  /** Passes by itself. */
  | { readonly kind: 'failed'; readonly code: TroubleCode; readonly reason: string; readonly retryAfterMs: number };

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Its beginning. */
  readonly body: string;
}

const REASON_CHARACTERS_MAX = 300;

/** A header or a body of a stranger goes into logs: on one line, and not all of it. */
const said = (text: string): string =>
  text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, REASON_CHARACTERS_MAX);

const headerOf = ({ headers }: Response, name: string): string | undefined => {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
};

/** Where to, without what may be secret in it. */
const originOf = (location: string | undefined): string => {
  if (location === undefined) return '';
  return URL.canParse(location) ? ` to ${new URL(location).origin}` : ' within the same server';
};

const BUSY: ReadonlySet<number> = new Set([408, 425, 429, 503]);
const NOT_TAKEN: ReadonlySet<number> = new Set([400, 409, 411, 413, 414, 415, 422]);

/** What the status of a response says, for servers that keep to RFC 9110. */
export const answerOf = (response: Response, nowMs: number): Answer => {
  const { status, body } = response;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (status >= 300 && status < 400)
    return { kind: 'refused', code: 'redirected', reason: `${status}${originOf(headerOf(response, 'location'))}` };
  const reason = said(`${status} ${body}`);
  if (status === 401 || status === 403) return { kind: 'refused', code: 'unauthorized', reason };
  if (status === 404 || status === 405 || status === 410) return { kind: 'refused', code: 'not-found', reason };
  if (NOT_TAKEN.has(status)) return { kind: 'rejected', reason };
  const code = BUSY.has(status) ? 'busy' : 'server-error';
  return { kind: 'failed', code, reason, retryAfterMs: retryAfterMs(headerOf(response, 'retry-after'), nowMs) };
};

/** What a request that got no response says. */
export const noResponse = ({ cause, reason }: Failure): Answer => {
  if (cause === 'certificate') return { kind: 'refused', code: cause, reason };
  if (cause === 'protocol') return { kind: 'refused', code: 'not-http', reason };
  return { kind: 'failed', code: cause, reason, retryAfterMs: 0 };
};
