import { z } from 'zod';
import { METRIC_NAMES } from '../../../ingest/model/metrics.ts';
import { pageShape, textSchema, timeSchema } from './common.ts';

export const metricNameSchema = z.enum(METRIC_NAMES).meta({ id: 'MetricName' });

const metricsSchema = z
  .partialRecord(metricNameSchema, z.number())
  .describe('values by metric; the name carries the unit. Absent: not reported, never zero')
  .meta({ id: 'Metrics' });

const byChannel = <T extends z.ZodType>(value: T) => z.record(z.string(), value);

const reportsSchema = z
  .union([
    z.object({ everySeconds: z.number() }),
    z.object({
      onChange: z.literal(true),
      aliveBy: z.union([z.object({ heartbeatSeconds: z.number() }), z.object({ device: z.string() })]),
    }),
  ])
  .describe('how often it reports');

const channelAgeSchema = z.object({
  at: timeSchema.describe('arrival of the last sample'),
  ageSeconds: z.number(),
  stale: z.boolean().describe('older than its device promises: not to be shown as live'),
  missed: z
    .record(z.string(), timeSchema)
    .exactOptional()
    .describe('metrics that did not come for longer than that, and when they last did'),
});

/** A device, registered or discovered, with what it last said. */
export const deviceSchema = z
  .object({
    id: z.string().describe('of a device that nobody has registered: the name that its format gives it'),
    registered: z.boolean(),
    address: z
      .string()
      .exactOptional()
      .describe('of one that nobody has registered: what to write into `address` of the venue file'),
    source: z.string().exactOptional().describe('of one that nobody has registered: the source that it came by'),
    name: textSchema,
    profile: z.string().exactOptional(),
    zone: z
      .string()
      .exactOptional()
      .describe('where it is: of a badge that receivers have heard, where they heard it; else where it is registered'),
    registeredZone: z.string().exactOptional().describe('where its wearer works, where receivers say where they are'),
    zoneSince: timeSchema.exactOptional().describe('since when receivers hear it in `zone`'),
    heardBy: z.string().exactOptional().describe('the receiver that places it, else the last one that heard it'),
    rssiDbm: z.number().exactOptional().describe('how strongly that one hears it, dBm'),
    heardAt: timeSchema.exactOptional().describe('when a receiver last heard it'),
    notHeardSince: timeSchema
      .exactOptional()
      .describe('no receiver hears it any more: `zone` is where it was last heard'),
    role: z.string().exactOptional().describe('of the wearer; set makes it a badge'),
    reports: reportsSchema.exactOptional(),
    state: z
      .enum(['live', 'stale', 'silent', 'never'])
      .describe(
        'live: heard within its interval; stale: overdue; silent: nothing is known of it; never: not heard since the start',
      ),
    silentAfterSeconds: z.number().exactOptional().describe('how long it may be quiet; absent: no clock says so'),
    lastSeenAt: timeSchema.exactOptional().describe('absent: never heard'),
    ageSeconds: z.number().exactOptional(),
    channels: byChannel(metricsSchema).describe(
      'last value of each metric of each channel; the channel is an empty text by default',
    ),
    channelAges: byChannel(channelAgeSchema).describe('how old each of them is'),
    units: z.partialRecord(metricNameSchema, z.string()).describe('unit of every metric above'),
  })
  .meta({ id: 'Device' });

export const devicesQuerySchema = z.strictObject({
  zone: z.string().max(64).optional().describe('of this zone only'),
  registered: z.enum(['true', 'false']).optional().describe('registered ones only, or discovered ones only'),
  ...pageShape,
});
