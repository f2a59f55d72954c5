import { z } from 'zod';
import { secondsSchema } from './ids.ts';

/** Red is not among them: what is red is told by itself, at once, always. */
const lesser = z.array(z.enum(['blue', 'yellow', 'orange'])).max(3);

const ALL_LESSER: z.output<typeof lesser> = ['blue', 'yellow', 'orange'];

const groupsSchema = z
  .strictObject({
    severities: lesser
      .default(ALL_LESSER)
      .describe('which alarms are told together in a flood, by cause, zone and severity; []: none'),
    everySeconds: secondsSchema
      .min(1)
      .max(600)
      .default(60)
      .describe('a group that grows is told again so often at most, seconds'),
  })
  .prefault({})
  .describe('in a flood: alarms of one kind, zone and severity are told as one, with a count that grows');

const chatterSchema = z
  .strictObject({
    alarms: z
      .int()
      .min(3)
      .max(20)
      .default(3)
      .describe('so many of one rule and subject within withinSeconds are chattering (ISA-18.2: 3 in a minute)'),
    withinSeconds: secondsSchema.min(10).max(600).default(60).describe('time in which they are counted, seconds'),
    severities: lesser
      .default(ALL_LESSER)
      .describe('which alarms are held while they chatter; []: they are counted and shown only'),
    quietSeconds: secondsSchema
      .min(10)
      .max(7200)
      .default(300)
      .describe('chattering is over once it was quiet for so long, seconds'),
    againSeconds: secondsSchema
      .min(60)
      .max(7200)
      .default(600)
      .describe('what goes on chattering is told again so often, seconds'),
  })
  .prefault({})
  .describe('an alarm that comes and goes: told once as chattering, then held');

/** EEMUA 191 and ISA-18.2: 1 alarm in 10 minutes is steady, 10 begin a flood, which ends under 5. */
export const floodSchema = z
  .strictObject({
    startAlarms: z
      .int()
      .min(2)
      .max(1000)
      .default(10)
      .describe('so many alarms for one operator within 10 minutes begin a flood (EEMUA 191, ISA-18.2: 10)'),
    endAlarms: z
      .int()
      .min(1)
      .max(1000)
      .default(5)
      .describe('fewer than so many within 10 minutes end it (ISA-18.2: 5)'),
    staleHours: z
      .number()
      .positive()
      .max(720)
      .default(24)
      .describe('an alarm that stands for longer is stale, hours (ISA-18.2: 24)'),
    groups: groupsSchema,
    chatter: chatterSchema,
  })
  .refine(({ startAlarms, endAlarms }) => endAlarms <= startAlarms, {
    path: ['endAlarms'],
    error: 'endAlarms must not be more than startAlarms',
  })
  .prefault({})
  .describe('more alarms than people can handle: what is counted, told together and held; red never is');
