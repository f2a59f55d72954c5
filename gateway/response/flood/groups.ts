import type { Alarm } from '../../../rules/alarms/alarm.ts';
import type { Severity } from '../../../rules/rule.ts';
import type { Course, GroupMark } from '../decision.ts';
import type { GroupSize } from './texts.ts';

/** Alarms that are told of together. */
export interface GroupView extends GroupSize {
  readonly id: string;
  readonly kind: string;
  readonly zone: string | undefined;
  readonly severity: Severity;
  readonly sinceMs: number;
  readonly toldMs: number;
  /** Open alarms, by id. */
  readonly alarms: readonly string[];
  /** Those of them that were told by themselves, and speak for the others. */
  readonly told: readonly string[];
}

/** A group has to be told of: through an alarm that was told by itself, or one that is from now on. */
export interface GroupTelling extends GroupSize {
  readonly alarm: string;
}

interface Group {
  readonly id: string;
  readonly mark: Pick<GroupMark, 'key' | 'sinceMs'>;
  readonly about: Pick<Alarm, 'kind' | 'zone' | 'severity'>;
  count: number;
  toldCount: number;
  toldMs: number;
  /** Something else has happened that people have to hear of. */
  isStirred: boolean;
  readonly members: Set<string>;
  /** Of the members whose time to be acknowledged runs: told by themselves, or only counted. */
  readonly loud: Set<string>;
  readonly quiet: Set<string>;
}

const idOf = ({ kind, zone = '', severity }: Pick<Alarm, 'kind' | 'zone' | 'severity'>, sinceMs: number): string =>
  `${kind}.${zone}.${severity}.${Math.round(sinceMs).toString(36)}`;

/** Groups of a flood: as many as there are kinds and zones with open alarms, at most. */
export class Groups {
  readonly #everyMs: number;
  readonly #groups = new Map<string, Group>();
  /**
   * The one that takes new alarms, by key; also when it is empty: where alarms come and go one after the other, each would
   * else be the first of a group.
   */
  readonly #open = new Map<string, Group>();

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  get size(): number {
    return this.#groups.size;
  }

  /** Where an alarm of this key goes in a flood that began then; a new group's first is told by itself. */
  markFor(key: string, alarm: Alarm, atMs: number, floodSinceMs: number): GroupMark {
    const open = this.#open.get(key);
    const isOver = open?.members.size === 0 && atMs - open.toldMs >= this.#everyMs;
    if (open !== undefined && !isOver && open.mark.sinceMs >= floodSinceMs)
      return { id: open.id, key, sinceMs: open.mark.sinceMs, nth: open.count + 1 };
    return { id: idOf(alarm, atMs), key, sinceMs: atMs, nth: 1 };
  }

  /** The one that was told by itself and whose group it is; '' where there is none just now. */
  leadOf(id: string): string {
    const [lead = ''] = this.#groups.get(id)?.loud ?? [];
    return lead;
  }

  loudOf(id: string): Iterable<string> {
    return this.#groups.get(id)?.loud ?? [];
  }

  sizeOf(id: string): GroupSize {
    const group = this.#groups.get(id);
    return { count: group?.count ?? 0, waiting: (group?.loud.size ?? 0) + (group?.quiet.size ?? 0) };
  }

  /** How far the response to an alarm is now. */
  follow(before: Course | undefined, after: Course | undefined, alarm: Alarm, atMs: number): void {
    if (before?.group !== undefined && before.group.id !== after?.group?.id) this.#leave(before.group.id, alarm.id);
    if (after?.group === undefined) return;
    const group = this.#of(after.group, alarm, atMs);
    const { id } = alarm;
    group.members.add(id);
    group.count = Math.max(group.count, after.group.nth);
    const isQuiet = after.quiet === 'group';
    const isRunning = after.phase === 'running';
    put(group.loud, id, isRunning && !isQuiet);
    put(group.quiet, id, isRunning && isQuiet);
    if (isQuiet && before !== undefined && before.sinceMs !== after.sinceMs) group.isStirred = true;
  }

  /** One of it that is only counted has waited for too long. */
  stir(id: string): void {
    const group = this.#groups.get(id);
    if (group !== undefined) group.isStirred = true;
  }

  nextDueMs(): number {
    let next = Infinity;
    for (const group of this.#groups.values()) next = Math.min(next, this.#dueMs(group));
    return next;
  }

  /** What has to be told now; taken as told. */
  due(nowMs: number): readonly GroupTelling[] {
    return [...this.#groups.values()].flatMap((group) => {
      const [alarm] = group.loud.size > 0 ? group.loud : group.quiet;
      if (this.#dueMs(group) > nowMs || alarm === undefined) return [];
      group.toldMs = nowMs;
      group.toldCount = group.count;
      group.isStirred = false;
      return [{ alarm, ...this.sizeOf(group.id) }];
    });
  }

  views(): readonly GroupView[] {
    return [...this.#groups.values()].map((group): GroupView => {
      const { kind, zone, severity } = group.about;
      const { id, toldMs, mark, members, loud } = group;
      const lists = { alarms: [...members], told: [...loud] };
      return { id, kind, zone, severity, sinceMs: mark.sinceMs, toldMs, ...lists, ...this.sizeOf(id) };
    });
  }

  /** Nothing is due of what people are told anyhow: where all wait for themselves, or nobody waits. */
  #dueMs(group: Group): number {
    const { quiet, loud, count, toldCount, toldMs, isStirred } = group;
    if (quiet.size === 0) return Infinity;
    return count > toldCount || loud.size === 0 || isStirred ? toldMs + this.#everyMs : Infinity;
  }

  #of({ id, key, sinceMs }: GroupMark, alarm: Alarm, atMs: number): Group {
    const open = this.#open.get(key);
    const known = this.#groups.get(id) ?? (open?.id === id ? open : undefined);
    if (known !== undefined) {
      this.#groups.set(id, known);
      return known;
    }
    const { kind, zone, severity } = alarm;
    const group: Group = {
      id,
      mark: { key, sinceMs },
      about: { kind, severity, ...(zone === undefined ? {} : { zone }) },
      count: 1,
      toldCount: 1,
      toldMs: atMs,
      isStirred: false,
      members: new Set(),
      loud: new Set(),
      quiet: new Set(),
    };
    this.#groups.set(id, group);
    if (open === undefined || open.mark.sinceMs <= sinceMs) this.#open.set(key, group);
    return group;
  }

  #leave(id: string, alarm: string): void {
    const group = this.#groups.get(id);
    if (group === undefined) return;
    for (const set of [group.members, group.loud, group.quiet]) set.delete(alarm);
    if (group.members.size === 0) this.#groups.delete(id);
  }
}

const put = (set: Set<string>, id: string, isIn: boolean): void => {
  if (isIn) set.add(id);
  else set.delete(id);
};
