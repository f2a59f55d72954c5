import { setLogger } from '@influxdata/influxdb-client';
import type { JudgeScheduler } from '../../../rules/engine.ts';
import { authorityOf } from '../../outbound/credentials.ts';
import type { InfluxSink } from '../settings.ts';
import { serverUrl, writePath } from './address.ts';
import type { Answer } from './answer.ts';
import { authorizationOf } from './credentials.ts';
import { post, TIMED_OUT } from './request.ts';
import { createTransport } from './transport.ts';

/** A way to the server, for one request at a time. */
export interface Connection {
  /** Answers within the sink's `timeoutSeconds`; never rejects. */
  post(lines: readonly string[]): Promise<Answer>;
  /** Ends the request that runs, if any, and the connection. */
  close(): void;
}

/**
 * Reads the credentials and makes a connection with them; nothing is sent yet.
 * @throws CredentialError
 */
export const connect = (sink: InfluxSink, clock: JudgeScheduler): Connection => {
  // What the client would write to the console comes back as an answer.
  setLogger({ error: () => undefined, warn: () => undefined });
  const authorization = authorizationOf(sink);
  const url = serverUrl(sink);
  const { transport, close } = createTransport(url, authorityOf(sink.caFile));
  const target = {
    url,
    path: writePath(sink),
    headers: authorization === undefined ? {} : { authorization },
    transport,
    nowMs: () => clock.now(),
  };
  let running: AbortController | undefined;
  return {
    post: async (lines) => {
      const request = new AbortController();
      running = request;
      const deadline = clock.schedule(() => request.abort(TIMED_OUT), sink.timeoutSeconds * 1000);
      const answer = await post(target, lines, request.signal);
      deadline.unsubscribe();
      running = undefined;
      return answer;
    },
    close: () => {
      running?.abort();
      close();
    },
  };
};
