import type { Alarm } from '../../rules/alarms/alarm.ts';
import type { Severity, Text } from '../../rules/rule.ts';
import type { VenueConfig } from '../config/schema.ts';
import { lanesOf, type Person } from '../notifiers/audience.ts';
import { wayOf } from '../notifiers/kinds/index.ts';
import { type Gathering, gathering } from './audience.ts';
import type { Course, Decision } from './decision.ts';
import { isLesser } from './flood/flood.ts';
import { followUpOf } from './follow-up.ts';
import { commandText } from './measure-texts.ts';
import type { When } from './order.ts';
import { type Level, type Plan, plansOf } from './plan.ts';
import { createPlanner, nextDueMs } from './planner.ts';
import { reachOf } from './reach.ts';
import { rosterOf } from './roster.ts';

/** Which alarm is rehearsed. */
export interface Rehearsed {
  readonly severity: Severity;
  /** Undefined: one of a rule that the plan says nothing special of. */
  readonly rule: { readonly id: string; readonly kind: string } | undefined;
}

/** One channel that would be told. */
export interface Told {
  readonly channel: string;
  /** `built-in` for the console and MQTT. */
  readonly kind: string;
  readonly address?: string;
  readonly people: readonly { readonly id: string; readonly name: string }[];
  /** Others hear it there: roles as a group. */
  readonly groups: readonly string[];
}

/** What would be decided at a moment, and who would be told. */
export interface Scene {
  readonly afterSeconds: number;
  readonly decisions: readonly Pick<Decision, 'type' | 'reason'>[];
  readonly told: readonly Told[];
}

export interface RehearsedCommand {
  readonly device: string;
  readonly name: Text;
  readonly command: string;
  readonly when: When;
  readonly confirmWithinSeconds: number;
}

export interface RehearsedFollowUp {
  readonly item: string;
  readonly what: Text;
  readonly afterSeconds: number;
  /** When people are reminded of it first. */
  readonly remindAfterSeconds: number;
}

export interface Rehearsal extends Rehearsed {
  /** Entries of the plan that it follows. */
  readonly from: readonly string[];
  readonly level: Level | undefined;
  readonly ackWithinSeconds: number | undefined;
  readonly repeatSeconds: number | undefined;
  readonly freezes: boolean | string;
  readonly releasedBy: string | undefined;
  /** In a flood the others of its kind and zone are told by their number, so often at most; absent: each by itself. */
  readonly inFloodEverySeconds?: number;
  /** What actuators would be told. */
  readonly commands: readonly RehearsedCommand[];
  /** Work that would have to be done, the first deadline first. */
  readonly followUps: readonly RehearsedFollowUp[];
  readonly scenes: readonly Scene[];
}

const BUILT_IN = 'built-in';

const alarmOf = ({ severity, rule }: Rehearsed, atMs: number): Alarm => ({
  id: 'rehearsal',
  rule: rule?.id ?? '',
  kind: rule?.kind ?? '',
  subject: 'rehearsal',
  severity,
  condition: 'active',
  human: 'unacknowledged',
  raisedAt: new Date(atMs).toISOString(),
  changedAt: new Date(atMs).toISOString(),
  reason: { code: 'rehearsal', zh: '演练', en: 'rehearsal' },
  guidance: { zh: '演练', en: 'rehearsal' },
});

const named = ({ id, name }: Pick<Person, 'id' | 'name'>) => ({ id, name });

const toldBy = ({ notifiers }: VenueConfig, channel: string, audience: Gathering): readonly Told[] => {
  const { groups } = audience;
  const notifier = notifiers.find(({ id }) => id === channel);
  if (notifier === undefined) return [{ channel, kind: BUILT_IN, people: audience.people.map(named), groups }];
  const { kind } = notifier;
  return lanesOf(channel, wayOf(notifier).byPerson, audience).map(
    ({ address, recipients }): Told => ({
      channel,
      kind,
      ...(address === '' ? {} : { address }),
      people: recipients.map(named),
      groups: address === '' ? groups : [],
    }),
  );
};

const commandsOf = ({ commands }: Plan, name: (id: string) => Text): readonly RehearsedCommand[] =>
  commands.map((planned) => {
    const { device, when, confirmWithinSeconds } = planned;
    return { device, name: name(device), command: commandText(planned), when, confirmWithinSeconds };
  });

const followUpsOf = ({ followUp }: Plan, alarm: Alarm, atMs: number): readonly RehearsedFollowUp[] =>
  followUp
    .map((planned) => followUpOf(alarm, planned, atMs))
    .toSorted((a, b) => a.dueMs - b.dueMs)
    .map(({ item, what, dueMs, leadMs }) => ({
      item,
      what,
      afterSeconds: (dueMs - atMs) / 1000,
      remindAfterSeconds: (dueMs - leadMs - atMs) / 1000,
    }));

/** Whom an alarm raised at that moment would reach if nobody acknowledged it: the plan itself, by the same planner. */
export const rehearse = (
  config: VenueConfig,
  name: (id: string) => Text,
  rehearsed: Rehearsed,
  atMs: number,
): Rehearsal => {
  const plans = plansOf(config);
  const reach = reachOf(config, rosterOf(config));
  const planner = createPlanner({ plans, reach, name });
  const alarm = alarmOf(rehearsed, atMs);
  const plan: Plan = plans.of(alarm);
  const scenes: Scene[] = [];

  const scene = (course: Course, nowMs: number, decisions: readonly Decision[], tells: boolean): void => {
    const all = gathering(config, reach, course, plan, nowMs, true);
    const told = tells ? course.channels.flatMap((channel) => toldBy(config, channel, all)) : [];
    const said = decisions.map(({ type, reason }) => ({ type, reason }));
    scenes.push({ afterSeconds: (nowMs - atMs) / 1000, decisions: said, told });
  };

  const begun = planner.take(undefined, { type: 'raised', atMs, alarm });
  let { course } = begun;
  if (course !== undefined) scene(course, atMs, begun.decisions, true);
  while (course !== undefined && nextDueMs(course) !== Infinity) {
    const nowMs = nextDueMs(course);
    const turn = planner.wake(course, alarm, nowMs);
    course = turn.course;
    if (course !== undefined) scene(course, nowMs, turn.decisions, turn.tell === 'rung');
  }
  return {
    ...rehearsed,
    from: plan.from.map((path) => path.join('.')),
    level: plan.level,
    ackWithinSeconds: plan.ackWithinMs === undefined ? undefined : plan.ackWithinMs / 1000,
    repeatSeconds: plan.repeatMs === undefined ? undefined : plan.repeatMs / 1000,
    freezes: plan.freezes,
    releasedBy: plan.releasedBy,
    commands: commandsOf(plan, name),
    followUps: followUpsOf(plan, alarm, atMs),
    ...(isLesser(alarm, config.flood.groups.severities) && plan.from.length > 0
      ? { inFloodEverySeconds: config.flood.groups.everySeconds }
      : {}),
    scenes,
  };
};
