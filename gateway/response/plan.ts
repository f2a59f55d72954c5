import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Severity } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { LEVELS } from '../config/sections/plan.ts';

export type Level = (typeof LEVELS)[number];

type Response = NonNullable<VenueConfig['plan'][Severity]>;
type Override = NonNullable<VenueConfig['plan']['rules'][string]['all']>;

/** One rung of the ladder; the first, at 0, is what people are told when an alarm is raised. */
export interface Rung {
  readonly afterMs: number;
  /** Roles and people. */
  readonly notify: readonly string[];
  readonly channels: readonly string[];
}

/** What is done about an alarm of one rule and severity. */
export interface Plan {
  readonly severity: Severity;
  /** Entries of `plan` that it comes from, the one that goes first at the front; empty: nobody has planned for it. */
  readonly from: readonly (readonly string[])[];
  readonly ladder: readonly Rung[];
  readonly ackWithinMs: number | undefined;
  readonly repeatMs: number | undefined;
  readonly level: Level | undefined;
  readonly freezes: boolean | string;
  readonly releasedBy: string | undefined;
  readonly commands: Response['commands'];
  readonly followUp: Response['followUp'];
}

/** The plan of each alarm that can be raised. */
export interface Plans {
  of(alarm: Pick<Alarm, 'rule' | 'kind' | 'severity'>): Plan;
}

/** A red alarm is told again also where the plan does not say after how long. */
const RED_REPEAT_SECONDS = 60;

const UNPLANNED: Response = {
  notify: [],
  channels: [],
  escalate: [],
  commands: [],
  freezes: false,
  followUp: [],
};

const msOf = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000);

/** Field by field: what an entry does not say, the next one says. */
const merged = (base: Response, overrides: readonly Override[]): Response => {
  let all = base;
  for (const override of overrides.toReversed()) {
    const said = Object.entries(override).filter(([, value]) => value !== undefined);
    all = { ...all, ...Object.fromEntries(said) };
  }
  return all;
};

const made = (severity: Severity, from: Plan['from'], response: Response): Plan => {
  const { notify, channels, escalate, ackWithinSeconds, repeatSeconds, level, releasedBy } = response;
  const rungs = escalate.map(({ afterSeconds, ...rest }) => ({ afterMs: afterSeconds * 1000, ...rest }));
  return {
    severity,
    from,
    ladder: [{ afterMs: 0, notify, channels }, ...rungs.toSorted((a, b) => a.afterMs - b.afterMs)],
    ackWithinMs: msOf(ackWithinSeconds),
    repeatMs: msOf(repeatSeconds ?? (severity === 'red' ? RED_REPEAT_SECONDS : undefined)),
    level,
    freezes: response.freezes,
    releasedBy,
    commands: response.commands,
    followUp: response.followUp,
  };
};

/**
 * Whose word counts, the first first: the rule's for this severity, the rule's for all, the kind's for this severity, the
 * kind's for all, the severity's.
 */
export const plansOf = ({ plan }: Pick<VenueConfig, 'plan'>): Plans => {
  const known = new Map<string, Plan>();
  const find = (rule: string, kind: string, severity: Severity): Plan => {
    const ofRule = Object.hasOwn(plan.rules, rule) ? plan.rules[rule] : undefined;
    const ofKind = Object.hasOwn(plan.kinds, kind) ? plan.kinds[kind] : undefined;
    const entries = [
      [['plan', 'rules', rule, severity], ofRule?.[severity]],
      [['plan', 'rules', rule, 'all'], ofRule?.all],
      [['plan', 'kinds', kind, severity], ofKind?.[severity]],
      [['plan', 'kinds', kind, 'all'], ofKind?.all],
    ] as const;
    const overrides = entries.flatMap(([path, override]) => (override === undefined ? [] : [{ path, override }]));
    const base = plan[severity];
    const from = [...overrides.map(({ path }) => path), ...(base === undefined ? [] : [['plan', severity]])];
    const response = merged(
      base ?? UNPLANNED,
      overrides.map(({ override }) => override),
    );
    return made(severity, from, response);
  };
  return {
    of: ({ rule, kind, severity }) => {
      const key = `${rule}\n${kind}\n${severity}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const plan = find(rule, kind, severity);
      known.set(key, plan);
      return plan;
    },
  };
};
