import type { ConditionVerdict } from '../engine.ts';
import { type Condition, SEVERITIES, type Severity } from '../rule.ts';
import { reasonText } from '../texts/reasons.ts';
import {
  ALERTS,
  type Alarm,
  type AlarmEvent,
  type AlarmHuman,
  type AwayNote,
  alarmId,
  type Remark,
  type Shelved,
} from './alarm.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import type { LifeEvent, Move, Standing } from './table.ts';

export const iso = (ms: number): string => new Date(Math.round(ms)).toISOString();

export const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

/** What of a condition an alarm shows; undefined fields stay out of the JSON. */
const shown = (condition: Condition): Pick<Alarm, 'reason' | 'value' | 'unit' | 'limit' | 'lateBySeconds'> => ({
  reason: { code: condition.reason.code, ...reasonText(condition.reason) },
  ...(condition.value === undefined ? {} : { value: condition.value }),
  ...(condition.unit === undefined ? {} : { unit: condition.unit }),
  ...(condition.limit === undefined ? {} : { limit: condition.limit }),
  ...(condition.lateBySeconds === undefined ? {} : { lateBySeconds: condition.lateBySeconds }),
});

/** What happens to an alarm: a row of the table, with its circumstances. */
export interface Happening {
  readonly event: LifeEvent;
  readonly atMs: number;
  readonly by?: string | undefined;
  readonly comment?: string | undefined;
  /** How a rule came to say so; asked for only where something is told. */
  readonly evidence?: () => Evidence | undefined;
  /** What else of the alarm is another now. */
  readonly change?: Partial<Alarm>;
  readonly shelved?: Shelved;
  /** Of `assign`; undefined: nobody any more. */
  readonly assignedTo?: string | undefined;
}

/** What holds an alarm back that would else be told now. */
export type Hold =
  | { readonly human: 'out-of-service'; readonly note: AwayNote }
  | { readonly human: 'suppressed'; readonly by: string };

/** What the outside knows of an alarm: asked only where it matters. */
export interface Surroundings {
  /** Why this alarm, as it would be, is told to nobody. */
  holdOf(alarm: Alarm): Hold | undefined;
  readonly realarmMs: number | undefined;
}

/** What nobody judges any more, or judges anew: no rule will ever say that it is over, so that a person has to. */
const ABANDONED: ReadonlySet<string> = new Set(['no-longer-judged', 'rule-changed']);

export const isAbandoned = ({ condition, reason }: Alarm): boolean =>
  condition === 'unknown' && ABANDONED.has(reason.code);

/** Which row of the table it is that a rule speaks. */
export const spokenEvent = (alarm: Alarm | undefined, { phase, severity, again }: Condition): LifeEvent => {
  if (phase !== 'active') return phase;
  if (alarm !== undefined && severity !== undefined && rank(severity) > rank(alarm.severity)) return 'rise';
  return again === true ? 'again' : 'active';
};

/** Whether people have not heard what a rule says: it was judged again in silence. */
export const isNews = (alarm: Alarm | undefined, condition: Condition): boolean => {
  switch (condition.phase) {
    case 'active':
      if (alarm === undefined || alarm.condition === 'cleared' || spokenEvent(alarm, condition) === 'rise') return true;
      // Less grave is news too: a later rise has to call people again.
      return alarm.condition === 'active' && condition.severity !== alarm.severity;
    case 'normal':
      return alarm?.condition === 'active';
    case 'pending':
      // A wearer who was being asked is asked again: their badge may have missed it.
      return condition.preAlarmUntilMs !== undefined;
    case 'unknown':
      return false;
  }
};

/** A late sample is judged by its own stamp; all the same nothing happens to an alarm before what happened to it last. */
export const inOrder = (alarm: Alarm, happening: Happening): Happening => {
  const changedMs = Date.parse(alarm.changedAt);
  return happening.atMs < changedMs ? { ...happening, atMs: changedMs } : happening;
};

/** What a rule says, as it happens to the alarm. */
export const spoken = (alarm: Alarm | undefined, verdict: ConditionVerdict): Happening => {
  const { condition, atMs, rule, grounds } = verdict;
  const event = spokenEvent(alarm, condition);
  const severity = condition.phase === 'active' ? condition.severity : undefined;
  return {
    event,
    atMs,
    evidence: () => evidenceOf(rule, grounds),
    change: { ...shown(condition), ...(severity === undefined ? {} : { severity }) },
  };
};

/**
 * A condition has become active where no alarm was open: what it is raised as, before anybody holds it back. Two names
 * may be one in an id (`a/b` and `a-b`): of two of one moment the second is raised a millisecond later.
 */
