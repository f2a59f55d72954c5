import { z } from 'zod';
import type { Reporting } from '../../../ingest/model/device.ts';
import { deviceIdSchema, idSchema, secondsSchema } from './ids.ts';

const aliveBySchema = z
  .union([
    z.strictObject({
      heartbeatSeconds: secondsSchema.min(1).describe('it sends anything at all at least this often, seconds'),
    }),
    z.strictObject({ device: deviceIdSchema.describe('its life is told by online and offline of this device') }),
  ])
  .describe('what proves that a device that reports only changes is alive');

export const reportsSchema = z
  .union([
    z.strictObject({
      everySeconds: secondsSchema.min(0.01).describe('it reports by the clock, every so many seconds'),
    }),
    z.strictObject({
      onChange: z.literal(true).describe('it reports only when something changes'),
      aliveBy: aliveBySchema,
    }),
  ])
  .describe('how often a device reports');

const meaningSchema = z.enum(['sos', 'checkin', 'cancel', 'none']);

export const buttonsSchema = z
  .strictObject({
    single: meaningSchema.optional().describe('pressed once'),
    double: meaningSchema.optional().describe('pressed twice'),
    triple: meaningSchema.optional().describe('pressed three times; sos for wearers where absent'),
    long: meaningSchema.optional().describe('pressed long; sos for wearers where absent'),
    'long-double': meaningSchema.optional().describe('pressed long twice'),
    'long-triple': meaningSchema.optional().describe('pressed long three times'),
    hold: meaningSchema.optional().describe('held down; sos for wearers where absent'),
    trigger: meaningSchema
      .optional()
      .describe('a Minew button, whose iBeacon is on for a while after a press; sos for wearers where absent'),
    other: meaningSchema.optional().describe('an event that the format does not define'),
  })
  .describe('what the events of its buttons mean: a call for help, a check-in, the end of a call, or nothing');

const profileSchema = z.strictObject({
  reports: reportsSchema,
  buttons: buttonsSchema.optional(),
});

export const profilesSchema = z
  .record(idSchema, profileSchema)
  .describe('kinds of device; adds to the built-in ones, or overrides them');

/** Frigate tells of all its cameras on one topic; its name is known without being registered. */
export const FRIGATE = 'frigate';

/** How often the common kinds of device report, where nothing else is configured. */
export const BUILT_IN_PROFILES: Readonly<Record<string, { readonly reports: Reporting }>> = {
  'people-counter': { reports: { everySeconds: 10 } },
  'current-clamp': { reports: { everySeconds: 10 } },
  climate: { reports: { everySeconds: 60 } },
  badge: { reports: { everySeconds: 30 } },
  // Frigate publishes a count only when it changes (docs/integrations/mqtt.md): quiet is not silence.
  camera: { reports: { onChange: true, aliveBy: { device: FRIGATE } } },
  // Tasmota's default TelePeriod.
  plug: { reports: { everySeconds: 300 } },
  tracker: { reports: { everySeconds: 300 } },
};
