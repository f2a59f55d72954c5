import type { Deadline, DeadlineQueue } from '../judge/deadlines.ts';
import type { Alarm } from './alarm.ts';

/** An open alarm; stands in the queue of deadlines itself. */
export class OpenAlarm implements Deadline {
  alarm: Alarm;
  dueMs = Infinity;
  queuedMs = Infinity;

  constructor(alarm: Alarm) {
    this.alarm = alarm;
  }
}

/** When time alone changes it: its shelf ends, or it is told again. */
const dueOf = ({ human, shelved, realarmAt }: Alarm): number => {
  const at = human === 'shelved' ? shelved?.until : human === 'acknowledged' ? realarmAt : undefined;
  return at === undefined ? Infinity : Date.parse(at);
};

const byId = (alarms: Iterable<Alarm>): readonly Alarm[] => [...alarms].sort((a, b) => (a.id < b.id ? -1 : 1));

const NONE: ReadonlyMap<string, OpenAlarm> = new Map();

/** Open alarms by rule and subject, one at most of each pair, and by id. */
export class OpenAlarms {
  readonly #queue: DeadlineQueue;
  readonly #byRule = new Map<string, Map<string, OpenAlarm>>();
  readonly #byId = new Map<string, OpenAlarm>();

  constructor(queue: DeadlineQueue) {
    this.#queue = queue;
  }

  get size(): number {
    return this.#byId.size;
  }

  *all(): Iterable<Alarm> {
    for (const { alarm } of this.#byId.values()) yield alarm;
  }

  *ofRule(rule: string): Iterable<Alarm> {
    for (const { alarm } of (this.#byRule.get(rule) ?? NONE).values()) yield alarm;
  }

  /** As they would be, too, had they been put back after a restart. */
  inOrder(rule: string): readonly Alarm[] {
    return byId(this.ofRule(rule));
  }

  allInOrder(): readonly Alarm[] {
    return byId(this.all());
  }

  of(rule: string, subject: string): Alarm | undefined {
    return this.#byRule.get(rule)?.get(subject)?.alarm;
  }

  byId(id: string): Alarm | undefined {
    return this.#byId.get(id)?.alarm;
  }

  put(alarm: Alarm): void {
    const subjects = this.#byRule.get(alarm.rule) ?? new Map<string, OpenAlarm>();
    this.#byRule.set(alarm.rule, subjects);
    const open = subjects.get(alarm.subject) ?? new OpenAlarm(alarm);
    if (open.alarm.id !== alarm.id) this.#byId.delete(open.alarm.id);
    open.alarm = alarm;
    subjects.set(alarm.subject, open);
    this.#byId.set(alarm.id, open);
    this.#queue.set(open, dueOf(alarm));
  }

  delete({ id, rule, subject }: Alarm): void {
    const open = this.#byId.get(id);
    if (open === undefined) return;
    this.#queue.set(open, Infinity);
    this.#byId.delete(id);
    const subjects = this.#byRule.get(rule);
    subjects?.delete(subject);
    if (subjects?.size === 0) this.#byRule.delete(rule);
  }
}
