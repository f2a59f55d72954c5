import type { Socket } from 'node:net';
import type { ConnectionError, FastifyError, FastifyInstance } from 'fastify';
import type { Log } from '../../log.ts';
import { PROBLEMS, type ProblemCode, refuse } from '../problems.ts';
import { PROBLEM_TYPE, sendRefusal } from './send.ts';

/** What fastify itself refuses, by its error code. */
const FASTIFY_PROBLEMS: ReadonlyMap<string, ProblemCode> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'too-large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'wrong-media-type'],
  ['FST_ERR_CTP_INVALID_JSON_BODY', 'malformed-json'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'malformed-json'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'malformed-request'],
  ['FST_ERR_BAD_URL', 'malformed-request'],
  ['FST_ERR_INVALID_URL', 'malformed-request'],
  ['FST_ERR_MAX_PARAM_LENGTH', 'malformed-request'],
]);

/** What Node's parser refuses before there is a request. */
const PARSER_PROBLEMS: ReadonlyMap<string, ProblemCode> = new Map([
  ['HPE_HEADER_OVERFLOW', 'headers-too-large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'too-slow'],
]);

/** The problem that an error is; undefined: a fault of ours. */
export const problemOf = ({ code, statusCode }: Partial<FastifyError>): ProblemCode | undefined => {
  const known = FASTIFY_PROBLEMS.get(code ?? '');
  if (known !== undefined) return known;
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? 'malformed-request' : undefined;
};

/** Errors and unknown addresses as problems; what a handler throws is ours: logged, and not told. */
export const refuseInProblems = (server: FastifyInstance, log: Log): void => {
  server.setErrorHandler<FastifyError>((error, request, reply) => {
    const code = problemOf(error);
    if (code === undefined) log.error({ error, method: request.method, url: request.url }, 'an HTTP request failed');
    return sendRefusal(reply, refuse(code ?? 'internal'));
  });
  server.setNotFoundHandler((_request, reply) => sendRefusal(reply, refuse('not-found')));
};

/** Answers what could not even be parsed, and ends the connection. */
export const refuseConnection = (error: ConnectionError, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = PARSER_PROBLEMS.get(error.code ?? '') ?? 'malformed-request';
  const { status, title } = PROBLEMS[code];
  const body = JSON.stringify(refuse(code).problem);
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `content-type: ${PROBLEM_TYPE}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
