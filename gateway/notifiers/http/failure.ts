import type { Answer } from '../answer.ts';
import type { TroubleCode } from '../troubles.ts';

/** OpenSSL's words for a chain, name or date it does not accept, as Node gives them in `code`. */
const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|ERR_TLS_|INVALID_CA|INVALID_PURPOSE)/;

/** TLS to a port without it, HTTP to a port with it, or neither. */
const NOT_HTTP = /^(?:EPROTO$|ERR_SSL_|HPE_)/;

const CUT_OFF: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'AbortError', 'ABORT_ERR']);

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
};

/** Judges a request that got no response. `timedOut`: we gave it up ourselves. */
export const failureOf = (error: unknown, timedOut: boolean): Answer => {
  const code = codeOf(error);
  const message = error instanceof Error && error.message !== '' ? error.message : code;
  const failed = (kind: TroubleCode): Answer => ({ kind: 'failed', code: kind, reason: message, retryAfterMs: 0 });
  if (timedOut) return failed('timeout');
  if (CERTIFICATE.test(code)) return { kind: 'refused', code: 'certificate', reason: code };
  if (NOT_HTTP.test(code)) return { kind: 'refused', code: 'not-http', reason: code };
  return failed(CUT_OFF.has(code) ? 'cut-off' : 'unreachable');
};
