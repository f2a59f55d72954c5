import { z } from 'zod';

export const securitySchema = z
  .strictObject({
    insecure: z.boolean().default(false).describe('listen beyond loopback without TLS or credentials all the same'),
    anonymous: z
      .enum(['refuse', 'loopback'])
      .default('refuse')
      .describe('who may connect without a user name: nobody, or programs on this box (demo and simulation)'),
  })
  .prefault({})
  .describe('what is allowed in spite of being unsafe');
