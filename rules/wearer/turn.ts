import type { Condition, Input, RuleState, Step, Subject } from '../rule.ts';
import { stay } from '../rule.ts';
import type { Duty } from './duty.ts';
import type { Handled } from './laid-down.ts';
import {
  type Alert,
  advance,
  cancel,
  confirm,
  deadlineMs,
  isMetIn,
  PHASES,
  type Stage,
  type Timing,
} from './two-stage.ts';
import { wordOf } from './word.ts';

/** State of a rule that asks a wearer before it alarms. */
export interface Watched extends RuleState {
  readonly stage: Stage;
  readonly duty: Duty;
  readonly handled: Handled | null;
}

/** Why nothing is wrong, or not any more. */
export interface Calm {
  readonly code: string;
  /** Who has cancelled for the wearer. */
  readonly by?: string | undefined;
}

export interface Wording {
  calm(calm: Calm): Condition;
  /** Without phase and countdown, which follow from the stage. */
  alert(alert: Alert): Omit<Condition, 'phase' | 'preAlarmUntilMs'>;
}

/** What a step answers that has made `next` out of `before`: a condition where another stage is reached. */
export const turn = <S extends Watched>(before: S, next: S, timing: Timing, wording: Wording, calm: Calm): Step<S> => {
  if (next === before) return stay(before);
  const { stage, phase } = next;
  const wakeAtMs = deadlineMs(stage, timing);
  if (stage.at === before.stage.at && phase === before.phase) return { state: next, wakeAtMs };
  if (stage.at === 'quiet') return { state: next, condition: wording.calm(calm), wakeAtMs };
  const asked = stage.at === 'asked' ? { preAlarmUntilMs: stage.untilMs } : {};
  return { state: next, condition: { phase: PHASES[stage.at], ...wording.alert(stage), ...asked }, wakeAtMs };
};

/** A stage, and why it is quiet where it is. */
export interface Turned {
  readonly stage: Stage;
  readonly calm: Calm;
}

/** What becomes of a stage by an input that is no sample: time, the wearer's word. */
export const afterInput = (
  stage: Stage,
  input: Input,
  rule: string,
  subject: Subject,
  timing: Timing,
  over: string,
): Turned => {
  const calm = { code: over };
  if (input.type === 'wake') return { stage: advance(stage, isMetIn(stage), input.nowMs, timing), calm };
  const word = wordOf(input, rule, subject.id);
  if (word === undefined) return { stage, calm };
  if (word.type === 'confirm') return { stage: confirm(stage, word.untilMs), calm };
  return { stage: cancel(stage, input.nowMs, timing), calm: { code: 'cancelled', by: word.by } };
};
