import type { Device } from '../../ingest/model/device.ts';
import type { ConditionVerdict } from '../engine.ts';
import type { Condition, Reason, Rule, RuleState, Subject } from '../rule.ts';
import type { Deadline } from './deadlines.ts';
import type { DeviceEntry } from './device-entry.ts';
import type { Ground } from './ground.ts';

/** Kept instead of a normal condition's figures: ten thousand quiet subjects share it. */
const QUIET: Condition = { phase: 'normal', severity: undefined, reason: { code: 'reporting', params: {} } };

/**
 * One subject under one rule, as the engine holds it. The state of a plain subject lies on the ground, beside those of
 * its device's other rules; of one that needs care (shared, overdue, faulted) it is held here.
 */
export class JudgedSubject implements Subject, Deadline {
  readonly rule: Rule;
  readonly id: string;
  readonly device: Device;
  readonly channel: string;
  /** Where it is registered. */
  readonly zone: string | undefined;
  /** What was last said of it; undefined: nothing yet. */
  condition: Condition | undefined = undefined;
  /** What was left of its deadline when its device fell silent. */
  remainingMs = Infinity;
  /** Time within a running duration in which the gateway was down. */
  unobservedMs = 0;
  /** Its deadline, where that does not lie on the ground. */
  #own: Deadline | undefined = { dueMs: Infinity, queuedMs: Infinity };
  #ground: Ground | undefined = undefined;
  #place = 0;
  #feeder: DeviceEntry | undefined = undefined;
  #held: RuleState | undefined;
  #faulted = false;
  #overdue = false;

  constructor(rule: Rule, id: string, device: Device, channel: string, zone: string | undefined) {
    this.rule = rule;
    this.id = id;
    this.device = device;
    this.channel = channel;
    this.zone = zone;
    this.#held = rule.start();
  }

  /** Only one device feeds it: its state goes to that device's place on the ground. */
  settle(ground: Ground, place: number, feeder: DeviceEntry): void {
    this.#ground = ground;
    this.#place = place;
    this.#feeder = feeder;
    this.#own = undefined;
    this.#lay();
  }

  /** Its device is forgotten, and its place goes to another. */
  leave(): void {
    const { queuedMs, state } = this;
    this.queuedMs = Infinity;
    this.dueMs = Infinity;
    this.#own = { dueMs: Infinity, queuedMs };
    this.#held = state;
    this.#ground = undefined;
  }

  get dueMs(): number {
    return this.#own?.dueMs ?? this.#ground?.deadlinesMs[2 * this.#place] ?? Infinity;
  }

  set dueMs(dueMs: number) {
    if (this.#own !== undefined) this.#own.dueMs = dueMs;
    else if (this.#ground !== undefined) this.#ground.deadlinesMs[2 * this.#place] = dueMs;
  }

  get queuedMs(): number {
    return this.#own?.queuedMs ?? this.#ground?.deadlinesMs[2 * this.#place + 1] ?? Infinity;
  }

  set queuedMs(queuedMs: number) {
    if (this.#own !== undefined) this.#own.queuedMs = queuedMs;
    else if (this.#ground !== undefined) this.#ground.deadlinesMs[2 * this.#place + 1] = queuedMs;
  }

  /** Where its state and deadline lie on the ground; -1: it holds them itself. */
  get place(): number {
    return this.#own === undefined ? this.#place : -1;
  }

  get state(): RuleState {
    return this.#held ?? this.#ground?.states[this.#place] ?? this.rule.start();
  }

  set state(state: RuleState) {
    if (this.#held !== undefined || this.#ground === undefined) this.#held = state;
    else this.#ground.states[this.#place] = state;
  }

  /** How far its own time runs behind the gateway's, milliseconds: what its device was silent. */
  get behindMs(): number {
    return this.rule.silence === 'freeze' ? (this.#feeder?.behindMs ?? 0) : 0;
  }

  /** Its rule failed on it: it is not judged any more. */
  get faulted(): boolean {
    return this.#faulted;
  }

  fault(): void {
    this.#faulted = true;
    this.dueMs = Infinity;
    this.#lay();
  }

  /** Its deadline passed while the gateway was down. */
  get overdue(): boolean {
    return this.#overdue;
  }

  set overdue(overdue: boolean) {
    this.#overdue = overdue;
    this.#lay();
  }

  /** Keeps what the rule now says, and tells it in the gateway's time. */
  changed(atMs: number, condition: Condition): ConditionVerdict {
    const told = this.#withGap(this.#inGatewayTime(condition));
    this.condition = told.phase === 'normal' ? QUIET : told;
    if (told.phase === 'normal') this.unobservedMs = 0;
    return this.verdict(atMs, told);
  }

  unknown(atMs: number, reason: Reason): ConditionVerdict {
    return this.verdict(atMs, { phase: 'unknown', severity: this.condition?.severity, reason });
  }

  /** What was said of it before its device fell silent for `silentMs`, told again: a pre-alarm has what it had left. */
  resumed(atMs: number, silentMs: number, condition: Condition): ConditionVerdict {
    const { preAlarmUntilMs } = condition;
    if (preAlarmUntilMs !== undefined) this.condition = { ...condition, preAlarmUntilMs: preAlarmUntilMs + silentMs };
    return this.verdict(atMs, this.condition ?? condition);
  }

  verdict(atMs: number, condition: Condition): ConditionVerdict {
    const { rule, id: subject } = this;
    const zone = this.#feeder?.present?.zone ?? this.zone;
    const grounds = { before: this.state, after: this.state };
    return { type: 'condition', rule, subject, device: this.device.id, zone, atMs, condition, grounds };
  }

  #lay(): void {
    const { state } = this;
    const careful = this.#faulted || this.#overdue;
    this.#held = careful || this.#ground === undefined ? state : undefined;
    if (this.#ground !== undefined) this.#ground.states[this.#place] = careful ? undefined : state;
  }

  #inGatewayTime(condition: Condition): Condition {
    const { preAlarmUntilMs } = condition;
    if (preAlarmUntilMs === undefined) return condition;
    return { ...condition, preAlarmUntilMs: preAlarmUntilMs + this.behindMs };
  }

  #withGap(condition: Condition): Condition {
    if (this.unobservedMs === 0 || condition.phase === 'normal') return condition;
    const { code, params } = condition.reason;
    const unobservedSeconds = Math.round(this.unobservedMs / 1000);
    return { ...condition, reason: { code, params: { ...params, unobservedSeconds } } };
  }
}
