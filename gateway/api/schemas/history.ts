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

/** Unix milliseconds as digits, or ISO 8601 with its offset; a date alone is its beginning in UTC. */
const momentSchema = z
  .string()
  .max(40)
  .regex(/^(?:\d{1,16}|\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?)$/, 'ISO 8601 or Unix ms')
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : Date.parse(text)))
  .pipe(z.number().min(0, 'a time from 1970 on').max(8.64e15, 'a time that a calendar knows'));

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

const stepSchema = z
  .string()
  .max(16)
  .regex(/^\d+(?:\.\d+)?(?:ms|s|m|h)?$/, 'seconds, or a number with ms, s, m or h')
  .transform((text) => Number.parseFloat(text) * (UNITS_MS[text.replace(/^[\d.]+/, '')] ?? 1000))
  .pipe(z.number().int().min(100, 'at least 100 ms').max(604_800_000, 'at most 7 days'));

const RANGE_MAX_MS = 400 * 86_400_000;

export const POINTS_MAX = 100_000;

/** What is asked of the history; times and step come out in milliseconds. */
export const historyQuerySchema = z
  .strictObject({
    device: z.string().min(1).max(128),
    channel: z.string().max(64).default(''),
    metric: metricNameSchema,
    from: momentSchema.optional().describe('ISO 8601 or Unix milliseconds; absent: an hour before `to`'),
    to: momentSchema.optional().describe('ISO 8601 or Unix milliseconds; absent: now'),
    step: stepSchema.optional().describe('seconds, or a number with ms, s, m or h: min, mean and max of each step'),
    limit: z.coerce.number().int().min(1).max(POINTS_MAX).default(POINTS_MAX).describe('points at most'),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    message: 'a time before `to`',
    path: ['from'],
  })
  .refine(({ from, to }) => from === undefined || to === undefined || to - from <= RANGE_MAX_MS, {
    message: 'at most 400 days after `from`',
    path: ['to'],
  });
