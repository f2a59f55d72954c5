import { z } from 'zod';
import { fileSchema } from './ids.ts';

export const dataSchema = z
  .strictObject({
    directory: fileSchema
      .default('./muster-data')
      .describe('where everything is kept; a relative path starts at the folder of venue.yaml'),
    durability: z
      .enum(['batched', 'sync'])
      .default('batched')
      .describe('batched: one commit for all that came within commitEveryMs; sync: the disk confirms every commit'),
    commitEveryMs: z
      .int()
      .min(1)
      .max(250)
      .default(50)
      .describe('longest wait of a sample for its commit, milliseconds: so much is lost when the power fails'),
  })
  .prefault({})
  .describe('the data directory');
