import { z } from 'zod';

const faultSchema = z.object({
  code: z.string().exactOptional().describe('of a message that could not be decoded'),
  where: z.string().describe('`query.from`, `body.comment`'),
  expected: z.string(),
  zh: z.string().exactOptional().describe('what is wrong, in Chinese'),
  en: z.string().exactOptional().describe('what is wrong, in English'),
  nearest: z.string().exactOptional().describe('the spelling that was probably meant'),
});

/** Every error, as application/problem+json (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.string().describe('urn:muster:problem:<code>; stable'),
    code: z.string().describe('stable'),
    status: z.number(),
    title: z.string(),
    detail: z.string().describe('the sentence in English'),
    zh: z.string(),
    en: z.string(),
    errors: z.array(faultSchema).exactOptional().describe('each thing that is wrong with the request'),
  })
  .meta({ id: 'Problem' });
