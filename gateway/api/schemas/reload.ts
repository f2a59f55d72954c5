import { z } from 'zod';
import { textSchema } from './common.ts';

/** `POST /api/v1/reload` */
export const reloadSchema = z
  .strictObject({ dryRun: z.boolean().default(false).describe('only look what would change') })
  .meta({ id: 'Reload' });

const changeSchema = z.object({
  section: z.string().describe('zones, devices, rules, …'),
  what: z.enum(['added', 'removed', 'changed']),
  id: z.string(),
  fields: z.array(z.string()).describe('of a changed entry, by name'),
  text: textSchema,
});

/** What the gateway runs by now, against what it ran by before. */
export const reloadedSchema = z
  .object({
    applied: z.boolean().describe('false: it was only looked at'),
    count: z.number().describe('changes; the first thousand of them are listed'),
    changes: z.array(changeSchema),
    deferred: z
      .array(z.object({ section: z.string(), text: textSchema }))
      .describe('sections of the file that count only after a restart'),
  })
  .meta({ id: 'Reloaded' });
