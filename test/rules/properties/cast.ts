import type { Phase } from '../../../rules/rule.ts';
import { rule } from '../stage.ts';
import type { Script } from './act.ts';
import type { Company } from './play.ts';

/** A kind of rule, whom it watches, and what happens to them. */
export interface Cast extends Script, Company {
  /** What the kind never says. */
  readonly never: readonly Phase[];
  /** An alarm of it may become unknown. */
  readonly isLost: boolean;
}

export const castOf = (
  of: Company,
  script: Script,
  never: readonly Phase[] = [],
  isLost = !never.some((phase) => phase === 'unknown'),
): Cast => ({ ...of, ...script, never, isLost });

export const company = (config: Record<string, unknown>, venue: Company['venue']): Company => ({
  venue,
  rules: [rule({ id: 'rule', ...config }, venue)],
});
