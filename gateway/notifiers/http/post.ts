import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { failureOf } from '../../outbound/failure.ts';
import { type Answer, noResponse, type Response } from '../answer.ts';

/** A message as it goes to the server. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string;
}

/** A way to one server, over connections that are kept. */
export interface Line {
  /** Answers when the response is in, or when `signal` ends it. Never rejects; no redirect is followed. */
  post(message: Message, signal: AbortSignal): Promise<Response | Answer>;
  close(): void;
}

/** The reason of a signal whose time is up. */
export const TIMED_OUT = 'timed out';

const BODY_BYTES_MAX = 16_384;

const read = async (incoming: IncomingMessage): Promise<Response> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    // The rest is read, for the connection's sake, and forgotten.
    if (bytes < BODY_BYTES_MAX) chunks.push(chunk);
    bytes += chunk.length;
  }
  const body = Buffer.concat(chunks).subarray(0, BODY_BYTES_MAX).toString('utf8');
  return { status: incoming.statusCode ?? 0, headers: incoming.headers, body };
};

/** @param ca PEM, instead of the system's authorities */
export const openLine = (url: string, sockets: number, ca: string | undefined): Line => {
  const isTls = url.startsWith('https:');
  const kept = { keepAlive: true, maxSockets: sockets };
  const agent = isTls ? new HttpsAgent(ca === undefined ? kept : { ...kept, ca }) : new HttpAgent(kept);
  const start = isTls ? httpsRequest : httpRequest;
  return {
    post: ({ headers, body }, signal) =>
      new Promise((resolve) => {
        const fail = (error: unknown): void => resolve(noResponse(failureOf(error, signal.reason === TIMED_OUT)));
        const bytes = Buffer.from(body);
        const options = {
          method: 'POST',
          agent,
          signal,
          headers: {
            'content-type': 'application/json; charset=utf-8',
            'user-agent': 'muster',
            ...headers,
            'content-length': bytes.length,
          },
        };
        try {
          const request = start(url, options, (incoming) => {
            read(incoming).then(resolve, fail);
          });
          request.on('error', fail);
          request.end(bytes);
        } catch (error) {
          fail(error);
        }
      }),
    close: () => agent.destroy(),
  };
};
