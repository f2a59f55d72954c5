import { z } from 'zod';
import { pageShape, severitySchema, textSchema, timeSchema } from './common.ts';

/** What has become of an alarm; the words are those of ISA-18.2 where it has one. */
export const alarmEventTypeSchema = z.enum([
  'raised',
  'escalated',
  'repeated',
  'changed',
  'unknown',
  'acknowledged',
  'cleared',
  'closed',
  'shelved',
  'unshelved',
  'suppressed',
  'unsuppressed',
  'out-of-service',
  'returned',
  'reminded',
  'commented',
  'assigned',
]);

/** A rule, or a rule for one subject, that is out of service. */
export const outOfServiceSchema = z
  .object({
    rule: z.string(),
    subject: z.string().exactOptional().describe('absent: all subjects of the rule'),
    by: z.string(),
    why: z.string(),
    since: timeSchema,
    until: timeSchema.exactOptional().describe('absent: until somebody returns it'),
    remindAt: timeSchema.describe('when people are next reminded of it'),
  })
  .meta({ id: 'OutOfService' });

/** The alarm object: the same on MQTT, in lists and on the stream. */
export const alarmSchema = z
  .object({
    id: z.string().describe('<rule>.<subject>.<raisedAt in ms, base 36>: the same inputs give the same id'),
    rule: z.string(),
    kind: z.string().describe('kind of the rule'),
    subject: z.string().describe('device, device/channel or zone'),
    zone: z
      .string()
      .exactOptional()
      .describe(
        'where it is; of a wearer: where they are now, by the receivers that hear their badge, else where they work',
      ),
    severity: severitySchema,
    condition: z.enum(['pending', 'active', 'cleared', 'unknown']).describe('what the rule says; unknown: no data'),
    human: z
      .enum(['unacknowledged', 'acknowledged', 'shelved', 'suppressed', 'out-of-service'])
      .describe('what people have done about it'),
    raisedAt: timeSchema,
    changedAt: timeSchema,
    value: z.number().exactOptional(),
    unit: z.string().exactOptional(),
    limit: z.number().exactOptional(),
    reason: textSchema.extend({ code: z.string().describe('stable') }).describe('why'),
    guidance: textSchema.describe('what to do'),
    lateBySeconds: z.number().exactOptional().describe('how late a call for help arrived'),
    acknowledgedBy: z.string().exactOptional(),
    realarmAt: timeSchema.exactOptional().describe('when it is told again if it is not over by then'),
    shelved: z
      .object({
        by: z.string(),
        at: timeSchema,
        until: timeSchema,
        once: z.literal(true).exactOptional().describe('until its condition clears, and no longer than `until`'),
      })
      .exactOptional(),
    suppressedBy: z.string().exactOptional().describe('id of the alarm that is its cause'),
    outOfService: z.object({ by: z.string(), why: z.string(), until: timeSchema.exactOptional() }).exactOptional(),
    assignedTo: z.string().exactOptional().describe('a user or a role'),
    comment: z.object({ by: z.string(), at: timeSchema, text: z.string() }).exactOptional().describe('the last one'),
  })
  .meta({ id: 'Alarm' });

export const alarmsQuerySchema = z.strictObject({
  state: z.enum(['open', 'all']).default('open').describe('open alarms only, or those that are over as well'),
  ...pageShape,
});

export const cancelPreAlarmSchema = z
  .strictObject({
    rule: z.string().min(1).max(64).describe('of the pre-alarm'),
    subject: z.string().min(1).max(1024).describe('of the pre-alarm: the badge'),
  })
  .meta({ id: 'CancelPreAlarm' });

/** What was cancelled, and who is on record for it. */
export const cancelledSchema = z
  .object({ rule: z.string(), subject: z.string(), by: z.string() })
  .meta({ id: 'CancelledPreAlarm' });

export const COMMENT_CHARACTERS = 500;

export const acknowledgeSchema = z
  .strictObject({ comment: z.string().max(COMMENT_CHARACTERS).optional() })
  .meta({ id: 'Acknowledge' });

const said = z.string().max(COMMENT_CHARACTERS);
const minutes = z.number().positive().max(10_080);

export const shelveSchema = z
  .strictObject({
    minutes: minutes.optional().describe('absent: until its condition clears'),
    comment: said.optional(),
  })
  .meta({ id: 'Shelve' });

export const commentSchema = z.strictObject({ comment: said.min(1) }).meta({ id: 'Comment' });

export const assignSchema = z
  .strictObject({
    to: z.string().min(1).max(64).optional().describe('a user or a role; absent: nobody any more'),
    comment: said.optional(),
  })
  .meta({ id: 'Assign' });

export const removeSchema = z
  .strictObject({
    rule: z.string().min(1).max(64),
    subject: z.string().min(1).max(512).optional().describe('absent: all subjects of the rule'),
    why: said.min(1),
    minutes: minutes.optional().describe('absent: until somebody returns it'),
  })
  .meta({ id: 'RemoveFromService' });
