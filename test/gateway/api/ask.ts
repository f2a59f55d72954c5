import http from 'node:http';
import type { Problem } from '../../../gateway/api/contract.ts';
import { problemSchema } from '../../../gateway/api/schemas/problem.ts';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
  json(): unknown;
}

/** One request over a socket of its own; every header as given, also those that `fetch` does not let one set. */
export const ask = (
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: Asked = {},
): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes,
          text,
          json: () => JSON.parse(text),
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });

/** The answer as a problem: of the right type and shape, or the test fails. */
export const problemIn = ({ headers, status, json }: Answered): Problem => {
  if (!headers['content-type']?.startsWith('application/problem+json')) {
    throw new Error(`${status}: no problem but ${headers['content-type']}`);
  }
  const problem = problemSchema.strict().parse(json());
  if (problem.status !== status) throw new Error(`a problem of status ${problem.status} came with ${status}`);
  return problem;
};
