import type { ConditionVerdict, MovedVerdict } from '../engine.ts';
import type { ActionResult, AlarmAction } from './action.ts';
import type { Alarm, AlarmEvent, PreAlarmEvent } from './alarm.ts';
import { acknowledged, moved, raised, spoken } from './life.ts';

/** All open alarms: a fold over verdicts and acknowledgements. Each change is told as an event. */
export class AlarmDesk {
  readonly #tell: (event: AlarmEvent | PreAlarmEvent) => void;
  readonly #bySubject = new Map<string, Alarm>();
  readonly #keyById = new Map<string, string>();
  readonly #preAlarms = new Map<string, number>();

  constructor(tell: (event: AlarmEvent | PreAlarmEvent) => void) {
    this.#tell = tell;
  }

  get open(): Iterable<Alarm> {
    return this.#bySubject.values();
  }

  get openCount(): number {
    return this.#bySubject.size;
  }

  take(verdict: ConditionVerdict): void {
    const key = `${verdict.rule.id}\n${verdict.subject}`;
    const alarm = this.#bySubject.get(key);
    this.#preAlarm(key, verdict);
    if (alarm !== undefined) for (const event of spoken(alarm, verdict)) this.#apply(key, event);
    else if (verdict.condition.phase === 'active') this.#apply(key, raised(verdict));
  }

  /** An open alarm says where its wearer is now. */
  move({ rule, subject, zone, atMs }: MovedVerdict): void {
    const key = `${rule.id}\n${subject}`;
    const alarm = this.#bySubject.get(key);
    if (alarm !== undefined && alarm.zone !== zone) this.#apply(key, moved(alarm, zone, atMs));
  }

  act({ alarm: id, by, atMs, comment }: AlarmAction): ActionResult {
    const key = this.#keyById.get(id);
    const alarm = key === undefined ? undefined : this.#bySubject.get(key);
    if (key === undefined || alarm === undefined) return { ok: false, reason: 'not-open' };
    const events = acknowledged(alarm, atMs, by, comment);
    for (const event of events) this.#apply(key, event);
    return { ok: true, alarm: events.at(-1)?.alarm ?? alarm, already: events.length === 0 };
  }

  /** Puts open alarms of an earlier run back, without telling anybody. */
  restore(alarms: Iterable<Alarm>): void {
    for (const alarm of alarms) {
      const key = `${alarm.rule}\n${alarm.subject}`;
      this.#bySubject.set(key, alarm);
      this.#keyById.set(alarm.id, key);
    }
  }

  #apply(key: string, event: AlarmEvent): void {
    const { alarm } = event;
    if (event.type === 'closed') {
      this.#bySubject.delete(key);
      this.#keyById.delete(alarm.id);
    } else {
      this.#bySubject.set(key, alarm);
      this.#keyById.set(alarm.id, key);
    }
    this.#tell(event);
  }

  #preAlarm(key: string, verdict: ConditionVerdict): void {
    const { condition, rule, subject, device, atMs } = verdict;
    const untilMs = condition.phase === 'pending' ? condition.preAlarmUntilMs : undefined;
    const before = this.#preAlarms.get(key);
    if (untilMs === before) return;
    const type = untilMs === undefined ? 'pre-alarm-ended' : 'pre-alarm';
    if (untilMs === undefined) this.#preAlarms.delete(key);
    else this.#preAlarms.set(key, untilMs);
    this.#tell({ type, atMs, rule: rule.id, kind: rule.kind, subject, device, untilMs: untilMs ?? before ?? atMs });
  }
}
