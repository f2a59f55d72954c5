import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Received, type ScriptedServer, scriptedServer } from '../influx/scripted-server.ts';
import { bodyOf, readWebhook, type WebhookBody } from './fixture.ts';

const bytes = (most: number) => z.string().refine((text) => Buffer.byteLength(text) <= most);

/** https://developer.work.weixin.qq.com/document/path/91770 */
export const wecomSchema = z.discriminatedUnion('msgtype', [
  z.strictObject({
    msgtype: z.literal('text'),
    text: z.strictObject({
      content: bytes(2048),
      mentioned_list: z.array(z.string()).optional(),
      mentioned_mobile_list: z.array(z.string()).optional(),
    }),
  }),
  z.strictObject({ msgtype: z.literal('markdown'), markdown: z.strictObject({ content: bytes(4096) }) }),
]);

/** https://docs.ntfy.sh/publish/#publish-as-json */
export const ntfySchema = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  title: z.string(),
  message: bytes(4096),
  priority: z.int().min(1).max(5),
  tags: z.array(z.string()),
  click: z.url().optional(),
  actions: z
    .array(
      z.strictObject({
        action: z.literal('http'),
        label: z.string(),
        url: z.url(),
        method: z.enum(['POST', 'PUT', 'GET']),
        clear: z.boolean(),
      }),
    )
    .max(3)
    .optional(),
});

export type NtfyBody = z.output<typeof ntfySchema>;

/** A server that takes what its vendor's documents allow, and refuses the rest as the vendor's does. */
export interface StrictServer<T> {
  readonly url: string;
  /** What it took, in order. */
  readonly taken: readonly T[];
  /** Why it refused, of each that it did. */
  readonly refused: readonly string[];
}

interface Vendor<T> {
  /** @throws what is wrong with the request */
  read(request: Received): T;
  take(response: ServerResponse): void;
  refuse(response: ServerResponse): void;
}

const json = (response: ServerResponse, status: number, body: object): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const strictServer = async <T>(vendor: Vendor<T>): Promise<StrictServer<T>> => {
  const taken: T[] = [];
  const refused: string[] = [];
  const server: ScriptedServer = await scriptedServer((request, response) => {
    try {
      taken.push(vendor.read(request));
    } catch (error) {
      refused.push(String(error));
      vendor.refuse(response);
      return;
    }
    vendor.take(response);
  });
  return { url: server.url, taken, refused };
};

const jsonIn = (request: Received): unknown => {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/json\b/.test(type)) throw new Error(`content-type ${type}`);
  return JSON.parse(bodyOf(request));
};

const expectText = (what: string, text: unknown, expected: string): void => {
  if (text !== expected) throw new Error(`${what}: ${String(text)}, not ${expected}`);
};

/** A receiver of Standard Webhooks. */
export const webhookServer = (): Promise<StrictServer<WebhookBody>> =>
  strictServer({
    read: (request) => {
      jsonIn(request);
      return readWebhook(request);
    },
    take: (response) => response.writeHead(204).end(),
    refuse: (response) => json(response, 400, { error: 'bad request' }),
  });

/** A group robot: what it takes; 200 whatever happens. */
export const wecomServer = (key: string): Promise<StrictServer<string>> =>
  strictServer({
    read: (request) => {
      expectText('path', request.path, `/cgi-bin/webhook/send?key=${key}`);
      const message = wecomSchema.parse(jsonIn(request));
      return message.msgtype === 'text' ? message.text.content : message.markdown.content;
    },
    take: (response) => json(response, 200, { errcode: 0, errmsg: 'ok' }),
    refuse: (response) => json(response, 200, { errcode: 40_008, errmsg: 'invalid message type' }),
  });

/** An ntfy server with access control. */
export const ntfyServer = (token: string): Promise<StrictServer<NtfyBody>> =>
  strictServer({
    read: (request) => {
      expectText('path', request.path, '/');
      expectText('authorization', request.headers.authorization, `Bearer ${token}`);
      return ntfySchema.parse(jsonIn(request));
    },
    take: (response) => json(response, 200, { id: 'x', event: 'message' }),
    refuse: (response) => json(response, 400, { code: 40_024, http: 400, error: 'invalid request' }),
  });
