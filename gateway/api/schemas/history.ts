import { z } from 'zod';
import { severitySchema, timeSchema } from './common.ts';
import { metricNameSchema } from './devices.ts';

/** A limit of a rule, to be drawn into a chart of the metric. */
export const thresholdSchema = z
  .object({
    rule: z.string(),
    kind: z.string(),
    severity: severitySchema,
    direction: z.enum(['above', 'below']).describe('an alarm while the value is at or above, or at or below'),
    limit: z.number().describe('in the unit of the metric'),
  })
  .meta({ id: 'Threshold' });

const pointSchema = z
  .union([
    z.tuple([z.number(), z.number()]).describe('[timeMs, value]'),
    z.tuple([z.number(), z.number(), z.number(), z.number()]).describe('with `step`: [timeMs, min, mean, max]'),
  ])
  .describe('Unix milliseconds first');

export const historySchema = z
  .object({
    unit: z.string(),
    device: z.string(),
    channel: z.string(),
    metric: metricNameSchema,
    from: timeSchema,
    to: timeSchema,
    stepSeconds: z.number().exactOptional(),
    thresholds: z.array(thresholdSchema).describe('limits of the rules that concern this metric of this device'),
    points: z.array(pointSchema).describe('in order of time, `from` included, `to` not'),
    next: timeSchema.exactOptional().describe('there are more: ask again with this as `from`'),
  })
  .meta({ id: 'History' });
