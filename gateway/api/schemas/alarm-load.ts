import { z } from 'zod';
import { severitySchema, textSchema, timeSchema } from './common.ts';

/** What one operator has to handle. Hours and days are of whole periods of ten minutes, the one that runs included. */
const operatorSchema = z
  .object({
    id: z.string().describe('a person or role of the response plan; *: the whole venue, as on the console'),
    type: z.enum(['venue', 'role', 'person']),
    name: textSchema,
    state: z
      .enum(['steady', 'high', 'flood'])
      .describe('steady: no more than the target; flood: from the first to the last limit'),
    floodSince: timeSchema.exactOptional(),
    perMinute: z.int().describe('within the last 60 seconds'),
    perTenMinutes: z.int().describe('within the last 10 minutes'),
    perHour: z.int(),
    perDay: z.int(),
    averagePerHour: z.number().describe('of the day, or of the time since `since`'),
    peakMinute: z.int().describe('most alarms within 60 seconds, of the day'),
    peakHour: z.int().describe('most alarms within an hour, of the day'),
    bySeverity: z.object({ blue: z.int(), yellow: z.int(), orange: z.int(), red: z.int() }).describe('of the day'),
    priorityPercent: z
      .object({ high: z.number(), medium: z.number(), low: z.number() })
      .exactOptional()
      .describe('of the day: red, orange, yellow and blue; about 5, 15 and 80 are sound. Absent: no alarms'),
    floodPercent: z.number().describe('how much of the day was a flood'),
  })
  .meta({ id: 'OperatorLoad' });

const actorShape = {
  rule: z.string(),
  kind: z.string(),
  subject: z.string(),
  name: textSchema.describe('of the subject'),
  severity: severitySchema.describe('of its last alarm'),
  count: z.int(),
  last: timeSchema,
} as const;

export const alarmLoadSchema = z
  .object({
    at: timeSchema,
    since: timeSchema.describe('since when it is counted'),
    limits: z.object({
      target: z.int().describe('alarms in 10 minutes that one operator can handle for long'),
      startAlarms: z.int().describe('so many in 10 minutes begin a flood'),
      endAlarms: z.int().describe('fewer than so many end it'),
      chatterAlarms: z.int(),
      chatterWithinSeconds: z.number(),
      staleHours: z.number(),
    }),
    operators: z.array(operatorSchema).describe('the venue first, then who has most to do'),
    groups: z
      .array(
        z.object({
          id: z.string(),
          kind: z.string(),
          zone: z.string().exactOptional(),
          zoneName: textSchema.exactOptional(),
          severity: severitySchema,
          since: timeSchema,
          toldAt: timeSchema.describe('when people last heard of it'),
          count: z.int().describe('alarms that were in it'),
          waiting: z.int().describe('open ones that nobody has acknowledged'),
          alarms: z.array(z.string()).describe('open ones, by id'),
          told: z.array(z.string()).describe('those that were told by themselves'),
        }),
      )
      .describe('alarms that are told together, until each of them is over'),
    chattering: z
      .array(z.object({ ...actorShape, since: timeSchema }))
      .describe('rules and subjects that come and go; `count` since it began'),
    stale: z
      .array(
        z.object({ alarm: z.string(), kind: z.string(), subject: z.string(), name: textSchema, since: timeSchema }),
      )
      .describe('alarms that stand for too long, 100 at most, the oldest first'),
    badActors: z.array(z.object(actorShape)).describe('the ten that raise most of the alarms of 24 hours'),
    counters: z.object({
      grouped: z.int().describe('alarms that were counted in what was told of a group, since the start'),
      heldChattering: z.int().describe('alarms that were held because they chatter, since the start'),
      actorsForgotten: z.int().describe('rules and subjects that there was no room for'),
      unmeasured: z.int().describe('alarms of people that there was no room for; the venue has them'),
    }),
  })
  .meta({ id: 'AlarmLoad' });

/** Of the whole venue, on the stream every second. */
export const loadSummarySchema = z
  .object({
    perTenMinutes: z.int(),
    inFlood: z.boolean(),
    busiest: z
      .object({ name: textSchema, perTenMinutes: z.int(), inFlood: z.boolean() })
      .exactOptional()
      .describe('the person or role with the most alarms within 10 minutes'),
    chattering: z.int(),
    stale: z.int(),
    groups: z.int(),
  })
  .meta({ id: 'AlarmLoadSummary' });
