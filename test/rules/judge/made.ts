import type { EngineInput, JudgeOptions, Verdict } from '../../../rules/engine.ts';
import { Judge } from '../../../rules/judge/judge.ts';
import type { Condition, Input, Rule, RuleState, Step } from '../../../rules/rule.ts';
import { EPOCH, venueOf } from '../stage.ts';

/** A rule made of one function. */
export const made = (id: string, step: (state: RuleState, input: Input) => Step, extra: Partial<Rule> = {}): Rule => ({
  id,
  kind: 'made',
  latching: false,
  guidance: { zh: '无', en: 'none' },
  silence: 'freeze',
  shared: () => false,
  reads: () => true,
  subjects: (each, channel) => (channel === '' ? [each.id] : []),
  start: () => ({ phase: 'normal' }),
  step,
  ...extra,
});

export const saying = (phase: Condition['phase'], extra: Partial<Condition> = {}): Condition => ({
  phase,
  severity: 'yellow',
  reason: { code: 'made', params: {} },
  ...extra,
});

export const active = (state: RuleState): Step => ({
  state: { ...state, phase: 'active' },
  condition: saying('active'),
});

/** The engine alone, on a clock that the test moves: no timer fires, `fireDue` is up to the test. */
export const engineOf = (rules: readonly Rule[], options: Partial<JudgeOptions> = {}) => {
  const clock = { nowMs: options.startedMs ?? EPOCH };
  const verdicts: Verdict[] = [];
  const scheduler = { now: () => clock.nowMs, schedule: () => ({ unsubscribe: () => undefined }) };
  const whole = { venue: venueOf([]), ...options, scheduler };
  const engine = new Judge(rules, whole, clock.nowMs, (verdict) => verdicts.push(verdict));
  const take = (...inputs: readonly EngineInput[]): void => {
    for (const input of inputs) engine.take(input);
  };
  return { engine, clock, verdicts, take };
};
