import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../../log.ts';
import { TRUST_PATHS, type TrustAnswer, type TrustPages } from './answers.ts';

interface Plain {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

const TEXT = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };

/** For programs: nothing is taken, and nothing answered, where anybody could listen (RFC 9110 section 15.5.22). */
const USE_HTTPS: Plain = {
  status: 426,
  headers: { ...TEXT, upgrade: 'TLS/1.2' },
  body: '请使用 https:// 访问此端口。\nUse https:// on this port.\n',
};

/** What may stand in a `Host` header (RFC 9110 section 7.2), so that nothing else comes into a redirection. */
const HOST = /^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9A-Fa-f:.]+\](:\d{1,5})?$/;

const moved = (location: string): Plain => ({ status: 307, headers: { ...TEXT, location }, body: `${location}\n` });

/** People who typed the address without `https://`: to the page that helps, or on to the console. */
const toPeople = (request: IncomingMessage, hasPage: boolean): Plain => {
  if (hasPage) return moved('/trust');
  const { host } = request.headers;
  return host !== undefined && HOST.test(host) ? moved(`https://${host}/`) : USE_HTTPS;
};

const plainOf = async (request: IncomingMessage, pages: TrustPages): Promise<Plain> => {
  if (request.method !== 'GET' && request.method !== 'HEAD') return USE_HTTPS;
  // The base is never used: it only lets a path be parsed.
  const target = `http://plain${request.url ?? '/'}`;
  if (!URL.canParse(target)) return USE_HTTPS;
  const { pathname, searchParams } = new URL(target);
  const path = TRUST_PATHS.find((known) => known === pathname);
  const { host, 'accept-language': acceptLanguage } = request.headers;
  const lang = searchParams.get('lang')?.slice(0, 32);
  const ask = (wanted: (typeof TRUST_PATHS)[number]): Promise<TrustAnswer | undefined> =>
    pages.answer({ path: wanted, host, acceptLanguage, lang });
  if (path !== undefined) {
    const answer = await ask(path);
    return answer === undefined ? toPeople(request, false) : { status: 200, ...answer };
  }
  return pathname === '/' ? toPeople(request, (await ask('/trust/ca.crt')) !== undefined) : USE_HTTPS;
};

const send = (response: ServerResponse, { status, headers, body }: Plain): void => {
  response.writeHead(status, { ...headers, connection: 'close', 'content-length': Buffer.byteLength(body) });
  response.end(response.req.method === 'HEAD' ? undefined : body);
};

/** What an HTTPS port says to plain HTTP: the trust pages, the way to HTTPS, and nothing of the venue. */
export const plainAnswers =
  (pages: TrustPages, log: Log): RequestListener =>
  (request, response) => {
    plainOf(request, pages)
      .then((plain) => send(response, plain))
      .catch((error: unknown) => {
        log.error({ error }, 'a plain HTTP request failed');
        response.destroy();
      });
  };
