import { z } from 'zod';
import { LEVELS } from '../../config/sections/plan.ts';
import { listOf, textSchema, timeSchema } from './common.ts';

/** One decision about telling people, with its reason. */
export const decisionSchema = z
  .object({
    type: z
      .enum([
        'told',
        'escalated',
        'passed-on',
        'nobody',
        'overdue',
        'stopped',
        'held-back',
        'unplanned',
        'grouped',
        'chattering',
        'frozen',
        'lifted',
      ])
      .describe(
        'passed-on: nobody of the step is on duty, and the next one followed at once; grouped: counted in what is told of its group',
      ),
    at: timeSchema,
    reason: textSchema.extend({ code: z.string().describe('stable') }),
    step: z.int().exactOptional().describe('of the ladder; 0 is the first notification'),
    dueAt: timeSchema.exactOptional().describe('when it had to be done'),
    people: z.array(z.string()).exactOptional().describe('who was told, by id'),
    groups: z.array(z.string()).exactOptional().describe('roles that were told as a group'),
    channels: z.array(z.string()).exactOptional(),
    by: z.string().exactOptional(),
  })
  .meta({ id: 'Decision' });

export const decisionsSchema = listOf(decisionSchema);

/** How far the response to an open alarm is; event `response` of the stream. */
export const responseSchema = z
  .object({
    alarm: z.string(),
    phase: z
      .enum(['running', 'stopped', 'held'])
      .describe('stopped: acknowledged, shelved, suppressed or out of service; held: nobody is told yet'),
    level: textSchema
      .extend({ code: z.enum(LEVELS) })
      .exactOptional()
      .describe('the response that is called for'),
    since: timeSchema.describe('deadlines count from here'),
    told: z.array(textSchema).describe('people and roles that were told, by name'),
    channels: z.array(z.string()),
    step: z.int().describe('of the ladder that was taken last; 0 is the first notification'),
    nextAt: timeSchema.exactOptional().describe('when the next step is taken, unless somebody acknowledges'),
    ackBy: timeSchema.exactOptional().describe('somebody should have acknowledged by then'),
    group: z
      .object({
        id: z.string(),
        told: z.boolean().describe('by itself; else it is counted in what is told of the group'),
      })
      .exactOptional()
      .describe('of alarms that are told together in a flood; they are in /api/v1/alarm-load'),
    held: z.literal('chattering').exactOptional().describe('it comes and goes: it is told once, then held'),
    last: decisionSchema.exactOptional().describe('what was decided last'),
  })
  .meta({ id: 'Response' });

export const responsesSchema = listOf(responseSchema);

/** An operation that stands still until a person lifts that. */
export const frozenSchema = z
  .object({
    operation: z.string(),
    name: textSchema,
    alarm: z.string().describe('the alarm that froze it; it may be over'),
    since: timeSchema,
    reason: textSchema,
    releasedBy: textSchema.exactOptional().describe('role whose people alone may lift it; absent: an engineer'),
  })
  .meta({ id: 'Frozen' });

export const frozenListSchema = z.object({ items: z.array(frozenSchema) });

export const liftSchema = z
  .strictObject({ comment: z.string().trim().min(1).max(500).describe('why it may go on') })
  .meta({ id: 'Lift' });
