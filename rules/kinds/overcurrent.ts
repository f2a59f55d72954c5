import { z } from 'zod';
import { channelSubject, commonShape, guidance, NO_SUBJECTS, seconds, selects, UNKNOWN } from '../common.ts';
import { defineRuleKind, stay } from '../rule.ts';

const CURVES = ['NI', 'VI', 'EI', 'LTI'] as const;

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('overcurrent').describe('a circuit loaded beyond its rating: warns before the breaker trips'),
    ratedAmps: z
      .number()
      .positive()
      .optional()
      .describe('rating of the devices selected by `for` that have none of their own, amperes'),
    // 80 % for 3 h: NEC articles 100, 210.19(A)(1), 210.20(A), 215.2.
    continuousFraction: z.number().positive().max(2).default(0.8).describe('yellow from this share of the rating'),
    continuousSeconds: seconds('yellow once at that share for').default(10_800),
    pickupMultiple: z.number().positive().max(10).default(1).describe('orange, and the curve starts: x rated current'),
    limitHoldSeconds: seconds('orange once at the pick-up for').default(5),
    curve: z.enum(CURVES).default('VI').describe('inverse-time curve of IEC 60255-151'),
    timeMultiplier: z.number().positive().max(100).default(1).describe('time multiplier setting of the curve'),
    instantaneousMultiple: z.number().positive().max(100).default(8).describe('red without the curve: x rated current'),
    instantaneousSeconds: seconds('a second sample must confirm the instantaneous multiple after').default(0.2),
    resetSeconds: seconds('below the pick-up a full integral is back at zero after').default(60),
    clearSeconds: seconds('a level is left after the current has been back for').default(30),
    deadbandFraction: z.number().min(0).max(0.5).default(0.05).describe('how far back, as a share of the rating'),
  })
  .refine(({ ratedAmps, for: selection }) => ratedAmps === undefined || selection !== undefined, {
    message: 'a rating for all devices needs `for`: which devices have it',
    path: ['ratedAmps'],
  })
  .refine((rule) => rule.continuousFraction < rule.pickupMultiple, {
    message: 'continuousFraction must be below pickupMultiple',
    path: ['continuousFraction'],
  })
  .refine((rule) => rule.pickupMultiple < rule.instantaneousMultiple, {
    message: 'instantaneousMultiple must be above pickupMultiple',
    path: ['instantaneousMultiple'],
  });

/** A circuit against its rating: continuous load, pick-up, inverse-time curve, instantaneous multiple. */
export const overcurrent = defineRuleKind({
  schema,
  create: (config) => ({
    id: config.id,
    kind: config.kind,
    latching: config.latching ?? false,
    guidance: config.guidance ?? guidance('回路过载。', 'A circuit is overloaded.'),
    silence: 'freeze',
    shared: false,
    subjects: (device, channel) => (selects(config.for, device) ? [channelSubject(device, channel)] : NO_SUBJECTS),
    start: () => UNKNOWN,
    step: (state) => stay(state),
  }),
});
