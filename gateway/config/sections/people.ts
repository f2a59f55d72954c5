import { z } from 'zod';
import { idSchema, timeOfDaySchema, venueDateSchema } from './ids.ts';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const personSchema = z.strictObject({
  name: z.string().min(1).max(64).describe('shown to people'),
  roles: z.array(idSchema).min(1).max(20).describe('what this person does at the venue'),
  user: z.string().min(1).max(64).optional().describe('user name of the console; the id where absent'),
  addresses: z
    .record(idSchema, z.string().min(1).max(256))
    .default({})
    .describe('by id of the notifier: ntfy a topic of their own, wecom the user id, webhook whatever it is for'),
});

export const peopleSchema = z
  .record(idSchema, personSchema)
  .describe('those whom the response plan tells by name; a role without any of them is told as a group');

const spanShape = {
  from: timeOfDaySchema.describe('begins, by the clock on the wall of the venue'),
  to: timeOfDaySchema.describe('ends; not later than `from`: on the day after'),
  people: z.array(idSchema).max(200).optional().describe('who is on duty; absent: everybody of the role'),
} as const;

export const rosterSchema = z
  .strictObject({
    shifts: z
      .array(
        z.strictObject({
          role: idSchema.describe('role that is on duty'),
          days: z
            .array(z.enum(DAYS))
            .min(1)
            .default([...DAYS])
            .describe('days on which it begins'),
          ...spanShape,
        }),
      )
      .max(500)
      .default([])
      .describe('when a role is on duty; a role without shifts always is'),
    exceptions: z
      .array(
        z.strictObject({
          date: venueDateSchema.describe('the day, at the venue'),
          role: idSchema.describe('role that it is for'),
          shifts: z
            .array(z.strictObject(spanShape))
            .max(20)
            .describe('what begins on that day instead; empty: nothing'),
        }),
      )
      .max(2000)
      .default([])
      .describe('days that are different'),
  })
  .prefault({})
  .describe('duty roster, in the time zone of the venue');
