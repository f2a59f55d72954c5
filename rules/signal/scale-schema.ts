import { z } from 'zod';
import type { Level } from '../levels.ts';
import { SEVERITIES, type Severity } from '../rule.ts';

const bySeverity = (limit: z.ZodNumber) =>
  z.strictObject({
    blue: limit.optional(),
    yellow: limit.optional(),
    orange: limit.optional(),
    red: limit.optional(),
  });

/** Limits by severity, any of them; at least one. */
export type Limits = z.output<ReturnType<typeof bySeverity>>;

export const limitsIn = (limits: Limits): readonly number[] =>
  SEVERITIES.map((severity) => limits[severity]).filter((limit) => limit !== undefined);

export const severitiesIn = (limits: Limits | undefined): readonly Severity[] =>
  SEVERITIES.filter((severity) => limits?.[severity] !== undefined);

const inOrder = (limits: readonly number[], before: (a: number, b: number) => boolean): boolean =>
  limits.every((limit, index) => index === 0 || before(limits[index - 1] ?? limit, limit));

const ordered = (limit: z.ZodNumber, order: string, before: (a: number, b: number) => boolean) =>
  bySeverity(limit)
    .refine((limits) => limitsIn(limits).length > 0, 'give at least one of blue, yellow, orange, red')
    .refine((limits) => inOrder(limitsIn(limits), before), `the limits must ${order}: ${SEVERITIES.join(', ')}`);

/** Limits that a value reaches from below: the graver, the higher. */
export const risingLimits = (limit: z.ZodNumber) => ordered(limit, 'rise', (a, b) => a < b);

/** Limits that a value reaches from above: the graver, the lower. */
export const fallingLimits = (limit: z.ZodNumber) => ordered(limit, 'fall', (a, b) => a > b);

/** The levels of a scale, mild to severe, all with the same on-delay. */
export const levelsOf = (limits: Limits | undefined, holdMs: number, confirmed?: true): readonly Level[] =>
  severitiesIn(limits).map((severity) => ({
    severity,
    limit: limits?.[severity] ?? Number.NaN,
    holdMs,
    ...(confirmed === undefined ? {} : { confirmed }),
  }));
