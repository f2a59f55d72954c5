import { z } from 'zod';
import { alarmSchema } from './alarms.ts';
import { textSchema, timeSchema } from './common.ts';

/** Why there is an alarm. */
export const explanationSchema = z
  .object({
    alarm: alarmSchema,
    at: timeSchema.describe('when its rule last called people'),
    words: textSchema.describe('line by line'),
    rule: z
      .object({
        id: z.string(),
        kind: z.string(),
        parameters: z.array(
          textSchema.extend({
            name: z.string(),
            value: z.unknown(),
            unit: z.string().exactOptional(),
          }),
        ),
      })
      .describe('as it stood at that moment'),
    state: z
      .object({ before: z.unknown(), after: z.unknown() })
      .partial()
      .describe('what the rule held of its subject'),
    input: z.unknown().describe('what it judged; null: nothing, or not kept'),
    samples: z
      .array(
        z.object({
          device: z.string(),
          channel: z.string(),
          metric: z.string(),
          unit: z.string(),
          points: z
            .array(z.tuple([z.number(), z.number()]).readonly())
            .readonly()
            .describe('[timeMs, value]'),
        }),
      )
      .readonly()
      .describe('readings from a quarter of an hour before to a minute after; empty where nothing is kept'),
  })
  .meta({ id: 'Explanation' });
