import { z } from 'zod';
import { commonShape, guidance, NO_SUBJECTS, seconds, UNKNOWN } from '../common.ts';
import { defineRuleKind, stay } from '../rule.ts';

/** Persons per square metre. */
const limitsSchema = (yellow: number, orange: number, red: number, max: number) =>
  z
    .strictObject({
      yellow: z.number().positive().max(max).default(yellow),
      orange: z.number().positive().max(max).default(orange),
      red: z.number().positive().max(max).default(red),
    })
    .refine(
      (limits) => limits.yellow < limits.orange && limits.orange < limits.red,
      'the limits must rise: yellow, orange, red',
    )
    .prefault({});

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('crowd-density').describe('persons per square metre of a zone'),
  zones: z.array(z.string()).min(1).optional().describe('ids of zones; default: every zone that has areaM2'),
  limits: z
    .strictObject({ moving: limitsSchema(2, 3, 4, 5), standing: limitsSchema(3, 4, 4.7, 5) })
    .prefault({})
    .describe('persons/m² by use of the zone; never above 5'),
  capacityFractions: z
    .strictObject({
      yellow: z.number().positive().max(2).default(0.9),
      orange: z.number().positive().max(2).default(1),
    })
    .refine((share) => share.yellow < share.orange, 'the shares must rise: yellow, orange')
    .prefault({})
    .describe('of the capacity of a zone that has one'),
  holdSeconds: seconds('a level counts after').default(10),
  clearSeconds: seconds('a level is left after').default(30),
  deadband: z.number().min(0).max(2).default(0.2).describe('a level is left this far below its limit, persons/m²'),
  initialPersons: z
    .record(z.string(), z.number().int().min(0))
    .default({})
    .describe('persons in a zone when counting starts, by zone id'),
  counters: z
    .enum(['since-zero', 'lifetime'])
    .default('since-zero')
    .describe('since-zero: totals were reset for the event; lifetime: a first total is only the starting point'),
  errorFraction: z.number().min(0).max(1).default(0.02).describe('counting error, as a share of the persons counted'),
});

/** Persons per square metre of a zone, from gate counters and cameras. */
export const crowdDensity = defineRuleKind({
  schema,
  create: (config) => ({
    id: config.id,
    kind: config.kind,
    latching: config.latching ?? false,
    guidance: config.guidance ?? guidance('人群过密。', 'The crowd is too dense.'),
    silence: 'own',
    shared: true,
    subjects: () => NO_SUBJECTS,
    start: () => UNKNOWN,
    step: (state) => stay(state),
  }),
});
