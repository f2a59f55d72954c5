import { z } from 'zod';

const sessionsSchema = z
  .strictObject({
    idleHours: z
      .number()
      .positive()
      .max(8_784)
      .default(12)
      .describe('a log-in that is not used for so long ends, hours'),
    maxHours: z.number().positive().max(8_784).default(72).describe('a log-in ends after so long in any case, hours'),
  })
  .prefault({});

export const securitySchema = z
  .strictObject({
    insecure: z.boolean().default(false).describe('listen beyond loopback without TLS or credentials all the same'),
    anonymous: z
      .enum(['refuse', 'loopback'])
      .default('refuse')
      .describe(
        'who may connect without a user name: nobody, or programs on this box (demo and simulation); on the HTTP side only while there are no users',
      ),
    sessions: sessionsSchema.describe('how long a log-in to the console lasts'),
  })
  .prefault({})
  .describe('log-ins, and what is allowed in spite of being unsafe');
