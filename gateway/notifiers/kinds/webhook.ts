import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { fileSchema } from '../../config/sections/ids.ts';
import { CredentialError, secretOf } from '../../outbound/credentials.ts';
import { answerOf } from '../answer.ts';
import { common, notBoth, oneOfTwo, secretSchema, urlSchema } from './common.ts';
import { defineNotifierKind, FOR_PEOPLE, type Telling } from './kind.ts';

const schema = z
  .strictObject({
    kind: z.literal('webhook').describe('JSON of the alarm, signed, to a program of yours'),
    ...common,
    url: urlSchema.describe('where it is posted to: https://10.0.0.9/alarms'),
    secretFile: fileSchema.optional().describe('file that holds the secret of the signature, 16 characters at least'),
    secret: secretSchema('secret of the signature', 'secretFile'),
  })
  .refine(({ secret, secretFile }) => secret === undefined || secretFile === undefined, notBoth('secret'))
  .refine(({ secret, secretFile }) => secret !== undefined || secretFile !== undefined, oneOfTwo('secretFile'));

const SECRET_CHARACTERS_MIN = 16;

/** As standardwebhooks.com has it: `whsec_` and base64; any other text is its own bytes. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);

const bodyOf = ({ notice, venue, acknowledgeUrl }: Telling): string => {
  const {
    key,
    event,
    atMs,
    alarm,
    by,
    comment,
    repeat,
    formerSeverity,
    recipients,
    step,
    level,
    remark,
    group,
    followUp,
  } = notice;
  return JSON.stringify({
    version: 1,
    key,
    event,
    at: new Date(Math.round(atMs)).toISOString(),
    venue: { id: venue.id, ...venue.name },
    alarm,
    by,
    comment,
    repeat,
    formerSeverity,
    recipients,
    step,
    level,
    remark,
    group,
    followUp,
    acknowledgeUrl,
  });
};

/** Signed as Standard Webhooks (v1): HMAC-SHA256 over id, time and body, so that nothing can be forged or played again. */
export const webhook = defineNotifierKind({
  schema,
  tells: new Set([...FOR_PEOPLE, 'changed', 'closed', 'commented', 'assigned']),
  byPerson: false,
  requests: 8,
  courier: ({ url, secretFile, secret: inline }) => {
    const secret = secretOf(secretFile, inline) ?? '';
    if (secret.length < SECRET_CHARACTERS_MIN) throw new CredentialError(`${secretFile ?? 'secret'} (too short)`);
    return {
      url,
      secrets: [secret],
      message: (telling) => {
        const body = bodyOf(telling);
        const { key } = telling.notice;
        const seconds = Math.floor(telling.nowMs / 1000);
        const signature = createHmac('sha256', keyOf(secret)).update(`${key}.${seconds}.${body}`).digest('base64');
        const headers = {
          'idempotency-key': key,
          'webhook-id': key,
          'webhook-timestamp': String(seconds),
          'webhook-signature': `v1,${signature}`,
        };
        return { headers, body };
      },
      judge: answerOf,
    };
  },
});
