import { z } from 'zod';
import type { Text } from '../../../rules/rule.ts';
import { fileSchema, httpUrlSchema, idSchema, secondsSchema } from '../../config/sections/ids.ts';

/** A secret belongs into a file; one that stands here works, and `muster check` objects to it. */
export const secretSchema = (what: string, file: string) =>
  z.string().min(1).max(4096).optional().describe(`${what}, in plain text; better ${file}`);

export const urlSchema = httpUrlSchema;

/** What every notifier takes. */
export const common = {
  id: idSchema.describe('name of the notifier, as the response plan gives it under channels'),
  caFile: fileSchema.optional().describe('certificate authority of the server, PEM'),
  timeoutSeconds: secondsSchema.min(1).max(60).default(10).describe('how long the server may take to answer'),
  language: z.enum(['zh', 'en', 'both']).default('both').describe('language of what people read'),
  acknowledge: z
    .strictObject({
      links: z.boolean().default(true).describe('messages carry a link by which one acknowledges; takes http.url'),
      validMinutes: z.number().min(1).max(10_080).default(720).describe('how long such a link works, minutes'),
      by: z
        .string()
        .min(1)
        .max(64)
        .optional()
        .describe('who acknowledges where the page is given no name; absent: the roles of the plan'),
    })
    .prefault({})
    .describe('acknowledging from the message'),
} as const;

const BOTH: Text = { zh: '只写其中一项：文件，或明文', en: 'either the file or the plain text, not both' };
const NEITHER: Text = { zh: '需要其中一项', en: 'one of the two' };

const at = (key: string, text: Text) => ({ path: [key], params: { ...text } });

/** For `refine`: a secret stands in the file or in plain text, not both. */
export const notBoth = (key: string) => at(key, BOTH);

export const oneOfTwo = (key: string) => at(key, NEITHER);

export const custom = at;
