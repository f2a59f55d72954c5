import { z } from 'zod';
import { deviceIdSchema, idSchema, nameSchema, secondsSchema } from './ids.ts';

/** Channels that need no notifier: the live page, and the retained alarm topic of the broker. */
export const BUILT_IN_CHANNELS: readonly string[] = ['console', 'mqtt'];

const notify = z.array(idSchema).max(100).default([]).describe('roles of those who are told');
const channels = z
  .array(idSchema)
  .max(20)
  .default([...BUILT_IN_CHANNELS])
  .describe('ways to reach them: console, mqtt (both always work), and ids of notifiers');

const escalationSchema = z.strictObject({
  afterSeconds: secondsSchema.min(1).describe('without acknowledgement, seconds after the alarm was raised'),
  notify,
  channels,
});

const commandSchema = z.strictObject({
  device: deviceIdSchema.describe('the actuator: a sign, siren, relay or gate'),
  do: idSchema.describe('the command, as on muster/<venue>/down/<device>'),
  with: z
    .record(idSchema, z.union([z.string().max(1000), z.number(), z.boolean()]))
    .optional()
    .describe('further fields of the command'),
  when: z.enum(['raised', 'acknowledged', 'cleared', 'closed']).default('raised').describe('when it is sent'),
});

const followUpSchema = z.strictObject({
  id: idSchema.describe('name of the deadline, as in isolated'),
  withinSeconds: secondsSchema.min(1).describe('after the alarm was raised, seconds'),
  what: nameSchema.describe('what must have been done by then'),
});

const responseSchema = z.strictObject({
  notify,
  channels,
  ackWithinSeconds: secondsSchema.min(1).optional().describe('somebody must have acknowledged by then, seconds'),
  repeatSeconds: secondsSchema
    .min(1)
    .optional()
    .describe('notifiers tell it again until acknowledged, every so many seconds; red: 60 where absent'),
  escalate: z.array(escalationSchema).max(10).default([]).describe('who is told next, step by step'),
  commands: z.array(commandSchema).max(50).default([]).describe('commands to actuators'),
  freezes: z.boolean().default(false).describe('the operation concerned stops until a person releases it'),
  followUp: z.array(followUpSchema).max(20).default([]).describe('deadlines of the work that follows'),
});

const response = (what: string) => responseSchema.optional().describe(what);

export const planSchema = z
  .strictObject({
    blue: response('what happens on a general alarm'),
    yellow: response('what happens on an elevated alarm'),
    orange: response('what happens on a serious alarm'),
    red: response('what happens on a critical alarm'),
  })
  .prefault({})
  .describe('response plan by severity');
