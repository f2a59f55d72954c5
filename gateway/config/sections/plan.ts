import { z } from 'zod';
import { deviceIdSchema, idSchema, nameSchema, secondsSchema } from './ids.ts';

/** Channels that need no notifier: the live page, and the retained alarm topic of the broker. */
export const BUILT_IN_CHANNELS: readonly string[] = ['console', 'mqtt'];

/** What is done at the venue about an alarm, from the least to the gravest. */
export const LEVELS = ['handle-on-the-spot', 'one-way-flow', 'police-and-evacuation'] as const;

/** Moments of an alarm at which actuators are told something. */
export const WHENS = ['raised', 'acknowledged', 'cleared', 'closed'] as const;

const notify = z.array(idSchema).max(100).describe('roles and people who are told');
const channels = z
  .array(idSchema)
  .max(20)
  .describe('ways to reach them: console, mqtt (both always work), and ids of notifiers');

const escalationSchema = z.strictObject({
  afterSeconds: secondsSchema.min(1).describe('without acknowledgement, seconds after the alarm was raised'),
  notify: notify.default([]),
  channels: channels.default([...BUILT_IN_CHANNELS]),
});

const commandSchema = z.strictObject({
  device: deviceIdSchema.describe('the actuator: a sign, siren, relay or gate'),
  do: idSchema.describe('the command, as on muster/<venue>/down/<device>'),
  with: z
    .record(idSchema, z.union([z.string().max(1000), z.number(), z.boolean()]))
    .optional()
    .describe('further fields of the command'),
  when: z.enum(WHENS).default('raised').describe('when it is sent'),
  confirmWithinSeconds: secondsSchema
    .min(1)
    .max(3600)
    .default(10)
    .describe('the actuator has to confirm by then: it is told four times, and then that is an alarm'),
});

const followUpSchema = z.strictObject({
  id: idSchema.describe('name of the deadline, as in isolated'),
  withinSeconds: secondsSchema.min(1).describe('after the alarm was raised, or became so severe, seconds'),
  remindBeforeSeconds: secondsSchema
    .min(1)
    .optional()
    .describe('people are reminded so long before; absent: a quarter of the time, at most an hour'),
  what: nameSchema.describe('what must have been done by then'),
});

const escalate = z.array(escalationSchema).max(10).describe('who is told next, step by step; nobody is told less');
const commands = z.array(commandSchema).max(50).describe('commands to actuators');
const followUp = z.array(followUpSchema).max(20).describe('deadlines of the work that follows');

const freezes = z
  .union([z.boolean(), idSchema])
  .describe('an operation stops until a person lifts that: one of plan.operations; true: all work at the place');

/** What may be said for a severity, and again for a kind or a rule. */
const optionalShape = {
  ackWithinSeconds: secondsSchema.min(1).optional().describe('somebody must have acknowledged by then, seconds'),
  repeatSeconds: secondsSchema
    .min(1)
    .optional()
    .describe('notifiers tell it again until acknowledged, every so many seconds; red: 60 where absent'),
  level: z.enum(LEVELS).optional().describe('the response that is called for, shown with the alarm'),
  releasedBy: idSchema.optional().describe('role whose people alone may lift what was frozen'),
} as const;

const responseSchema = z.strictObject({
  notify: notify.default([]),
  channels: channels.default([...BUILT_IN_CHANNELS]),
  ...optionalShape,
  escalate: escalate.default([]),
  commands: commands.default([]),
  freezes: freezes.default(false),
  followUp: followUp.default([]),
});

const overrideSchema = z.strictObject({
  notify: notify.optional(),
  channels: channels.optional(),
  ...optionalShape,
  escalate: escalate.optional(),
  commands: commands.optional(),
  freezes: freezes.optional(),
  followUp: followUp.optional(),
});

const override = (what: string) => overrideSchema.optional().describe(what);

const bySeveritySchema = z.strictObject({
  all: override('whatever its severity'),
  blue: override('when it is blue'),
  yellow: override('when it is yellow'),
  orange: override('when it is orange'),
  red: override('when it is red'),
});

const response = (what: string) => responseSchema.optional().describe(what);

export const planSchema = z
  .strictObject({
    blue: response('what happens on a general alarm'),
    yellow: response('what happens on an elevated alarm'),
    orange: response('what happens on a serious alarm'),
    red: response('what happens on a critical alarm'),
    rules: z
      .record(idSchema, bySeveritySchema)
      .default({})
      .describe('what is different for a rule, by its id; goes before kinds, and that before the severity'),
    kinds: z
      .record(idSchema, bySeveritySchema)
      .default({})
      .describe('what is different for all rules of a kind; entry by entry, what is not named stays as it was'),
    operations: z
      .record(idSchema, z.strictObject({ name: nameSchema.describe('shown to people') }))
      .default({})
      .describe('work that an alarm may freeze'),
  })
  .prefault({})
  .describe('response plan: by severity, and what is different for a kind or a rule');
