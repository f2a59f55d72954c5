import type { ConditionVerdict, JudgeView, MovedVerdict, Wakeful } from '../engine.ts';
import { type Deadline, DeadlineQueue } from '../judge/deadlines.ts';
import type { Rule } from '../rule.ts';
import { reasonText } from '../texts/reasons.ts';
import type { ActionResult, AlarmAction, RefusalCode, RemoveFromService, ReturnToService } from './action.ts';
import {
  type Alarm,
  type AlarmEvent,
  GATEWAY_RULE,
  type OutOfService,
  type PreAlarmEvent,
  type ServiceEvent,
} from './alarm.ts';
import { asHappening } from './asked.ts';
import { type Happening, type Hold, inOrder, isAbandoned, isNews, moved, spoken, standingOf, unborn } from './life.ts';
import { OpenAlarm, OpenAlarms } from './open-alarms.ts';
import { CALLS_FOR_HELP, DEFAULT_POLICY, type LifePolicy } from './policy.ts';
import { PreAlarms } from './pre-alarms.ts';
import { Away, keyOf, noteOf, ServiceRegister } from './service.ts';
import { mattersToOthers, suppressorOf } from './suppression.ts';
import { transition } from './table.ts';

/** What is back in service comes first: its alarms are told by it. */
const orderOf = (item: Deadline): string => {
  if (item instanceof Away) return `0 ${keyOf(item.entry)}`;
  return item instanceof OpenAlarm ? `1 ${item.alarm.id}` : '2';
};

export type DeskEvent = AlarmEvent | PreAlarmEvent | ServiceEvent;

/**
 * All open alarms, and what is out of service: a fold over verdicts, what people do, and deadlines of judged time. Each
 * change is told as an event. What happens to an alarm is in the table alone (`table.ts`).
 */
export class AlarmDesk implements Wakeful {
  readonly #tell: (event: DeskEvent) => void;
  readonly #queue = new DeadlineQueue();
  readonly #alarms = new OpenAlarms(this.#queue);
  readonly #service: ServiceRegister;
  readonly #preAlarms: PreAlarms;
  #rules: ReadonlyMap<string, Rule> = new Map();
  /** Rules that name a rule as the cause of theirs, by its id. */
  #dependents: ReadonlyMap<string, readonly string[]> = new Map();

  constructor(tell: (event: DeskEvent) => void, rules: readonly Rule[] = []) {
    this.#tell = tell;
    this.#service = new ServiceRegister(this.#queue, tell);
    this.#preAlarms = new PreAlarms(tell);
    this.use(rules);
  }

  get open(): Iterable<Alarm> {
    return this.#alarms.all();
  }

  get openCount(): number {
    return this.#alarms.size;
  }

  /** Wearers who are being asked. */
  get preAlarms(): readonly PreAlarmEvent[] {
    return this.#preAlarms.running;
  }

  get outOfService(): readonly OutOfService[] {
    return this.#service.entries;
  }

  get nextDeadlineMs(): number {
    return this.#queue.headMs;
  }

  /** The rules are these from now on. */
  use(rules: readonly Rule[]): void {
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
    const dependents = new Map<string, string[]>();
    for (const { id, life } of rules) {
      for (const { rule } of life?.suppressedBy ?? []) dependents.set(rule, [...(dependents.get(rule) ?? []), id]);
    }
    this.#dependents = dependents;
  }

  /** Shelves that end and alarms that are told again, up to `nowMs`, each at its own time. */
  fireDue(nowMs: number): void {
    for (let first = this.#queue.takeDue(nowMs); first !== undefined; first = this.#queue.takeDue(nowMs)) {
      const atMs = first.dueMs;
      const due = [first];
      for (let item = this.#queue.takeDue(atMs); item !== undefined; item = this.#queue.takeDue(atMs)) due.push(item);
      // In an order that a restart does not change: the queue has that in which they were set.
      due.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
      for (const item of due) this.#fire(item, atMs);
    }
  }

  #fire(item: Deadline, atMs: number): void {
    // What another one of this moment has changed has a deadline of its own again.
    if (item.dueMs !== atMs) return;
    item.dueMs = Infinity;
    if (item instanceof OpenAlarm)
      this.#happen(item.alarm, { event: item.alarm.human === 'shelved' ? 'shelf-over' : 'realarm', atMs });
    else if (item instanceof Away) this.#returned(this.#service.due(item, atMs), atMs, undefined);
  }

  take(verdict: ConditionVerdict): void {
    this.fireDue(verdict.atMs);
    const alarm = this.#openFor(verdict);
    this.#preAlarms.take(`${verdict.rule.id}\n${verdict.subject}`, verdict);
    if (alarm === undefined && verdict.condition.phase !== 'active') return;
    const happening = spoken(alarm, verdict);
    if (alarm === undefined) this.#raise(verdict, happening);
    else this.#happen(alarm, happening, verdict.rule.latching);
    const now = this.#alarms.of(verdict.rule.id, verdict.subject);
    // On the shelf until it clears, which it has.
    if (now?.condition === 'cleared' && now.shelved?.once === true)
      this.#happen(now, { event: 'shelf-over', atMs: verdict.atMs }, verdict.rule.latching);
  }

