import { z } from 'zod';
import { textSchema, timeSchema } from './common.ts';

const canarySchema = z.object({
  device: z.string().describe('id or MAC address of the beacon that stands beside the receiver'),
  limitSeconds: z.number().describe('not heard for so long, the receiver is deaf'),
  lastHeardAt: timeSchema.exactOptional().describe('absent: not since the start'),
});

export const receiverSchema = z
  .object({
    id: z.string().describe('the id of a source, or <format>:<name> of a receiver that speaks over MQTT'),
    name: textSchema,
    zone: z.string().exactOptional().describe('absent: nobody has written down where it stands'),
    state: z
      .enum(['hears', 'deaf', 'starting', 'unproven'])
      .describe(
        'hears: its canary proves it; deaf: it does not hear its canary; starting: not yet, and in time; unproven: it has no canary',
      ),
    heardPerSecond: z.number().describe('adverts a second over the last minute, those of strangers too'),
    heardTotal: z.number().describe('adverts since the start'),
    lastHeardAt: timeSchema.exactOptional().describe('absent: it has heard nothing since the start'),
    canary: canarySchema.exactOptional(),
  })
  .meta({ id: 'Receiver' });

export const badgeCoverageSchema = z
  .object({
    id: z.string(),
    name: textSchema,
    zone: z.string().exactOptional().describe('where it was last heard, else where its wearer works'),
    zoneSince: timeSchema.exactOptional().describe('absent: no receiver has placed it'),
    heard: z.boolean().describe('a receiver of a zone hears it now'),
    lastHeardAt: timeSchema.exactOptional().describe('by any receiver; absent: not since the start'),
    heardBy: z.string().exactOptional().describe('the receiver that last heard it'),
    rssiDbm: z.number().exactOptional(),
    batteryPercent: z.number().exactOptional(),
    batteryVolts: z.number().exactOptional(),
    coverage: z
      .enum(['proven', 'unproven', 'deaf', 'none'])
      .exactOptional()
      .describe(
        'whether somebody in that zone would be heard. proven: a receiver of it hears its canary; unproven: nobody knows; deaf: all its receivers are; none: it has no receiver',
      ),
    couldNotHaveBeenHeard: z
      .boolean()
      .describe('it is not heard, and nobody there would be: its silence says nothing of its wearer'),
    reason: textSchema.extend({ code: z.enum(['receivers-deaf', 'no-receivers']).describe('stable') }).exactOptional(),
  })
  .meta({ id: 'BadgeCoverage' });

/** `GET /api/v1/coverage` */
export const coverageSchema = z
  .object({
    receivers: z.array(receiverSchema).describe('those of the venue file, then others that have heard something'),
    badges: z.array(badgeCoverageSchema).describe('one page of them, in the order of the venue file'),
    next: z.string().exactOptional().describe('give it as `cursor` to go on; absent: this was the last page'),
  })
  .meta({ id: 'Coverage' });
