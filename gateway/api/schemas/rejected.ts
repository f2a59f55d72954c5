import { z } from 'zod';
import { pageShape, timeSchema } from './common.ts';

/** A frame, or part of one, that could not be used. */
export const rejectedSchema = z
  .object({
    at: timeSchema,
    source: z.string(),
    address: z.string().describe('MQTT topic, or what else it came by'),
    client: z.string().exactOptional().describe('credential of the sender'),
    code: z.string().describe('stable'),
    where: z.string().describe('points into the payload'),
    expected: z.string().describe('what would have been right'),
    payload: z.string().describe('its beginning: text, or hexadecimal'),
  })
  .meta({ id: 'Rejected' });

export const rejectedQuerySchema = z.strictObject(pageShape);

/** What of an ingested message could not be used. */
export const failureSchema = z
  .object({ code: z.string(), where: z.string(), expected: z.string() })
  .meta({ id: 'Failure' });

export const ingestedSchema = z
  .object({ failures: z.array(failureSchema).describe('parts that could not be used; the rest was taken') })
  .meta({ id: 'Ingested' });

export const ingestQuerySchema = z.strictObject({
  topic: z
    .string()
    .min(1)
    .max(1024)
    // MQTT 3.1.1 section 4.7: names have no wildcards and no U+0000.
    .refine((topic) => !/[+#]/.test(topic) && !topic.includes('\0'), 'an MQTT topic without wildcards')
    .optional()
    .describe('MQTT topic that it would be published to; absent: `muster/<venue>/up/<device>` of the device itself'),
});
