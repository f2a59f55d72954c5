import type { Alarm } from '../../../rules/alarms/alarm.ts';
import { SEVERITIES, type Severity } from '../../../rules/rule.ts';

export interface ChatterLimits {
  /** So many within `withinMs` are chattering: ISA-18.2 has three within a minute. */
  readonly alarms: number;
  readonly withinMs: number;
  /** Over, once it was quiet for so long. */
  readonly quietMs: number;
  /** Told again while it goes on. */
  readonly againMs: number;
}

/** A rule and a subject that chatter. */
export interface Chatter {
  readonly rule: string;
  readonly kind: string;
  readonly subject: string;
  readonly severity: Severity;
  readonly sinceMs: number;
  readonly lastMs: number;
  /** Alarms since then, those that made it chatter among them. */
  readonly count: number;
}

/** What an alarm is that has just come: `say` people have to hear that it chatters, `hold` they have. */
export type ChatterWord = { readonly word: 'say' | 'hold'; readonly chatter: Chatter };

/** A rule and a subject, and how many alarms they made within a day. */
export interface BadActor extends Pick<Chatter, 'rule' | 'kind' | 'subject' | 'severity' | 'lastMs'> {
  readonly count: number;
}

/** As many rules and subjects at once; of more, the one that was quiet for longest is forgotten. */
export const ACTORS_MAX = 2_000;

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;

interface Actor {
  rule: string;
  kind: string;
  subject: string;
  severity: Severity;
  /** Of the last alarms, the oldest first; at most as many as make chattering. */
  readonly timesMs: number[];
  readonly hours: Uint32Array;
  hour: number;
  lastMs: number;
  chatter: { sinceMs: number; count: number; saidMs: number; saidSeverity: Severity } | undefined;
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
const keyOf = ({ rule, subject }: Pick<Alarm, 'rule' | 'subject'>): string => `${rule}\n${subject}`;

/** Who makes the alarms: what chatters, and what makes the most of a day. Bounded. */
export class Actors {
  readonly #limits: ChatterLimits;
  readonly #max: number;
  /** The one that was quiet for longest first. */
  readonly #actors = new Map<string, Actor>();
  /** Actors that there was no room for any more. */
  forgotten = 0;

  constructor(limits: ChatterLimits, max = ACTORS_MAX) {
    this.#limits = limits;
    this.#max = max;
  }

  get size(): number {
    return this.#actors.size;
  }

  /** Undefined: it does not chatter. */
  note(alarm: Alarm, atMs: number): ChatterWord | undefined {
    const { alarms, withinMs, quietMs } = this.#limits;
    const actor = this.#take(alarm, atMs);
    const { timesMs } = actor;
    const isQuiet = atMs - actor.lastMs >= quietMs;
    timesMs.push(atMs);
    if (timesMs.length > alarms) timesMs.shift();
    actor.lastMs = Math.max(actor.lastMs, atMs);
    actor.severity = alarm.severity;
    this.#count(actor, atMs);
    if (actor.chatter !== undefined && !isQuiet) return this.#goesOn(actor, atMs);
    actor.chatter = undefined;
    const [first = 0] = timesMs;
    if (timesMs.length < alarms || atMs - first >= withinMs) return undefined;
    actor.chatter = { sinceMs: first, count: alarms, saidMs: atMs, saidSeverity: alarm.severity };
    return this.#word('say', actor, actor.chatter);
  }

  #goesOn(actor: Actor, atMs: number): ChatterWord | undefined {
    const { chatter } = actor;
    if (chatter === undefined) return undefined;
    chatter.count += 1;
    const isGraver = rank(actor.severity) > rank(chatter.saidSeverity);
    if (!isGraver && atMs - chatter.saidMs < this.#limits.againMs) return this.#word('hold', actor, chatter);
    chatter.saidMs = atMs;
    chatter.saidSeverity = actor.severity;
    return this.#word('say', actor, chatter);
  }

  #word(word: 'say' | 'hold', actor: Actor, chatter: NonNullable<Actor['chatter']>): ChatterWord {
    return { word, chatter: shown(actor, chatter) };
  }

  of(alarm: Pick<Alarm, 'rule' | 'subject'>, nowMs: number): Chatter | undefined {
    const actor = this.#actors.get(keyOf(alarm));
    return actor?.chatter === undefined || nowMs - actor.lastMs >= this.#limits.quietMs
      ? undefined
      : shown(actor, actor.chatter);
  }

  /** What chatters now, what was loud last first. */
  chattering(nowMs: number): readonly Chatter[] {
    const all = [...this.#actors.values()].flatMap((actor) => this.of(actor, nowMs) ?? []);
    return all.toSorted((a, b) => b.lastMs - a.lastMs);
  }

  /** Those with the most alarms within 24 hours (of whole hours of UTC, the one that runs among them). */
  worst(nowMs: number, most: number): readonly BadActor[] {
    const hour = Math.floor(nowMs / HOUR_MS);
    const all = [...this.#actors.values()].flatMap((actor): readonly BadActor[] => {
      const { rule, kind, subject, severity, lastMs } = actor;
      const count = ofDay(actor, hour);
      return count === 0 ? [] : [{ rule, kind, subject, severity, lastMs, count }];
    });
    return all.toSorted((a, b) => b.count - a.count || b.lastMs - a.lastMs).slice(0, most);
  }

  #take({ rule, kind, subject, severity }: Alarm, atMs: number): Actor {
    const key = keyOf({ rule, subject });
    const known = this.#actors.get(key);
    if (known !== undefined) this.#actors.delete(key);
    const actor = known ?? {
      rule,
      kind,
      subject,
      severity,
      timesMs: [],
      hours: new Uint32Array(DAY_HOURS),
      hour: Math.floor(atMs / HOUR_MS),
      lastMs: atMs,
      chatter: undefined,
    };
    this.#actors.set(key, actor);
    if (this.#actors.size > this.#max) {
      const [oldest] = this.#actors.keys();
      if (oldest !== undefined) this.#actors.delete(oldest);
      this.forgotten += 1;
    }
    return actor;
  }

  #count(actor: Actor, atMs: number): void {
    const hour = Math.max(actor.hour, Math.floor(atMs / HOUR_MS));
    for (let passed = Math.min(hour - actor.hour, DAY_HOURS); passed > 0; passed -= 1)
      actor.hours[(hour - passed + 1) % DAY_HOURS] = 0;
    actor.hour = hour;
    actor.hours[hour % DAY_HOURS] = (actor.hours[hour % DAY_HOURS] ?? 0) + 1;
  }
}

const ofDay = ({ hours, hour }: Actor, now: number): number => {
  let count = 0;
  for (let back = 0; back < DAY_HOURS && hour - back > now - DAY_HOURS; back += 1)
    count += hours[(((hour - back) % DAY_HOURS) + DAY_HOURS) % DAY_HOURS] ?? 0;
  return count;
};

const shown = (actor: Actor, { sinceMs, count }: NonNullable<Actor['chatter']>): Chatter => {
  const { rule, kind, subject, severity, lastMs } = actor;
  return { rule, kind, subject, severity, sinceMs, lastMs, count };
};
