import { z } from 'zod';
import { textSchema } from './common.ts';

/** A configured rule, with all defaults filled in. */
export const ruleViewSchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    latching: z.boolean().describe('its alarms stay open until somebody acknowledges them'),
    guidance: textSchema.describe('what to do'),
    settings: z.record(z.string(), z.unknown()).describe('as in the venue file, defaults filled in'),
  })
  .meta({ id: 'Rule' });
