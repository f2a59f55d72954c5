import http, { type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import https, { type ServerOptions } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly lines: readonly string[];
}

/** Answers a write; not calling `end` leaves it hanging. */
export type Script = (request: Received, response: ServerResponse, number: number) => void;

/** A server that answers as a test says, and remembers what it was asked. Ends with the test. */
export interface ScriptedServer {
  readonly url: string;
  readonly received: readonly Received[];
  /** The most requests that were under way at once. */
  readonly concurrent: number;
}

export const NO_CONTENT: Script = (_, response) => {
  response.writeHead(204).end();
};

export const HANGS: Script = () => undefined;

/** An answer with a JSON body, as InfluxDB gives it. */
export const says =
  (status: number, body: object, headers: Readonly<Record<string, string>> = {}): Script =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

/** The first answers, then the last one for ever. */
export const inTurn =
  (...scripts: readonly Script[]): Script =>
  (request, response, number) =>
    scripts[Math.min(number, scripts.length - 1)]?.(request, response, number);

export const scriptedServer = async (script: Script, tls?: ServerOptions): Promise<ScriptedServer> => {
  const received: Received[] = [];
  let running = 0;
  let concurrent = 0;
  const listener: RequestListener = async (request, response) => {
    running += 1;
    concurrent = Math.max(concurrent, running);
    response.once('close', () => {
      running -= 1;
    });
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks);
    const text = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString('utf8');
    const entry = { path: request.url ?? '', headers: request.headers, lines: text.split('\n') };
    script(entry, response, received.push(entry) - 1);
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    received,
    get concurrent() {
      return concurrent;
    },
  };
};
