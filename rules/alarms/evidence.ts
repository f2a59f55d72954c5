import type { Input, Rule, RuleState } from '../rule.ts';

/** What a rule had before it when it said something: by reference, for states and inputs never change. */
export interface Grounds {
  readonly before: RuleState;
  readonly after: RuleState;
  /** Undefined: nothing came in; its device was silent, or it failed. */
  readonly input?: Input | undefined;
}

/** The same as plain JSON of a bounded size, to be kept with an alarm event. */
export interface Evidence {
  /** The rule as it was configured, with all defaults. */
  readonly parameters: unknown;
  readonly before: unknown;
  readonly after: unknown;
  readonly input?: unknown;
}

/** Long lists (the identities of 256 presses, a window of readings) explain nothing to people: their ends do. */
const LIST_MAX = 8;
const DEPTH_MAX = 8;
const FIELDS_MAX = 64;

/** A value as JSON would have it, cut down where it is long or deep. */
const brief = (value: unknown, depth = 0): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MAX) return '…';
  if (Array.isArray(value)) {
    const end = value.slice(-LIST_MAX).map((each) => brief(each, depth + 1));
    return value.length > LIST_MAX ? [`… ${value.length - LIST_MAX} more`, ...end] : end;
  }
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.slice(0, FIELDS_MAX).map(([name, field]) => [name, brief(field, depth + 1)]));
};

export const evidenceOf = (rule: Rule, grounds: Grounds | undefined): Evidence | undefined =>
  grounds === undefined
    ? undefined
    : {
        parameters: brief(rule.parameters ?? {}),
        before: brief(grounds.before),
        after: brief(grounds.after),
        ...(grounds.input === undefined ? {} : { input: brief(grounds.input) }),
      };
