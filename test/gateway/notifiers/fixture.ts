import { createHmac, timingSafeEqual } from 'node:crypto';
import type { MqttClient } from 'mqtt';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { alarmSchema } from '../../../gateway/api/schemas/alarms.ts';
import { type App, startApp } from '../../../gateway/app.ts';
import { liveClock } from '../../../gateway/clock.ts';
import { createLog } from '../../../gateway/log.ts';
import { configOf, connect, venueYaml } from '../fixture.ts';
import type { ScriptedServer } from '../influx/scripted-server.ts';

export const SECRET = 'a-webhook-secret-of-32-characters';

/** What formats.md says of a webhook's body, and nothing else. */
export const webhookSchema = z.strictObject({
  version: z.literal(1),
  key: z.string().min(1),
  event: z.enum([
    'raised',
    'escalated',
    'repeated',
    'changed',
    'unknown',
    'acknowledged',
    'cleared',
    'closed',
    'reminded',
  ]),
  at: z.iso.datetime({ precision: 3 }),
  venue: z.strictObject({ id: z.string(), zh: z.string(), en: z.string() }),
  alarm: z.strictObject(alarmSchema.shape),
  by: z.string().optional(),
  comment: z.string().optional(),
  repeat: z.int().min(1).optional(),
  formerSeverity: z.string().optional(),
  recipients: z
    .array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        roles: z.array(z.string()),
        address: z.string().optional(),
      }),
    )
    .optional(),
  step: z.int().min(1).optional(),
  level: z.enum(['handle-on-the-spot', 'one-way-flow', 'police-and-evacuation']).optional(),
  remark: z.strictObject({ zh: z.string(), en: z.string() }).optional(),
  group: z.strictObject({ id: z.string(), count: z.int().min(2), waiting: z.int().min(0) }).optional(),
  followUp: z
    .strictObject({
      id: z.string(),
      what: z.strictObject({ zh: z.string(), en: z.string() }),
      dueAt: z.iso.datetime({ precision: 3 }),
      state: z.enum(['due-soon', 'overdue']),
    })
    .optional(),
  acknowledgeUrl: z.url().optional(),
});

export type WebhookBody = z.output<typeof webhookSchema>;

type Received = ScriptedServer['received'][number];

export const bodyOf = ({ lines }: Received): string => lines.join('\n');

const header = ({ headers }: Received, name: string): string => String(headers[name] ?? '');

/** As a receiver of Standard Webhooks does it: https://www.standardwebhooks.com */
export const isSigned = (request: Received, secret: string, nowMs: number): boolean => {
  const [id, seconds, given] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    header(request, name),
  );
  if (Math.abs(nowMs / 1000 - Number(seconds)) > 300) return false;
  const expected = createHmac('sha256', secret)
    .update(`${id}.${seconds}.${bodyOf(request)}`)
    .digest();
  const bytes = Buffer.from((given ?? '').replace(/^v1,/, ''), 'base64');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
};

/** A webhook's body, from a request that keeps to everything that formats.md promises. */
export const readWebhook = (request: Received): WebhookBody => {
  if (!isSigned(request, SECRET, Date.now())) throw new Error('the signature does not fit');
  const body = webhookSchema.parse(JSON.parse(bodyOf(request)));
  if (header(request, 'idempotency-key') !== body.key) throw new Error('the key in the header is another one');
  return body;
};

/** A venue with badges b1 … and these notifiers on red. */
export const venueOf = (
  notifiers: readonly Readonly<Record<string, unknown>>[],
  { badges = 1, repeatSeconds = 3600, http = {} }: { badges?: number; repeatSeconds?: number; http?: object } = {},
): string =>
  venueYaml(`
security: { anonymous: loopback }
roles: { guard: {} }
badges: { ${Array.from({ length: badges }, (_, index) => `b${index + 1}: { role: guard }`).join(', ')} }
rules: [{ id: help, kind: sos }]
plan: { red: ${JSON.stringify({ notify: ['guard'], channels: notifiers.map(({ id }) => id), repeatSeconds })} }
notifiers: ${JSON.stringify(notifiers)}
`).replace('http: { port: 0 }', `http: ${JSON.stringify({ port: 0, url: 'http://127.0.0.1:8080', ...http })}`);

export interface Running {
  readonly app: App;
  readonly badge: MqttClient;
  /** Every line of the log. */
  readonly told: readonly string[];
}

/** Stopped after the test. */
export const run = async (venue: string, storeDirectory?: string): Promise<Running> => {
  const told: string[] = [];
  const log = createLog({ write: (line) => void told.push(line) });
  const options = { config: configOf(venue), clock: liveClock(), log };
  const app = await startApp(storeDirectory === undefined ? options : { ...options, storeDirectory });
  const badge = await connect(app);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= badge.endAsync(true).then(() => app.stop());
    return stopping;
  };
  onTestFinished(stop);
  return { app: { ...app, stop }, badge, told };
};

export const press = (badge: MqttClient, device: string, seq: number): Promise<unknown> =>
  badge.publishAsync(
    `muster/hall/up/${device}`,
    JSON.stringify([
      { n: 'seq', v: seq },
      { n: 'sos', vb: true },
    ]),
    { qos: 1 },
  );

export const cancel = (badge: MqttClient, device: string): Promise<unknown> =>
  badge.publishAsync(`muster/hall/up/${device}`, JSON.stringify([{ n: 'cancel', vb: true }]), { qos: 1 });
