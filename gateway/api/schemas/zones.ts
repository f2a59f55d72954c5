import { z } from 'zod';
import { severitySchema, textSchema, timeSchema } from './common.ts';

const limitsSchema = z
  .object({
    yellow: z.number().exactOptional(),
    orange: z.number().exactOptional(),
    red: z.number().exactOptional(),
  })
  .describe('by severity');

/** A zone and how full it is, as the rule that watches it counts. */
export const zoneSchema = z
  .object({
    id: z.string(),
    name: textSchema,
    areaM2: z.number().exactOptional(),
    capacity: z.number().exactOptional().describe('persons allowed'),
    use: z.enum(['moving', 'standing']).describe('whether people walk or stand there; the limits differ'),
    within: z.string().exactOptional().describe('the zone that this one is part of'),
    polygon: z
      .array(z.tuple([z.number(), z.number()]))
      .exactOptional()
      .describe('outline on the floor plan, metres'),
    rule: z.string().exactOptional().describe('the crowd-density rule that watches it; absent: none does'),
    state: z
      .enum(['known', 'stale', 'unknown'])
      .describe('known: every counter reports; stale: one is missing, the figures are old; unknown: never counted'),
    persons: z.number().exactOptional().describe('last count; never live where `state` is stale'),
    from: z.enum(['counters', 'cameras']).exactOptional().describe('which of them counted more'),
    densityPerM2: z.number().exactOptional().describe('persons per square metre'),
    fillFraction: z.number().exactOptional().describe('persons as a share of the capacity'),
    errorPersons: z.number().exactOptional().describe('how far the count may be off, from the counting error'),
    driftPersons: z.number().exactOptional().describe('more people left than came in: what the counters missed'),
    countedAt: timeSchema.exactOptional().describe('when a counter of the zone last reported'),
    ageSeconds: z.number().exactOptional().describe('since then'),
    lacking: z.array(z.string()).describe('devices that should count and do not'),
    phase: z
      .enum(['normal', 'pending', 'active', 'unknown'])
      .describe('what the rule says; unknown also where none is'),
    severity: severitySchema.exactOptional().describe('level that is reached (active) or about to be (pending)'),
    densityLimits: limitsSchema.exactOptional().describe('persons per square metre, by severity'),
    personsLimits: limitsSchema.exactOptional().describe('persons, by severity; of zones with a capacity'),
  })
  .meta({ id: 'Zone' });
