import type { Frame } from './model/frame.ts';
import type { DecodeFailure, FailureCode } from './model/sample.ts';

/** Something that could not be used, with the reason. */
export interface Rejected {
  readonly atMs: number;
  readonly source: string;
  readonly address: string;
  readonly client?: string;
  readonly code: FailureCode;
  readonly where: string;
  readonly expected: string;
  /** The beginning of the payload: text as text, else hexadecimal. */
  readonly payload: string;
}

/** Failures by code since the start, and the last of them with reason. */
export interface RejectedLog {
  add(frame: Frame, failure: DecodeFailure): void;
  /** Newest first. */
  list(): readonly Rejected[];
  readonly byCode: ReadonlyMap<FailureCode, number>;
}

const KEPT = 1000;
const PAYLOAD_BYTES = 256;
const TEXT_CHARACTERS = 256;

/** A copy: a plain slice would keep the whole of a long text in memory. */
const cut = (text: string): string =>
  text.length <= TEXT_CHARACTERS ? text : Buffer.from(text.slice(0, TEXT_CHARACTERS)).toString();

const PRINTABLE = /^[\t\n\r\x20-\x7e\u00a0-\uffff]*$/;

const beginning = (payload: Uint8Array): string => {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, Math.min(payload.byteLength, PAYLOAD_BYTES));
  const text = bytes.toString('utf8');
  return PRINTABLE.test(text) && !text.includes('\ufffd') ? text : bytes.toString('hex');
};

export const rejectedLog = (): RejectedLog => {
  const ring: Rejected[] = [];
  const byCode = new Map<FailureCode, number>();
  let next = 0;
  return {
    add(frame, failure) {
      byCode.set(failure.code, (byCode.get(failure.code) ?? 0) + 1);
      ring[next] = {
        atMs: frame.arrivedMs,
        source: frame.source,
        address: cut(frame.address),
        ...(frame.client === undefined ? {} : { client: frame.client }),
        code: failure.code,
        where: cut(failure.where),
        expected: failure.expected,
        payload: beginning(frame.payload),
      };
      next = (next + 1) % KEPT;
    },
    list: () => [...ring.slice(next), ...ring.slice(0, next)].reverse(),
    byCode,
  };
};
