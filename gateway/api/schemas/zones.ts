import { z } from 'zod';
import { severitySchema, textSchema, timeSchema } from './common.ts';

const limitsSchema = z
  .object({
    yellow: z.number().exactOptional(),
    orange: z.number().exactOptional(),
    red: z.number().exactOptional(),
  })
  .describe('by severity');

const forecastSchema = z
  .object({
    minutes: z.number().describe('until the limit is reached'),
    earliestMinutes: z.number(),
    latestMinutes: z.number().describe('19 of 20 cases lie between earliest and latest'),
    severity: severitySchema.describe('of the limit'),
    limit: z.number(),
    unit: z.enum(['persons/m²', 'persons']),
  })
  .describe('the next limit; present only while the crowd grows towards it for sure');

const exitFlowSchema = z
  .object({
    device: z.string(),
    personsPerMinute: z.number(),
    perMetreMinute: z.number().describe('persons per metre of width and minute'),
    capacityPerMetreMinute: z.number(),
    share: z.number().describe('of what it lets through at the most'),
  })
  .describe('the busiest exit of those whose width is known');

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
    from: z
      .enum(['counters', 'cameras', 'fused'])
      .exactOptional()
      .describe('who counts; fused: several sorts of counters, each by its accuracy'),
    densityPerM2: z.number().exactOptional().describe('persons per square metre'),
    fillFraction: z.number().exactOptional().describe('persons as a share of the capacity'),
    errorPersons: z
      .number()
      .exactOptional()
      .describe(
        'how far the count may be off to either side, in 19 of 20 cases, by the accuracies in the configuration',
      ),
    band: z
      .object({ low: z.number(), high: z.number() })
      .exactOptional()
      .describe('persons: what the true number lies within in 19 of 20 cases'),
    conflict: z
      .enum(['more', 'fewer'])
      .exactOptional()
      .describe('cameras see far more (believed) or far fewer (not believed) than the gates can have let in'),
    forecast: forecastSchema.exactOptional(),
    exitFlow: exitFlowSchema.exactOptional(),
    egressMinutes: z
      .number()
      .exactOptional()
      .describe('how long it takes to empty the zone by the exits whose width is known'),
    gateBiases: z
      .array(z.object({ device: z.string(), channel: z.string(), share: z.number() }))
      .exactOptional()
      .describe(
        'how many too many (negative: too few) a gate counts for each who passes, as far as other counts have shown',
      ),
    fix: z
      .object({ at: timeSchema, by: z.string(), persons: z.number(), was: z.number() })
      .exactOptional()
      .describe('the last count by a person, or `schedule`: zeroing; was: the estimate until then'),
    zeroSkipped: z
      .boolean()
      .exactOptional()
      .describe('scheduled zeroing was left out, for the zone did not look empty'),
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

/** A count by a person. */
export const countSchema = z
  .strictObject({
    persons: z.int().min(0).max(1_000_000).describe('how many are in the zone now'),
    errorPersons: z.int().min(0).max(1_000_000).exactOptional().describe('how far that may be off, to either side'),
  })
  .meta({ id: 'ZoneCount' });