  /** The alarm that a verdict is about: one of another kind, whose id its rule has taken over, it is not. */
  #openFor({ rule, subject }: ConditionVerdict): Alarm | undefined {
    const alarm = this.#alarms.of(rule.id, subject);
    return alarm?.kind === rule.kind ? alarm : undefined;
  }

  #raise(verdict: ConditionVerdict, happening: Happening): void {
    const { rule, subject, atMs } = verdict;
    const former = this.#alarms.of(rule.id, subject);
    if (former !== undefined) this.#happen(former, { event: 'replace', atMs });
    const alarm = unborn(verdict, (id) => this.#alarms.byId(id) === undefined);
    this.#move(undefined, alarm, happening, rule.latching);
  }

  /** An open alarm says where its wearer is now. */
  move({ rule, subject, zone, atMs }: MovedVerdict): void {
    this.fireDue(atMs);
    const alarm = this.#alarms.of(rule.id, subject);
    if (alarm !== undefined && alarm.zone !== zone) this.#happen(alarm, { event: 'move', atMs, change: { zone } });
  }

  /**
   * After a start, or with other rules: open alarms that no rule speaks for say so; what rules say and was not heard, for
   * it was judged again in silence, is heard now. `hear`: for whoever has more to do with it.
   */
  reconcile(
    judging: Pick<JudgeView, 'hasJudged' | 'stateOf' | 'standing'>,
    isJudged: (kind: string) => boolean,
    atMs: number,
    hear: (verdict: ConditionVerdict) => void = (verdict) => this.take(verdict),
  ): void {
    for (const alarm of [...this.#alarms.all()]) {
      const { rule, subject, kind, condition } = alarm;
      // The gateway's own alarms are of no configured kind, or speak for themselves.
      if (rule === GATEWAY_RULE || !isJudged(kind)) continue;
      const isAnother = (this.#rules.get(rule)?.kind ?? kind) !== kind;
      if (!isAnother && judging.hasJudged(rule, subject)) continue;
      const isGone = isAnother || judging.stateOf(rule, subject) === undefined;
      const code = isGone ? 'no-longer-judged' : 'rule-changed';
      const change = { reason: { code, ...reasonText({ code, params: { rule } }) } };
      if (!isAbandoned(alarm))
        this.#happen(alarm, { event: condition === 'unknown' ? 'move' : 'unknown', atMs, change });
      this.#endAbandoned(alarm.id, atMs);
    }
    for (const verdict of judging.standing()) {
      if (isNews(this.#openFor(verdict), verdict.condition)) hear({ ...verdict, atMs });
    }
    // Rules may name other causes now.
    for (const { id } of this.#alarms.allInOrder()) {
      const alarm = this.#alarms.byId(id);
      if (alarm !== undefined) this.#review(alarm, atMs);
    }
  }

  /** No rule will ever say that it is over: one that somebody has in hand is. */
  #endAbandoned(id: string, atMs: number): void {
    const alarm = this.#alarms.byId(id);
    if (alarm !== undefined && alarm.human === 'acknowledged' && isAbandoned(alarm))
      this.#happen(alarm, { event: 'normal', atMs });
  }

  act(action: AlarmAction): ActionResult {
    this.fireDue(action.atMs);
    if (action.type === 'remove-from-service') return this.#remove(action);
    if (action.type === 'return-to-service') return this.#return(action);
    const alarm = this.#alarms.byId(action.alarm);
    if (alarm === undefined) return { ok: false, reason: 'not-open' };
    const happening = asHappening(action, alarm, this.#policyOf(alarm.rule));
    if (typeof happening === 'string') return { ok: false, reason: happening };
    const done = this.#happen(alarm, happening);
    if (typeof done === 'string') return { ok: false, reason: done };
    this.#endAbandoned(action.alarm, action.atMs);
    return { ok: true, ...done };
  }

  /** Puts open alarms and what is out of service back, without telling anybody. */
  restore(alarms: Iterable<Alarm>, outOfService: Iterable<OutOfService> = []): void {
    for (const alarm of alarms) this.#alarms.put(alarm);
    this.#service.restore(outOfService);
  }

  #policyOf(rule: string): LifePolicy {
    return this.#rules.get(rule)?.life ?? DEFAULT_POLICY;
  }

  #happen(
    alarm: Alarm,
    happening: Happening,
    latching: boolean = this.#rules.get(alarm.rule)?.latching ?? true,
  ): RefusalCode | { readonly alarm: Alarm; readonly already: boolean } {
    return this.#move(alarm, alarm, inOrder(alarm, happening), latching);
  }

  /** The one place where an alarm changes. `before`: it is open; else `alarm` is what would be raised. */
  #move(before: Alarm | undefined, alarm: Alarm, happening: Happening, latching: boolean) {
    const move = transition(before && standingOf(before, latching), happening.event);
    if (move === 'stays') return { alarm, already: true };
    if ('refused' in move) return move.refused;
    const { realarmMs } = this.#policyOf(alarm.rule);
    const events = moved(alarm, move, happening, { holdOf: (next) => this.#holdOf(next), realarmMs });
    for (const event of events) {
      if (event.type === 'closed') this.#alarms.delete(event.alarm);
      else this.#alarms.put(event.alarm);
      this.#tell(event);
    }
    const after = this.#alarms.of(alarm.rule, alarm.subject);
    if (after !== undefined) this.#review(after, happening.atMs);
    if (mattersToOthers(before, after)) this.#reviewDependents(alarm.rule, happening.atMs);
    return { alarm: events.at(-1)?.alarm ?? alarm, already: false };
  }

  #holdOf(alarm: Alarm): Hold | undefined {
    const away = this.#service.find(alarm.rule, alarm.subject);
    if (away !== undefined && !CALLS_FOR_HELP.has(alarm.kind)) return { human: 'out-of-service', note: noteOf(away) };
    const by = this.#suppressorOf(alarm);
    return by === undefined ? undefined : { human: 'suppressed', by: by.id };
  }

  #suppressorOf(alarm: Alarm): Alarm | undefined {
    const { suppressedBy } = this.#policyOf(alarm.rule);
    if (suppressedBy.length === 0) return undefined;
    return suppressorOf(alarm, suppressedBy, (rule) => this.#alarms.ofRule(rule));
  }

  /** Whether it is suppressed now, and was not, or the other way round. */
  #review(alarm: Alarm, atMs: number): void {
    if (alarm.human !== 'unacknowledged' && alarm.human !== 'suppressed') return;
    const cause = this.#suppressorOf(alarm)?.id;
    if (alarm.human === 'unacknowledged') {
      if (cause !== undefined) this.#happen(alarm, { event: 'suppress', atMs });
    } else if (cause === undefined) this.#happen(alarm, { event: 'unsuppress', atMs });
    else if (cause !== alarm.suppressedBy)
      this.#happen(alarm, { event: 'move', atMs, change: { suppressedBy: cause } });
  }

  #reviewDependents(rule: string, atMs: number): void {
    for (const dependent of this.#dependents.get(rule) ?? []) {
      for (const { rule: id, subject } of this.#alarms.inOrder(dependent)) {
        // As it is now: one of those before may have changed it.
        const alarm = this.#alarms.of(id, subject);
        if (alarm !== undefined) this.#review(alarm, atMs);
      }
    }
  }

  #remove(action: RemoveFromService): ActionResult {
    const { rule, atMs, by } = action;
    const kind = this.#rules.get(rule)?.kind ?? [...this.#alarms.ofRule(rule)][0]?.kind;
    if (kind === undefined) return { ok: false, reason: 'no-such-rule' };
    if (CALLS_FOR_HELP.has(kind)) return { ok: false, reason: 'call-for-help' };
    const entry = this.#service.remove(action);
    if (typeof entry === 'string') return { ok: false, reason: entry };
    for (const alarm of this.#ofEntry(entry)) {
      if (alarm.human === 'out-of-service') this.#renote(alarm, atMs, by);
      else this.#happen(alarm, { event: 'remove', atMs, by });
    }
    return { ok: true, entry, already: false };
  }

  #return(action: ReturnToService): ActionResult {
    const entry = this.#service.return(action);
    if (typeof entry === 'string') return { ok: false, reason: entry };
    this.#returned(entry, action.atMs, action.by);
    return { ok: true, entry, already: false };
  }

  #returned(entry: OutOfService | undefined, atMs: number, by: string | undefined): void {
    if (entry === undefined) return;
    for (const alarm of this.#ofEntry(entry)) {
      if (alarm.human !== 'out-of-service') continue;
      if (this.#service.find(alarm.rule, alarm.subject) === undefined)
        this.#happen(alarm, { event: 'return', atMs, by });
      else this.#renote(alarm, atMs, by);
    }
  }

  /** It stays out of service, by another entry or for another reason. */
  #renote(alarm: Alarm, atMs: number, by: string | undefined): void {
    const away = this.#service.find(alarm.rule, alarm.subject);
    if (away === undefined) return;
    const outOfService = noteOf(away);
    if (JSON.stringify(outOfService) !== JSON.stringify(alarm.outOfService))
      this.#happen(alarm, { event: 'move', atMs, by, change: { outOfService } });
  }

  #ofEntry({ rule, subject }: OutOfService): readonly Alarm[] {
    return this.#alarms.inOrder(rule).filter((alarm) => subject === undefined || alarm.subject === subject);
  }
}
