import type { DeedResult, Lift } from '../../rules/alarms/action.ts';
import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Text } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';
import { type Decision, type Frozen, freezeKey, type ResponseEntry } from './decision.ts';
import type { Plan } from './plan.ts';
import { frozenReason, liftedReason } from './texts.ts';

export interface FreezesOptions {
  readonly config: Pick<VenueConfig, 'plan' | 'people'>;
  readonly kept: readonly Frozen[];
  /** What people call a zone, a device, a role. */
  name(id: string): Text;
  keep(entry: ResponseEntry): void;
  onDecision(decision: Decision): void;
}

/**
 * Operations that stand still, once for each role that is to lift them. What is frozen stays so, whatever becomes of the
 * alarm, until a person of that role lifts it.
 */
export interface Freezes {
  freeze(alarm: Alarm, plan: Plan, atMs: number): void;
  lift(asked: Lift): DeedResult;
  all(): readonly Frozen[];
}

/** The place stands for all work there. */
const operationOf = ({ config, name }: FreezesOptions, { zone, subject }: Alarm, freezes: string | true) => {
  if (freezes === true) return { operation: `at:${zone ?? subject}`, called: name(zone ?? subject) };
  const named = Object.hasOwn(config.plan.operations, freezes) ? config.plan.operations[freezes]?.name : undefined;
  return { operation: freezes, called: named ?? { zh: freezes, en: freezes } };
};

export const createFreezes = (options: FreezesOptions): Freezes => {
  const { config, name, keep, onDecision } = options;
  const frozen = new Map(options.kept.map((each) => [freezeKey(each), each]));

  /** By the name under which somebody has logged in. */
  const mayLift = ({ releasedBy }: Frozen, { by, isEngineer }: Lift): boolean => {
    if (releasedBy === undefined) return isEngineer;
    return Object.entries(config.people).some(
      ([id, { user = id, roles }]) => user === by && roles.includes(releasedBy),
    );
  };

  const decide = (each: Frozen, decision: Pick<Decision, 'type' | 'reason' | 'by' | 'atMs'>): void =>
    onDecision({ ...decision, alarm: each.alarm });

  return {
    freeze: (alarm, { freezes, releasedBy }, atMs) => {
      if (freezes === false) return;
      const { operation, called } = operationOf(options, alarm, freezes);
      // What another role is to lift stands still for that role too.
      if (frozen.has(freezeKey({ operation, releasedBy }))) return;
      const role = releasedBy === undefined ? undefined : name(releasedBy);
      const { code: _, ...reason } = frozenReason(called, role);
      const { id, kind, subject } = alarm;
      const made: Frozen = {
        operation,
        name: called,
        alarm: id,
        kind,
        subject,
        sinceMs: atMs,
        reason: { zh: `${alarm.reason.zh}。${reason.zh}`, en: `${alarm.reason.en}. ${reason.en}` },
        ...(releasedBy === undefined ? {} : { releasedBy }),
      };
      frozen.set(freezeKey(made), made);
      keep({ type: 'frozen', atMs, frozen: made });
      decide(made, { type: 'frozen', atMs, reason: frozenReason(called, role) });
    },
    lift: (asked) => {
      const { operation, by, atMs, comment } = asked;
      const standing = [...frozen.values()].filter((each) => each.operation === operation);
      if (standing.length === 0) return { ok: false, reason: 'not-frozen' };
      const theirs = standing.filter((each) => mayLift(each, asked));
      if (theirs.length === 0) return { ok: false, reason: 'not-yours' };
      for (const each of theirs) {
        frozen.delete(freezeKey(each));
        keep({ type: 'lifted', atMs, frozen: each });
        decide(each, { type: 'lifted', atMs, by, reason: liftedReason(each.name, by, comment) });
      }
      return { ok: true };
    },
    all: () => [...frozen.values()],
  };
};
