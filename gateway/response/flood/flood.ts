import { ALERTS, type Alarm, type AlarmEvent, type AlarmEventType } from '../../../rules/alarms/alarm.ts';
import { CALLS_FOR_HELP } from '../../../rules/alarms/policy.ts';
import { SEVERITIES, type Severity } from '../../../rules/rule.ts';
import type { VenueConfig } from '../../config/schema.ts';
import type { Audience } from '../../notifiers/audience.ts';
import type { Course, Decision, GroupMark } from '../decision.ts';
import type { Plan, Plans } from '../plan.ts';
import type { Turn } from '../planner.ts';
import type { Reach } from '../reach.ts';
import type { ChatterWord } from './actors.ts';
import { Groups, type GroupTelling, type GroupView } from './groups.ts';
import { createLoad, isAlarm, type Load } from './load.ts';
import { chatterText, groupText, remarks } from './texts.ts';

export interface FloodOptions {
  readonly config: Pick<VenueConfig, 'flood' | 'people' | 'notifiers'>;
  /** As they are now. */
  ways(): { readonly plans: Plans; readonly reach: Reach };
  readonly nowMs: number;
  /** Alarm events of the last day, in order: what the figures were before a restart. */
  readonly recent?: readonly AlarmEvent[] | undefined;
}

/** What the policy asks about an alarm on its way to people. */
export interface Calm {
  /** Undefined: it does not chatter, or is told all the same. */
  chatterOf(event: AlarmEvent): ChatterWord | undefined;
  /** Undefined: it is told by itself. `isQuiet`: it is counted in what is told of its group. */
  groupOf(event: AlarmEvent, plan: Plan, before: Course | undefined): GroupPlace | undefined;
  leadOf(group: string): string;
  /** Chattering is over after so long; what stands for so long does not chatter. */
  readonly quietMs: number;
  readonly withinMs: number;
}

export interface GroupPlace {
  readonly mark: GroupMark;
  readonly isQuiet: boolean;
}

/** Keeps people able to act when alarms come faster than they can look: counts, puts together, holds what chatters. */
export interface Flood extends Calm {
  /** Each alarm event, before anything is decided of it. */
  note(event: AlarmEvent): void;
  /** The course of an alarm is another now. */
  follow(before: Course | undefined, after: Course | undefined, alarm: Alarm, atMs: number): void;
  /** What was decided: somebody may be told of an alarm for the first time. */
  decided(decision: Decision, alarm: Alarm, plan: Plan): void;
  /** A step was taken: an alarm that is only counted speaks for itself where nobody of its group has come as far. */
  spoken(turn: Turn, courseOf: (alarm: string) => Course | undefined): Turn;
  /** Who is to be told of an alarm in truth, and what besides. */
  audience(alarm: Alarm, course: Course | undefined, all: Audience, nowMs: number): Audience;
  nextDueMs(): number;
  due(nowMs: number): readonly GroupTelling[];
  groups(): readonly GroupView[];
  readonly load: Load;
  readonly counters: Readonly<Record<'grouped' | 'heldChattering', number>>;
}

/**
 * Each of these is about another person who may be in danger. The graver ones are told one by one, as calls for help
 * always are.
 */
const OF_A_PERSON: ReadonlySet<string> = new Set(['tilt', 'stillness', 'missed-check-in']);

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** Red never is, whatever is configured. */
export const isLesser = (
  { kind, severity }: Pick<Alarm, 'kind' | 'severity'>,
  severities: readonly Severity[],
): boolean =>
  severity !== 'red' &&
  severities.includes(severity) &&
  !CALLS_FOR_HELP.has(kind) &&
  !(OF_A_PERSON.has(kind) && rank(severity) >= rank('orange'));

const COMING_AND_GOING: ReadonlySet<AlarmEventType> = new Set([...ALERTS, 'cleared']);

/** From now on it is told by itself. */
export const outspoken = (course: Course): Course => {
  const { quiet: _, ...rest } = course;
  return rest;
};

/** It groups by itself, and takes for over what it does not hear of. */
const GROUPS_ITSELF = 'alertmanager';

