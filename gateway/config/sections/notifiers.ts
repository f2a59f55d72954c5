import { z } from 'zod';
import { idSchema } from './ids.ts';

/** A list whose kinds are still to come: any entry is an error that says so. */
export const noKindYet = (what: string) =>
  z.looseObject({
    id: idSchema.optional().describe(`name of the ${what}`),
    kind: z.never().describe(`no kind of ${what} is available in this version`),
  });

export const notifiersSchema = z.array(noKindYet('notifier')).max(100).default([]).describe('ways to reach people');
