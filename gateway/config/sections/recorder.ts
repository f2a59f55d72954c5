import { z } from 'zod';

export const recorderSchema = z
  .strictObject({
    enabled: z.boolean().default(true).describe('false: nothing is recorded, and nothing can be replayed'),
    maxMegabytes: z
      .int()
      .min(16)
      .max(1_000_000)
      .default(2048)
      .describe('size of all recordings together, megabytes; the oldest go first'),
    keepDays: z.number().positive().max(36_500).default(7).describe('how long recordings are kept, days'),
  })
  .prefault({})
  .describe('the flight recorder: what entered the gateway and what it said, for muster replay');
