import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { SEVERITIES, type Severity } from '../../../rules/rule.ts';

/** What a link says, signed: whose alarm, who is named by it, and until when. */
export interface Link {
  /** Key of the notice that carried it: a link is spent as a whole. */
  readonly id: string;
  readonly alarm: string;
  /** As serious as it was when the message went out: nobody takes on more than they were told of. */
  readonly severity: Severity;
  readonly channel: string;
  /** Who acknowledges where no name is given. */
  readonly by: string;
  readonly untilMs: number;
}

const payloadSchema = z.tuple([z.string(), z.string(), z.enum(SEVERITIES), z.string(), z.string(), z.number()]);

const signatureOf = (key: Uint8Array, payload: string): Buffer =>
  createHmac('sha256', key).update(`muster-acknowledge.${payload}`).digest();

/** As part of a URL: payload and HMAC-SHA256, both base64url. */
export const signLink = (key: Uint8Array, { id, alarm, severity, channel, by, untilMs }: Link): string => {
  const payload = Buffer.from(JSON.stringify([id, alarm, severity, channel, by, untilMs])).toString('base64url');
  return `${payload}.${signatureOf(key, payload).toString('base64url')}`;
};

/** Undefined: not signed by this gateway. */
export const readLink = (key: Uint8Array, token: string): Link | undefined => {
  const [payload = '', signature = '', ...rest] = token.split('.');
  const expected = signatureOf(key, payload);
  const given = Buffer.from(signature, 'base64url');
  if (rest.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const read = payloadSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
  if (!read.success) return undefined;
  const [id, alarm, severity, channel, by, untilMs] = read.data;
  return { id, alarm, severity, channel, by, untilMs };
};
