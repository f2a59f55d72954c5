import { z } from 'zod';
import { LEVELS, WHENS } from '../../config/sections/plan.ts';
import { listOf, severitySchema, textSchema, timeSchema } from './common.ts';

/** One decision about telling people, actuators and what follows, with its reason. */
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
        'command-sent',
        'command-resumed',
        'command-confirmed',
        'command-overdue',
        'command-void',
        'command-done',
        'follow-up-set',
        'follow-up-due-soon',
        'follow-up-overdue',
        'follow-up-done',
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

/** What an actuator was told. */
export const commandSchema = z
  .object({
    id: z.string().describe('the same with each repetition'),
    alarm: z.string(),
    device: z.string(),
    name: textSchema.describe('of the device'),
    do: z.string(),
    with: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).exactOptional(),
    when: z.enum(WHENS),
    state: z
      .enum(['sent', 'overdue', 'confirmed', 'done', 'void'])
      .describe('overdue: not confirmed in time; done: a person has seen to it; void: another command took its place'),
    at: timeSchema,
    confirmBy: timeSchema,
    attempts: z.int().describe('how often it was sent'),
    settledAt: timeSchema.exactOptional(),
    by: z.string().exactOptional(),
    comment: z.string().exactOptional(),
  })
  .meta({ id: 'ActuatorCommand' });

export const commandsSchema = listOf(commandSchema);

/** Work that has to be done within a time after an alarm, which may be over. */
export const followUpSchema = z
  .object({
    id: z.string(),
    alarm: z.string(),
    item: z.string().describe('its name in the plan'),
    what: textSchema,
    rule: z.string(),
    kind: z.string(),
    subject: z.string(),
    zone: z.string().exactOptional(),
    severity: severitySchema,
    since: timeSchema,
    due: timeSchema,
    state: z.enum(['open', 'overdue', 'done']),
    done: z
      .object({ by: z.string(), at: timeSchema, comment: z.string() })
      .exactOptional()
      .describe('who did it, when, and what was done'),
  })
  .meta({ id: 'FollowUp' });

export const followUpsSchema = listOf(followUpSchema);

export const doneSchema = z
  .strictObject({ comment: z.string().trim().min(1).max(500).describe('what was done') })
  .meta({ id: 'Done' });

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
    commands: z.array(commandSchema).exactOptional().describe('what actuators were told; absent: nothing'),
    followUps: z.array(followUpSchema).exactOptional().describe('work that has to be done; absent: none'),
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
