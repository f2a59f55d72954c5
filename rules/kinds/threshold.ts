import { z } from 'zod';
import { METRIC_NAMES } from '../../ingest/model/metrics.ts';
import { channelSubject, commonShape, guidance, NO_SUBJECTS, seconds, selects, UNKNOWN } from '../common.ts';
import { defineRuleKind, stay } from '../rule.ts';

const sideSchema = z.strictObject({
  yellow: z.number().optional(),
  orange: z.number().optional(),
  red: z.number().optional(),
});

type Side = z.output<typeof sideSchema>;

const limitsOf = ({ yellow, orange, red }: Side): readonly number[] =>
  [yellow, orange, red].filter((limit) => limit !== undefined);

const inOrder = (limits: readonly number[], before: (a: number, b: number) => boolean): boolean =>
  limits.every((limit, index) => before(limits[index - 1] ?? limit, limit) || index === 0);

const sideOf = (word: string, order: string, before: (a: number, b: number) => boolean) =>
  sideSchema
    .refine((side) => limitsOf(side).length > 0, 'give at least one of yellow, orange, red')
    .refine((side) => inOrder(limitsOf(side), before), `the limits must ${order}: yellow, orange, red`)
    .describe(`alarm while the value is at or ${word} a limit`);

const schema = z
  .strictObject({
    ...commonShape,
    kind: z.literal('threshold').describe('a metric at or beyond fixed limits'),
    metric: z.enum(METRIC_NAMES).describe('what is judged'),
    above: sideOf('above', 'rise', (a, b) => a < b).optional(),
    below: sideOf('below', 'fall', (a, b) => a > b).optional(),
    holdSeconds: seconds('the value must have been beyond a limit for').default(0),
    clearSeconds: seconds('a level is left after the value has been back for').default(0),
    deadband: z.number().min(0).default(0).describe('how far a value must be back within the limit, in its own unit'),
  })
  .refine(({ above, below }) => above !== undefined || below !== undefined, {
    message: 'give limits under above, below or both',
    path: ['above'],
  });

/** Any metric of a device's channel against fixed limits, above, below or both. */
export const threshold = defineRuleKind({
  schema,
  create: (config) => ({
    id: config.id,
    kind: config.kind,
    latching: config.latching ?? false,
    guidance: config.guidance ?? guidance('数值超出限值。', 'A value is beyond its limit.'),
    silence: 'freeze',
    shared: false,
    subjects: (device, channel) => (selects(config.for, device) ? [channelSubject(device, channel)] : NO_SUBJECTS),
    start: () => UNKNOWN,
    step: (state) => stay(state),
  }),
});
