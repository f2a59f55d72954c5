import { z } from 'zod';
import { alarmEventTypeSchema, alarmSchema, outOfServiceSchema } from './alarms.ts';
import { timeSchema } from './common.ts';
import { deviceSchema } from './devices.ts';
import { responseSchema } from './response.ts';
import { statusSchema } from './status.ts';
import { zoneSchema } from './zones.ts';

/** Event `alarm`: what changed, and the alarm as it is now. `closed`: it is over. */
export const alarmNewsSchema = z
  .object({
    type: alarmEventTypeSchema,
    at: timeSchema,
    alarm: alarmSchema,
    by: z.string().exactOptional(),
    comment: z.string().exactOptional(),
  })
  .meta({ id: 'AlarmNews' });

/** Event `pre-alarm`: a wearer is being asked; no alarm yet. */
export const preAlarmNewsSchema = z
  .object({
    type: z.enum(['pre-alarm', 'pre-alarm-ended']),
    at: timeSchema,
    rule: z.string(),
    kind: z.string(),
    subject: z.string(),
    device: z.string(),
    until: timeSchema,
  })
  .meta({ id: 'PreAlarmNews' });

/** Event `service`: something is out of service, is so yet, or is back. */
export const serviceNewsSchema = z
  .object({
    type: z.enum(['service-removed', 'service-returned', 'service-reminded']),
    at: timeSchema,
    entry: outOfServiceSchema,
    by: z.string().exactOptional(),
  })
  .meta({ id: 'ServiceNews' });

/** Event `reset`: what was missed is no longer known; read the lists again. */
export const resetSchema = z
  .object({ reason: z.enum(['restarted', 'too-old']).describe('another run of the gateway, or away for too long') })
  .meta({ id: 'Reset' });

/** Names of the events on the stream, and what their data is. */
export const streamEvents = {
  alarm: alarmNewsSchema,
  'pre-alarm': preAlarmNewsSchema,
  response: responseSchema,
  service: serviceNewsSchema,
  zones: z.object({ items: z.array(zoneSchema) }).describe('zones that changed'),
  devices: z.object({ items: z.array(deviceSchema) }).describe('devices that changed, the last value of each'),
  status: statusSchema,
  reset: resetSchema,
} as const;

export const STREAM_EVENT_NAMES = [
  'alarm',
  'pre-alarm',
  'response',
  'service',
  'zones',
  'devices',
  'status',
  'reset',
] as const;

export const streamQuerySchema = z.strictObject({
  events: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(STREAM_EVENT_NAMES)))
    .optional()
    .describe('only these events, separated by commas; absent: all'),
});
