import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerFactory,
} from 'fastify';
import type { Log } from '../../log.ts';
import { refuse } from '../problems.ts';
import { secure } from '../security/headers.ts';
import { refuseOtherHosts, refuseOtherOrigins } from '../security/origin.ts';
import { problemOf, refuseConnection, refuseInProblems } from './errors.ts';
import { sendRefusal } from './send.ts';

export interface HttpServerOptions {
  readonly log: Log;
  /** Further names that may stand in `Host` where this machine is asked by itself: those of a proxy. */
  readonly hosts: ReadonlySet<string>;
  /** Makes the server behind fastify: HTTPS. Absent: plain HTTP. */
  readonly serverFactory?: FastifyServerFactory | undefined;
}

/** As large as a packet on MQTT. */
const BODY_BYTES_MAX = 65_536;
const CONNECTIONS_MAX = 2000;
/** From the first byte of a request to its last. */
const REQUEST_TIMEOUT_MS = 10_000;
/** Ids of alarms hold rule, subject and time. */
const PARAM_CHARACTERS_MAX = 1024;

/** Addresses that cannot be read never come to a hook. */
const refuseAddress = (error: FastifyError, reply: FastifyReply): void => {
  secure(reply);
  sendRefusal(reply, refuse(problemOf(error) ?? 'malformed-request'));
};

/** An empty body is no body, whatever type it is said to be of. */
const readJson = (server: FastifyInstance): void => {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, typeof body === 'string' ? body : body.toString(), done);
  });
};

/** A server that guards itself: bounded, every error a problem, asked by its own name and by its own pages only. */
export const createHttpServer = ({ log, hosts, serverFactory }: HttpServerOptions): FastifyInstance => {
  const server = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: PARAM_CHARACTERS_MAX },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error, _request, reply) => refuseAddress(error, reply),
    ...(serverFactory === undefined ? {} : { serverFactory }),
  });
  server.server.maxConnections = CONNECTIONS_MAX;
  server.addHook('onRequest', (request, reply, done) => {
    secure(reply);
    const refusal = refuseOtherHosts(request, hosts) ?? refuseOtherOrigins(request);
    if (refusal === undefined) done();
    else sendRefusal(reply, refusal);
  });
  readJson(server);
  refuseInProblems(server, log);
  return server;
};
