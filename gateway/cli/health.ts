import { get as getPlain, type IncomingMessage, type RequestOptions } from 'node:http';
import { get as getTls } from 'node:https';
import { z } from 'zod';
import type { VenueConfig } from '../config/schema.ts';
import type { Locale } from '../config/sections/venue.ts';
import type { Write } from './check.ts';

const TIMEOUT_MS = 10_000;
const ANSWER_BYTES_MAX = 65_536;

const EXIT_NOT_WELL = 1;

/** A gateway that listens everywhere is asked on its own machine. */
const ASKED: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

const answerSchema = z.object({ status: z.enum(['ok', 'degraded']) });

const textOf = async (answer: IncomingMessage): Promise<string> => {
  const chunks: string[] = [];
  let length = 0;
  for await (const chunk of answer.setEncoding('utf8')) {
    chunks.push(String(chunk));
    length += String(chunk).length;
    if (length > ANSWER_BYTES_MAX) throw new Error('the answer is too long');
  }
  return chunks.join('');
};

const ask = ({ http }: Pick<VenueConfig, 'http'>): Promise<string> =>
  new Promise((resolve, reject) => {
    const options: RequestOptions = {
      host: ASKED[http.host] ?? http.host,
      port: http.port,
      path: '/healthz',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      agent: false,
    };
    const take = (answer: IncomingMessage): void => {
      if (answer.statusCode === 200) textOf(answer).then(resolve, reject);
      else reject(new Error(`HTTP ${answer.statusCode}`));
    };
    // Nothing secret is sent, and the certificate is for the names that phones use, not for this address.
    const request =
      http.tls === undefined ? getPlain(options, take) : getTls({ ...options, rejectUnauthorized: false }, take);
    request.once('error', reject);
  });

const SAID = {
  'zh-CN': { ok: '网关运行正常', degraded: '网关在运行，但有问题：见控制台或 /healthz', none: '网关没有应答' },
  en: {
    ok: 'the gateway runs',
    degraded: 'the gateway runs, and something is wrong: see the console or /healthz',
    none: 'the gateway does not answer',
  },
} as const;

/** `muster health`: asks the gateway that runs on this machine. 0 it runs, 1 it does not answer as it should. */
export const runHealth = async (config: VenueConfig, locale: Locale, out: Write, err: Write): Promise<number> => {
  try {
    const { status } = answerSchema.parse(JSON.parse(await ask(config)));
    out(`${SAID[locale][status]}\n`);
    return 0;
  } catch (error) {
    err(`${SAID[locale].none}: ${error instanceof Error ? error.message : String(error)}\n`);
    return EXIT_NOT_WELL;
  }
};
