import { z } from 'zod';
import { idSchema, nameSchema, secondsSchema } from './ids.ts';

const receiverSchema = z.strictObject({
  zone: idSchema.describe('the zone that it stands in: a badge is where the receiver is that hears it best'),
  name: nameSchema.optional().describe('shown to people; the key where absent'),
  canary: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('id or MAC address of a beacon that stands still beside it: not heard, the receiver is deaf'),
  canaryEverySeconds: secondsSchema
    .min(0.1)
    .optional()
    .describe('how often the canary sends; absent: as its profile says, or every 10 s'),
});

export const receiversSchema = z
  .record(z.string().min(1).max(200), receiverSchema)
  .describe('radios that hear badges: the id of a source of this box, or <format>:<name> of one that speaks over MQTT');

export const presenceSchema = z
  .strictObject({
    marginDb: z
      .number()
      .min(0)
      .max(60)
      .default(6)
      .describe('a badge changes its zone when another one hears it by so much more strongly, dB'),
    dwellSeconds: secondsSchema.max(600).default(5).describe('and does so for so long without a break, seconds'),
    lostSeconds: secondsSchema
      .min(1)
      .max(600)
      .default(15)
      .describe(
        'a receiver that has not heard it for so long no longer counts, seconds; longer for badges that send seldom',
      ),
  })
  .prefault({})
  .describe('when a badge counts as having gone to another zone');
