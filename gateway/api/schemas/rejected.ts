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