export const createFlood = ({ config, ways, nowMs, recent = [] }: FloodOptions): Flood => {
  const { groups: grouping, chatter } = config.flood;
  const quietMs = chatter.quietSeconds * 1000;
  const groups = new Groups(grouping.everySeconds * 1000);
  const selfGrouping = new Set(config.notifiers.filter(({ kind }) => kind === GROUPS_ITSELF).map(({ id }) => id));
  const counters = { grouped: 0, heldChattering: 0 };
  let latest: { readonly event: AlarmEvent; readonly word: ChatterWord | undefined } | undefined;

  /** People and roles that a rung tells. */
  const operators = (plan: Plan, step: number, atMs: number): readonly string[] => {
    const notify = plan.ladder[step]?.notify ?? [];
    const { people, empty } = ways().reach.at(notify, atMs);
    const roles = notify.filter((name) => !Object.hasOwn(config.people, name) && !empty.includes(name));
    return [...new Set([...roles, ...people])];
  };

  const [first] = recent;
  const load = createLoad(config.flood, Math.min(first?.atMs ?? nowMs, nowMs));
  const count = (event: AlarmEvent): ChatterWord | undefined =>
    isAlarm(event) ? load.note(event, operators(ways().plans.of(event.alarm), 0, event.atMs)) : undefined;
  for (const event of recent) count(event);

  return {
    load,
    counters,
    quietMs,
    withinMs: chatter.withinSeconds * 1000,
    note: (event) => {
      latest = { event, word: count(event) };
    },
    chatterOf: (event) => {
      const word = latest?.event === event ? latest.word : undefined;
      // A rise voids any silence.
      if (event.type === 'escalated' || !isLesser(event.alarm, chatter.severities)) return undefined;
      if (word?.word === 'hold') counters.heldChattering += 1;
      return word;
    },
    groupOf: ({ alarm, atMs }, plan, before) => {
      // Where the plan tells nobody there is nothing to put together.
      if (plan.from.length === 0 || !isLesser(alarm, grouping.severities)) return undefined;
      const since = load.floodSinceMs(operators(plan, 0, atMs), atMs);
      if (since === undefined) return undefined;
      const { kind, zone = '', severity } = alarm;
      const key = JSON.stringify([kind, zone, severity, plan.from]);
      const mark = groups.markFor(key, alarm, atMs, since);
      if (before?.group?.id === mark.id) return { mark: before.group, isQuiet: before.quiet === 'group' };
      const isQuiet = mark.nth > 1;
      if (isQuiet) counters.grouped += 1;
      return { mark, isQuiet };
    },
    leadOf: (group) => groups.leadOf(group),
    follow: (before, after, alarm, atMs) => groups.follow(before, after, alarm, atMs),
    decided: ({ type, step = 0, atMs }, { severity }, plan) => {
      if (type === 'escalated' && step > 0) load.joined(operators(plan, step, atMs), severity, atMs);
    },
    spoken: (turn, courseOf) => {
      const { course, tell } = turn;
      if (course?.group === undefined || course.quiet !== 'group' || tell !== 'rung') return turn;
      groups.stir(course.group.id);
      for (const id of groups.loudOf(course.group.id)) if ((courseOf(id)?.next ?? 0) >= course.next) return turn;
      return { ...turn, course: outspoken(course) };
    },
    audience: ({ rule, subject }, course, all, atMs) => {
      if (course?.quiet !== undefined) {
        const channels = new Set([...all.channels].filter((channel) => selfGrouping.has(channel)));
        return { ...all, channels, mutes: course.quiet === 'group' ? ALERTS : COMING_AND_GOING };
      }
      const size = course?.group === undefined ? undefined : groups.sizeOf(course.group.id);
      const isGroup = size !== undefined && size.count > 1;
      const chattering = load.actors.of({ rule, subject }, atMs);
      if (!isGroup && chattering === undefined) return all;
      const remark = remarks(
        all.remark,
        isGroup ? groupText(size) : undefined,
        chattering === undefined ? undefined : chatterText(chattering, atMs, quietMs),
      );
      const group = isGroup && course?.group !== undefined ? { id: course.group.id, ...size } : undefined;
      return { ...all, remark, ...(group === undefined ? {} : { group }) };
    },
    nextDueMs: () => groups.nextDueMs(),
    due: (atMs) => groups.due(atMs),
    groups: () => groups.views(),
  };
};
