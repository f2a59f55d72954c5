import { authorityOf } from '../../outbound/credentials.ts';
import type { Answer } from '../answer.ts';
import type { Courier, Telling } from '../kinds/kind.ts';
import type { Notice } from '../notice.ts';
import { openLine, TIMED_OUT } from './post.ts';

export { TIMED_OUT };

/** Takes notices to one server. */
export interface Postman {
  /** Never rejects for what the other side does. */
  post(notice: Notice, signal: AbortSignal): Promise<Answer>;
  close(): void;
}

export interface PostmanOptions {
  readonly caFile: string | undefined;
  readonly requests: number;
  /** @throws CredentialError */
  courier(): Courier;
  telling(notice: Notice): Telling;
  /** Real time, Unix milliseconds. */
  nowMs(): number;
}

/** Whatever the other side repeats of what it was sent, secrets do not get into logs. */
const redact = (answer: Answer, secrets: readonly string[]): Answer => {
  if (answer.kind === 'delivered') return answer;
  let { reason } = answer;
  for (const secret of secrets) {
    if (secret === '') continue;
    for (const form of [secret, encodeURIComponent(secret)]) reason = reason.replaceAll(form, '***');
  }
  return { ...answer, reason };
};

/**
 * Reads the secrets; nothing is sent yet.
 * @throws CredentialError
 */
export const createPostman = ({ caFile, requests, courier, telling, nowMs }: PostmanOptions): Postman => {
  const { url, secrets, message, judge } = courier();
  const line = openLine(url, requests, authorityOf(caFile));
  return {
    post: async (notice, signal) => {
      const got = await line.post(message(telling(notice)), signal);
      return redact('status' in got ? judge(got, nowMs()) : got, secrets);
    },
    close: line.close,
  };
};
