import { type Alarm, type AlarmEvent, alarmId } from '../../../rules/alarms/alarm.ts';
import type { Verdict } from '../../../rules/engine.ts';
import { type Phase, SEVERITIES, type Severity } from '../../../rules/rule.ts';

/** What an evening has come to. */
export interface Reach {
  readonly phases: Set<Phase>;
  readonly events: Map<string, number>;
}

/** What has led to an event. */
export interface Cause {
  readonly what: 'verdict' | 'person' | 'time';
  readonly atMs: number;
  readonly phase?: Phase;
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);
const keyOf = (rule: string, subject: string): string => `${rule} ${subject}`;

const complaintAboutNew = ({ atMs, alarm }: AlarmEvent, before: Alarm | undefined): string | undefined => {
  if (before !== undefined) return 'two open alarms of one rule and subject';
  if (alarm.id !== alarmId(alarm.rule, alarm.subject, atMs)) return 'another id than that of its moment';
  return Date.parse(alarm.raisedAt) === atMs ? undefined : 'raised at another time';
};

const complaintAboutLater = ({ type, atMs, alarm }: AlarmEvent, before: Alarm | undefined): string | undefined => {
  if (before === undefined) return 'of no open alarm';
  if (alarm.id !== before.id || alarm.raisedAt !== before.raisedAt) return 'another alarm than the open one';
  if (atMs < Date.parse(before.changedAt)) return 'before what happened to it before';
  const rise = rank(alarm.severity) - rank(before.severity);
  if (type === 'escalated' ? rise <= 0 : rise > 0) return 'a severity that does not fit';
  return type === 'closed' && alarm.condition !== 'cleared' ? 'closed though not over' : undefined;
};

/** By time: its own deadlines come first, whatever else is told to the desk. */
const OF_DESK: ReadonlySet<string> = new Set(['unshelved', 'reminded']);

const complaintAboutCause = (
  { type, atMs }: AlarmEvent,
  cause: Cause,
  before: Alarm | undefined,
): string | undefined => {
  const clears = type === 'cleared' || (type === 'closed' && before?.condition !== 'cleared');
  if (clears && cause.phase === 'unknown') return 'unknown clears';
  if (type === 'cleared' && cause.phase !== 'normal') return 'cleared by another thing than normal';
  return cause.what === 'verdict' && atMs < cause.atMs && !OF_DESK.has(type) ? 'before its cause' : undefined;
};

/** Sees all that is said and told, and objects to what must not be. Keeps the fold of the events. */
export class Witness {
  readonly reach: Reach = { phases: new Set(), events: new Map() };
  readonly #open = new Map<string, Alarm>();
  /** How many inputs there were when a subject became unknown. */
  readonly #unknownAt = new Map<string, number>();

  /** @param inputs so far, @param isTimeAlone nothing but time has led to it */
  said(verdict: Verdict, nowMs: number, inputs: number, isTimeAlone: boolean): void {
    if (verdict.type === 'fault') throw verdict.error;
    if (verdict.atMs > nowMs) throw new Error(`${verdict.type} ${verdict.atMs - nowMs} ms ahead of its time`);
    if (verdict.type === 'moved') return;
    const { phase } = verdict.condition;
    const key = keyOf(verdict.rule.id, verdict.subject);
    if (phase === 'normal' && isTimeAlone && this.#unknownAt.get(key) === inputs)
      throw new Error('time alone has made normal of unknown');
    if (phase === 'unknown') this.#unknownAt.set(key, inputs);
    else this.#unknownAt.delete(key);
    this.reach.phases.add(phase);
  }

  told(event: AlarmEvent, cause: Cause, nowMs: number): void {
    const { type, atMs, alarm } = event;
    const key = keyOf(alarm.rule, alarm.subject);
    const before = this.#open.get(key);
    const complaint =
      (atMs > nowMs ? 'ahead of its time' : undefined) ??
      complaintAboutCause(event, cause, before) ??
      (type === 'raised' ? complaintAboutNew(event, before) : complaintAboutLater(event, before));
    if (complaint !== undefined) throw new Error(`${complaint}: ${type} of ${alarm.id}, ${JSON.stringify(cause)}`);
    this.reach.events.set(type, (this.reach.events.get(type) ?? 0) + 1);
    if (type === 'closed') this.#open.delete(key);
    else this.#open.set(key, alarm);
  }

  /** The fold of the events is what stands. */
  compare(standing: readonly Alarm[]): void {
    if (standing.length !== this.#open.size) throw new Error('other alarms stand than were told of');
    for (const alarm of standing) {
      const told = this.#open.get(keyOf(alarm.rule, alarm.subject));
      if (told !== alarm && JSON.stringify(told) !== JSON.stringify(alarm))
        throw new Error(`${alarm.id} is another than was told of`);
    }
  }
}
