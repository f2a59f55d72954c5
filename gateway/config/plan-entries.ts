import { SEVERITIES, type Severity } from '../../rules/rule.ts';
import type { VenueConfig } from './schema.ts';

type Plan = VenueConfig['plan'];

/** What the plan says at one place; what is not said there is undefined. */
export type PlanEntry = NonNullable<Plan[Severity]> | NonNullable<Plan['rules'][string]['all']>;

/** Every place at which the plan says something. */
export const planEntries = ({
  plan,
}: Pick<VenueConfig, 'plan'>): readonly (readonly [readonly string[], PlanEntry])[] => {
  const entries: (readonly [readonly string[], PlanEntry | undefined])[] = [];
  for (const severity of SEVERITIES) entries.push([['plan', severity], plan[severity]]);
  for (const section of ['rules', 'kinds'] as const) {
    for (const [id, said] of Object.entries(plan[section])) {
      for (const key of ['all', ...SEVERITIES] as const) entries.push([['plan', section, id, key], said[key]]);
    }
  }
  return entries.flatMap(([path, entry]) => (entry === undefined ? [] : [[path, entry] as const]));
};
