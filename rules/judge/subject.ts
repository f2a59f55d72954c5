import type { Device } from '../../ingest/model/device.ts';
import type { ConditionVerdict } from '../engine.ts';
import type { Condition, Input, Reason, Rule, RuleState, Subject } from '../rule.ts';

/** One subject under one rule, as the engine holds it. */
export class JudgedSubject implements Subject {
  dueMs = Infinity;
  queuedMs = Infinity;
  state: RuleState;
  /** What was last said of it; undefined: nothing yet. */
  condition: Condition | undefined = undefined;
  /** Time that does not count for this subject because nothing was known of it. */
  frozenMs = 0;
  /** Since when it is frozen; -1: it is not. */
  frozenSinceMs = -1;
  /** What was left of its deadline when it froze. */
  remainingMs = Infinity;
  faulted = false;
  /** Its deadline passed while the gateway was down. */
  overdue = false;
  /** Time within a running duration in which the gateway was down. */
  unobservedMs = 0;
  readonly rule: Rule;
  readonly id: string;
  readonly device: Device;
  readonly channel: string;
  readonly zone: string | undefined;

  constructor(rule: Rule, id: string, device: Device, channel: string, zone: string | undefined) {
    this.rule = rule;
    this.id = id;
    this.device = device;
    this.channel = channel;
    this.zone = zone;
    this.state = rule.start();
  }

  /** The subject's own time runs behind by what it spent frozen; the common case passes the input through. */
  localInput(input: Input): Input {
    return this.frozenMs === 0 ? input : { ...input, nowMs: input.nowMs - this.frozenMs };
  }

  /** Its device is silent: nothing is known, its time stops, and nothing is cleared. */
  freeze(nowMs: number, lastSeenMs: number): ConditionVerdict {
    this.frozenSinceMs = nowMs;
    this.remainingMs = this.dueMs === Infinity ? Infinity : this.dueMs - nowMs;
    this.dueMs = Infinity;
    const seconds = Math.round((nowMs - lastSeenMs) / 1000);
    return this.unknown(nowMs, { code: 'no-data', params: { device: this.device.id, seconds } });
  }

  /** Heard again. Answers what is left of its deadline. */
  thaw(nowMs: number): number {
    this.frozenMs += nowMs - this.frozenSinceMs;
    this.frozenSinceMs = -1;
    const { remainingMs } = this;
    this.remainingMs = Infinity;
    return remainingMs;
  }

  /** Keeps what the rule now says, and tells it in the gateway's time. */
  changed(atMs: number, condition: Condition): ConditionVerdict {
    const told = this.#withGap(this.#inGatewayTime(condition));
    this.condition = told;
    if (told.phase === 'normal') this.unobservedMs = 0;
    return this.verdict(atMs, told);
  }

  unknown(atMs: number, reason: Reason): ConditionVerdict {
    return this.verdict(atMs, { phase: 'unknown', severity: this.condition?.severity, reason });
  }

  verdict(atMs: number, condition: Condition): ConditionVerdict {
    const { rule, id: subject, zone } = this;
    return { type: 'condition', rule, subject, device: this.device.id, zone, atMs, condition };
  }

  #inGatewayTime(condition: Condition): Condition {
    const { preAlarmUntilMs } = condition;
    if (preAlarmUntilMs === undefined || this.frozenMs === 0) return condition;
    return { ...condition, preAlarmUntilMs: preAlarmUntilMs + this.frozenMs };
  }

  #withGap(condition: Condition): Condition {
    if (this.unobservedMs === 0 || condition.phase === 'normal') return condition;
    const { code, params } = condition.reason;
    const unobservedSeconds = Math.round(this.unobservedMs / 1000);
    return { ...condition, reason: { code, params: { ...params, unobservedSeconds } } };
  }
}

export const frozen = (subject: JudgedSubject): boolean => subject.frozenSinceMs >= 0;
