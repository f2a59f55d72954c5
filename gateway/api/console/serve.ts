import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { refuse } from '../problems.ts';
import { sendRefusal } from '../seam/send.ts';
import { PAGE_HEADERS } from '../security/headers.ts';
import type { ConsoleFile, ConsoleFiles } from './files.ts';
import { NOT_BUILT } from './not-built.ts';

const INDEX = '/index.html';
const DAYS_365 = 31_536_000;

/** `q=0` means no (RFC 9110, 12.5.3); nothing that a browser sends needs more of that grammar. */
const takesGzip = (header: string | readonly string[] | undefined): boolean =>
  /(?:^|,)\s*gzip\s*(?:;(?!\s*q=0(?:\.0*)?\s*(?:,|$))|,|$)/.test(String(header ?? ''));

const isSame = (header: string | undefined, etag: string): boolean =>
  header?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag) === true;

const send = (request: FastifyRequest, reply: FastifyReply, file: ConsoleFile): FastifyReply => {
  reply.headers({
    ...PAGE_HEADERS,
    'cache-control': file.immutable ? `public, max-age=${DAYS_365}, immutable` : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
  });
  if (isSame(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  reply.type(file.mediaType);
  if (file.gzipped === undefined || !takesGzip(request.headers['accept-encoding'])) return reply.send(file.bytes);
  return reply.header('content-encoding', 'gzip').send(file.gzipped);
};

/** What somebody typed or followed: no file, but a place within the console. Programs do not ask for pages. */
const isPlace = (path: string, { headers }: FastifyRequest): boolean =>
  path === '/' ||
  (headers.accept?.includes('text/html') === true && !/^\/(?:api|assets)(?:\/|$)/.test(path) && !/\.\w+$/.test(path));

/**
 * The console at `/`. A path without a file is a place within it, and gets the index; an address of the API that does
 * not exist stays a problem.
 */
export const serveConsole = (server: FastifyInstance, files: ConsoleFiles): void => {
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const [path = '/'] = request.url.split('?', 1);
    const file = files.get(path === '/' ? INDEX : path);
    if (file !== undefined) return send(request, reply, file);
    if (!isPlace(path, request)) return sendRefusal(reply, refuse('not-found'));
    const index = files.get(INDEX);
    if (index !== undefined) return send(request, reply, index);
    return reply
      .code(503)
      .headers({ ...PAGE_HEADERS, 'cache-control': 'no-store' })
      .type('text/html; charset=utf-8')
      .send(NOT_BUILT);
  };
  server.get('/', answer);
  server.get('/*', answer);
};
