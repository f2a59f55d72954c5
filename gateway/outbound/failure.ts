/** OpenSSL's words for a chain, name or date it does not accept, as Node gives them in `code`. */
const CERTIFICATE =
  /^(?:CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|ERR_TLS_|INVALID_CA|INVALID_PURPOSE)/;

/** TLS to a port without it, HTTP to a port with it, or neither. */
const PROTOCOL = /^(?:EPROTO$|ERR_SSL_|HPE_)/;

/** In the middle of a request: a proxy that finds it too large may do so before it has said why. */
const CUT_OFF: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'AbortError', 'ABORT_ERR']);

/** What Node calls it; of an abort the name, for its code is a number of the DOM. */
const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
};

/** Why a request got no response. */
export interface Failure {
  /** `certificate`, `protocol`: somebody has to do something. The others pass by themselves. */
  readonly cause: 'timeout' | 'certificate' | 'protocol' | 'cut-off' | 'unreachable';
  /** The words of the system. */
  readonly reason: string;
}

/** Judges a request that got no response. `timedOut`: we gave it up ourselves. */
export const failureOf = (error: unknown, timedOut: boolean): Failure => {
  const code = codeOf(error);
  const message = error instanceof Error && error.message !== '' ? error.message : code;
  if (timedOut) return { cause: 'timeout', reason: message };
  if (CERTIFICATE.test(code)) return { cause: 'certificate', reason: code };
  if (PROTOCOL.test(code)) return { cause: 'protocol', reason: code };
  return { cause: CUT_OFF.has(code) ? 'cut-off' : 'unreachable', reason: message };
};