export const unborn = (
  { rule, subject, zone, atMs, condition }: ConditionVerdict,
  isFree: (id: string) => boolean,
): Alarm => {
  let raisedMs = atMs;
  while (!isFree(alarmId(rule.id, subject, raisedMs))) raisedMs += 1;
  return {
    id: alarmId(rule.id, subject, raisedMs),
    rule: rule.id,
    kind: rule.kind,
    subject,
    ...(zone === undefined ? {} : { zone }),
    // Until what happens to it says otherwise.
    severity: 'red',
    condition: 'active',
    human: 'unacknowledged',
    raisedAt: iso(raisedMs),
    changedAt: iso(atMs),
    ...shown(condition),
    guidance: rule.guidance,
  };
};

/** Undefined for an alarm that never stands: `pending` is of rules alone. */
export const standingOf = (alarm: Alarm, latching: boolean): Standing | undefined =>
  alarm.condition === 'pending'
    ? undefined
    : {
        condition: alarm.condition,
        human: alarm.human,
        latched: latching && alarm.acknowledgedBy === undefined,
      };

/** What goes with having been acknowledged, shelved and so on. */
const bare = (alarm: Alarm): Alarm => {
  const { acknowledgedBy: _a, realarmAt: _r, shelved: _s, suppressedBy: _b, outOfService: _o, ...rest } = alarm;
  return rest;
};

const acknowledged = (alarm: Alarm, move: Move, { by = '', atMs }: Happening, realarmMs?: number): Alarm => {
  const { realarmAt, ...rest } = alarm;
  if (alarm.human === 'acknowledged') return move.condition === 'cleared' ? rest : alarm;
  return {
    ...bare(alarm),
    human: 'acknowledged',
    acknowledgedBy: by,
    ...(realarmMs === undefined || move.condition === 'cleared' ? {} : { realarmAt: iso(atMs + realarmMs) }),
  };
};

const shelvedNow = (alarm: Alarm, { shelved }: Happening): Alarm => {
  if (shelved === undefined) return alarm;
  const { acknowledgedBy } = alarm;
  return { ...bare(alarm), human: 'shelved', shelved, ...(acknowledgedBy === undefined ? {} : { acknowledgedBy }) };
};

const held = (alarm: Alarm, hold: Hold | undefined): Alarm => {
  if (hold === undefined) return { ...bare(alarm), human: 'unacknowledged' };
  return hold.human === 'suppressed'
    ? { ...bare(alarm), human: 'suppressed', suppressedBy: hold.by }
    : { ...bare(alarm), human: 'out-of-service', outOfService: hold.note };
};

/** An alarm on the human axis as the table has it; what would be told now may be held back by what is around it. */
const inHuman = (alarm: Alarm, move: Move, happening: Happening, { holdOf, realarmMs }: Surroundings): Alarm => {
  const asked: AlarmHuman = move.human;
  if (asked === 'acknowledged') return acknowledged(alarm, move, happening, realarmMs);
  if (asked === 'shelved') return shelvedNow(alarm, happening);
  if (asked !== 'unacknowledged') return asked === alarm.human ? alarm : held(alarm, holdOf(alarm));
  if (!move.tells.some((type) => ALERTS.has(type))) return alarm;
  const hold = move.tells.includes('closed') ? undefined : holdOf(alarm);
  // Nothing waits for a rule that is out of service to come back once its alarm has cleared.
  return held(alarm, hold?.human === 'out-of-service' && move.condition === 'cleared' ? undefined : hold);
};

const assigned = (alarm: Alarm, { event, assignedTo }: Happening): Alarm => {
  if (event !== 'assign') return alarm;
  const { assignedTo: _, ...rest } = alarm;
  return assignedTo === undefined ? rest : { ...rest, assignedTo };
};

/** The events of a move, in order: each carries the alarm as it is after it. */
export const moved = (
  alarm: Alarm,
  move: Move,
  happening: Happening,
  surroundings: Surroundings,
): readonly AlarmEvent[] => {
  const { atMs, by, comment, change } = happening;
  const evidence = happening.evidence?.();
  const remark: { comment?: Remark } =
    by === undefined || comment === undefined || comment === ''
      ? {}
      : { comment: { by, at: iso(atMs), text: comment } };
  const { condition } = move;
  const isBack = alarm.condition === 'cleared' && condition === 'active';
  const { acknowledgedBy: _, ...unacknowledged } = alarm;
  // What was acknowledged was the time before.
  const before = isBack ? unacknowledged : alarm;
  const changed: Alarm = { ...before, ...change, ...remark, condition, changedAt: iso(atMs) };
  const next = inHuman(assigned(changed, happening), move, happening, surroundings);
  return move.tells.map((type, index) =>
    index > 0
      ? { type, atMs, alarm: next }
      : {
          type,
          atMs,
          alarm: next,
          ...(by === undefined ? {} : { by }),
          ...(comment === undefined ? {} : { comment }),
          ...(evidence === undefined ? {} : { evidence }),
        },
  );
};
