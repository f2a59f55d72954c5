import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Timers } from '../../api/ports.ts';
import { refuse } from '../../api/problems.ts';
import { JSON_TYPE, sendRefusal } from '../../api/seam/send.ts';
import { type Commit, settled } from '../../api/settling.ts';
import type { Log } from '../../log.ts';
import type { Links, Looked } from './links.ts';
import { askPage, donePage, refusedPage } from './page.ts';

export const LINK_PATH = '/acknowledge';

export interface MountOptions {
  readonly links: Links;
  readonly commit: Commit;
  readonly timers: Timers;
  readonly log: Log;
}

const COMMIT_TIMEOUT_MS = 10_000;
const FORM_BYTES_MAX = 4096;

/**
 * A form, and nothing from elsewhere. Not `no-referrer`: with that a browser says `Origin: null` when the form is sent,
 * and it would be refused as another site's. Nothing outside is linked to that could be told the address.
 */
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'same-origin',
} as const;

const paramsSchema = z.object({ token: z.string() });

/** A browser is shown a page; the button of a message gets JSON. */
const wantsPage = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/html') ?? false;

const nameIn = (body: unknown): string | undefined => {
  if (typeof body !== 'string') return undefined;
  const name = new URLSearchParams(body).get('name')?.trim();
  return name === undefined || name === '' ? undefined : name;
};

const sendPage = (reply: FastifyReply, status: number, page: string): FastifyReply =>
  reply.code(status).headers(PAGE_HEADERS).send(page);

const sendNo = (request: FastifyRequest, reply: FastifyReply, looked: Extract<Looked, { ok: false }>): FastifyReply => {
  const { refusal, by } = looked;
  const no = refuse(refusal, by === undefined ? {} : { zh: by, en: by });
  const { status, zh, en } = no.problem;
  return wantsPage(request) ? sendPage(reply, status, refusedPage({ zh, en })) : sendRefusal(reply, no);
};

/** Apart from the other routes: no log-in, a form as body, pages as answers. */
export const mountLinks = (server: FastifyInstance, { links, commit, timers, log }: MountOptions): void => {
  const url = `${LINK_PATH}/:token`;
  server.register(async (own) => {
    own.removeAllContentTypeParsers();
    own.addContentTypeParser('*', { parseAs: 'string', bodyLimit: FORM_BYTES_MAX }, (_request, body, done) =>
      done(null, body),
    );
    own.get(url, async (request, reply) => {
      const looked = links.look(paramsSchema.parse(request.params).token, request.ip);
      if (!looked.ok) return sendNo(request, reply, looked);
      return sendPage(reply, 200, askPage(looked.alarm, looked.link.by));
    });
    own.post(url, async (request, reply) => {
      const { token } = paramsSchema.parse(request.params);
      const used = links.use(token, request.ip, nameIn(request.body));
      if (!used.ok) {
        log.warn({ from: request.ip, reason: used.refusal }, 'an acknowledge link was refused');
        return sendNo(request, reply, used);
      }
      const { alarm, by = '' } = used;
      log.info({ alarm: alarm.id, by, from: request.ip }, 'alarm acknowledged by link');
      if (!(await settled(commit, timers, COMMIT_TIMEOUT_MS))) return sendRefusal(reply, refuse('not-committed'));
      if (wantsPage(request)) return sendPage(reply, 200, donePage(alarm, by));
      return reply.type(JSON_TYPE).send(JSON.stringify(alarm));
    });
  });
};
