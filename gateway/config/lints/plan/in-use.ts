import { SEVERITIES, type Severity } from '../../../../rules/rule.ts';
import { type Plan, plansOf } from '../../../response/plan.ts';
import type { LintContext } from '../lint.ts';
import { severitiesOf } from './severity-unnotified.ts';

/** A plan as it is carried out, and the rules whose alarms it is for. */
export interface PlanInUse {
  readonly plan: Plan;
  readonly severity: Severity;
  readonly rules: readonly string[];
}

/** One for each way that an alarm of the configured rules can go. */
export const plansInUse = ({ config, rules }: LintContext): readonly PlanInUse[] => {
  const plans = plansOf(config);
  const found = new Map<string, { plan: Plan; severity: Severity; rules: string[] }>();
  const add = (plan: Plan, severity: Severity, named: readonly string[]): void => {
    const key = JSON.stringify([severity, plan.from]);
    const entry = found.get(key) ?? { plan, severity, rules: [] };
    entry.rules.push(...named);
    found.set(key, entry);
  };
  for (const severity of SEVERITIES) {
    if (config.plan[severity] !== undefined) add(plans.of({ rule: '', kind: '', severity }), severity, []);
    for (const { config: rule } of rules) {
      if (!severitiesOf(rule).includes(severity)) continue;
      add(plans.of({ rule: rule.id, kind: rule.kind, severity }), severity, [rule.id]);
    }
  }
  return [...found.values()];
};

/** Where to put it right: at the entry that goes first. */
export const placeOf = ({ plan, severity }: PlanInUse, ...rest: readonly string[]): readonly string[] => [
  ...(plan.from[0] ?? ['plan', severity]),
  ...rest,
];
