import { z } from 'zod';

const plain = <Name extends string>(name: Name) => z.strictObject({ do: z.literal(name) });

/** What a wearer does. A change of posture is reported at once, as an orientation interrupt would. */
export const badgeEvent = z.discriminatedUnion('do', [
  plain('walk'),
  plain('stand'),
  plain('sit'),
  plain('lean'),
  plain('bend'),
  plain('lie'),
  z.strictObject({ do: z.literal('fall'), impactG: z.number().min(1).max(16).default(3.2) }),
  z.strictObject({
    do: z.literal('still'),
    posture: z.enum(['upright', 'leaning', 'sitting', 'bending', 'lying']).optional(),
    tremorG: z.number().min(0).max(0.5).optional(),
  }),
  plain('sos'),
  /** The SOS button let go: the same name with `false`, which is no call for help. */
  plain('release'),
  plain('cancel'),
  plain('checkin'),
  plain('charge'),
  plain('uncharge'),
  plain('off-duty'),
  plain('on-duty'),
]);

export type BadgeEvent = z.output<typeof badgeEvent>;
