import { type IncomingMessage, request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestTls } from 'node:https';
import type { Problem } from '../api/contract.ts';
import { problemSchema } from '../api/schemas/problem.ts';
import type { VenueConfig } from '../config/schema.ts';
import { authorityOf, secretOf, tokenHeader } from '../outbound/credentials.ts';
import { textOf, venueFiles } from '../tls/venue-files.ts';

/** Where the running gateway is, and who asks it. */
export interface GatewayTarget {
  /** Of its HTTP side; absent: on this machine, as venue.yaml says. */
  readonly url?: string | undefined;
  /** File with the secret of a client of venue.yaml. */
  readonly secretFile?: string | undefined;
  /** A user of the console, and their password. */
  readonly user?: { readonly name: string; readonly password: string } | undefined;
  /** Who has signed its certificate, PEM; absent: the venue's own authority, where it has one. */
  readonly caFile?: string | undefined;
}

/** A gateway that answers. */
export interface AskedGateway {
  /** JSON of a path of its API. Rejects with what went wrong, in words. */
  get(path: string): Promise<unknown>;
  /** The answer to something that it is told to do; rejects with a `RefusedError` where it will not. */
  post(path: string, body: object): Promise<unknown>;
  /** The data of each event of a stream, as JSON, until `signal` aborts. */
  events(path: string, signal: AbortSignal): AsyncIterable<unknown>;
  /** Ends a log-in. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** A venue file of 10,000 badges is read in a few seconds. */
const RELOAD_TIMEOUT_MS = 60_000;
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const EVENT_CHARACTERS_MAX = 16 * 1024 * 1024;

/** A gateway that listens everywhere is asked on its own machine. */
const ASKED: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

const ownUrl = ({ http }: VenueConfig): string => {
  const host = http.host.includes(':') && ASKED[http.host] === undefined ? `[${http.host}]` : http.host;
  return `${http.tls === undefined ? 'http' : 'https'}://${ASKED[host] ?? host}:${http.port}`;
};

type Headers = Readonly<Record<string, string>>;

interface Connection {
  readonly base: URL;
  readonly options: RequestOptions;
}

const connectionTo = (
  { url, caFile, secretFile, user }: GatewayTarget,
  config: VenueConfig,
  directory: string,
): Connection => {
  const base = new URL(url ?? ownUrl(config));
  const ca = authorityOf(caFile) ?? textOf(venueFiles(directory).caCert);
  const sendsSecret = secretFile !== undefined || user !== undefined;
  return {
    base,
    options: {
      agent: false,
      ...(ca === undefined ? {} : { ca }),
      // On this machine the certificate is for the names that phones use. It must be the venue's before a secret goes out.
      ...(url === undefined ? { checkServerIdentity: () => undefined, rejectUnauthorized: sendsSecret } : {}),
    },
  };
};

const open = (
  { base, options }: Connection,
  path: string,
  more: RequestOptions,
  body?: string,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const make = base.protocol === 'https:' ? requestTls : requestPlain;
    const request = make(new URL(path, base), { ...options, ...more }, resolve);
    request.once('error', reject);
    request.end(body);
  });

const textIn = async (answer: IncomingMessage): Promise<string> => {
  const chunks: string[] = [];
  let length = 0;
  for await (const chunk of answer.setEncoding('utf8')) {
    chunks.push(String(chunk));
    length += String(chunk).length;
    if (length > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
  }
  return chunks.join('');
};

/** The gateway said no, and why. */
export class RefusedError extends Error {
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(`HTTP ${status}: ${problem.en} / ${problem.zh}`);
    this.problem = problem;
  }
}

/** Why a request was refused: the words of the gateway where there are any. */
const refusalOf = (status: number, text: string): Error => {
  try {
    return new RefusedError(status, problemSchema.parse(JSON.parse(text)));
  } catch {
    return new Error(`HTTP ${status}`);
  }
};

const jsonOf = async (answer: IncomingMessage): Promise<unknown> => {
  const text = await textIn(answer);
  const { statusCode = 0 } = answer;
  if (statusCode >= 300) throw refusalOf(statusCode, text);
  return text === '' ? undefined : JSON.parse(text);
};

/** Data of server-sent events (HTML standard, 9.2.6), one line of data each as the gateway writes them. */
async function* dataOf(answer: IncomingMessage): AsyncGenerator<unknown> {
  let rest = '';
  for await (const chunk of answer.setEncoding('utf8')) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > EVENT_CHARACTERS_MAX) throw new Error('an event is too long');
    for (const line of lines) if (line.startsWith('data:')) yield JSON.parse(line.slice(5));
  }
}

/** The `Cookie` that a log-in has set. */
const cookieOf = ({ headers }: IncomingMessage): string =>
  (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';', 1)[0] ?? '').join('; ');

const SESSION = '/api/v1/session';

const headersFor = async (connection: Connection, { secretFile, user }: GatewayTarget): Promise<Headers> => {
  const secret = secretOf(secretFile, undefined);
  if (secret !== undefined) return { authorization: tokenHeader('Bearer', secret, secretFile ?? '') };
  if (user === undefined) return {};
  const more = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const answer = await open(connection, SESSION, more, JSON.stringify(user));
  await jsonOf(answer);
  return { cookie: cookieOf(answer) };
};

/**
 * The gateway that runs, to be asked.
 * @param directory data directory of the venue: its certificate authority is trusted
 */
export const askGateway = async (
  target: GatewayTarget,
  config: VenueConfig,
  directory: string,
): Promise<AskedGateway> => {
  const connection = connectionTo(target, config, directory);
  const headers = await headersFor(connection, target);
  const end = async (): Promise<void> => {
    const more = { method: 'DELETE', headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
    await jsonOf(await open(connection, SESSION, more));
  };
  return {
    get: async (path) => jsonOf(await open(connection, path, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) })),
    post: async (path, body) => {
      const signal = AbortSignal.timeout(RELOAD_TIMEOUT_MS);
      const more = { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, signal };
      return jsonOf(await open(connection, path, more, JSON.stringify(body)));
    },
    async *events(path, signal) {
      const answer = await open(connection, path, { headers, signal });
      if (answer.statusCode !== 200) await jsonOf(answer);
      try {
        yield* dataOf(answer);
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        answer.destroy();
      }
    },
    close: async () => {
      if (target.user !== undefined) await end();
    },
  };
};
