import { z } from 'zod';
import type { Sample } from '../../ingest/model/sample.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, selects, severitySchema } from '../common.ts';
import type { Condition, Guidance, Input, RuleState, Severity, Step, Subject } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { type Duty, dutyOf, isRiding, ON_DUTY, pauseOf } from '../wearer/duty.ts';
import { completed, type MovementLimits, movement, NO_POSE, type Pose, poseOf } from '../wearer/movement.ts';
import { byRole, confirmSeconds, preAlarmNormalSeconds, secondsParam, timingOf, vehicleKmh } from '../wearer/params.ts';
import {
  advance,
  ask,
  confirm,
  deadlineMs,
  isMetIn,
  PHASES,
  QUIET,
  reached,
  type Stage,
  type Timing,
} from '../wearer/two-stage.ts';
import { isSignOfLife, wordOf } from '../wearer/word.ts';

const minutes = z.number().positive().max(1440);
const duration = z.number().min(0).max(604_800);
const change = z.number().positive().max(8);

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('stillness').describe('a badge that has not moved'),
  minutes: param(minutes.default(30), {
    en: 'time without movement',
    zh: '没有活动的时间',
    unit: 'min',
    source: 'venue staff who stand at a door; lone-worker devices: 0.5-30 min, usually 2 (Blackline, GMI PS200)',
  }),
  preAlarmSeconds: secondsParam(120, {
    en: 'the wearer is asked so long before; at most half of the time',
    zh: '提前多久询问佩戴者；不超过总时间的一半',
    source: 'long enough for somebody who sits to be roused; Blackline: 30 s after 2 min',
  }),
  preAlarmNormalSeconds: preAlarmNormalSeconds(2),
  confirmSeconds: confirmSeconds(0, 'the countdown lies within the time itself: waiting for its end costs none'),
  clearSeconds: secondsParam(0, {
    en: 'how long they must move again',
    zh: '须恢复活动多久',
    source: 'choice: whoever moves is not still',
  }),
  accelerationG: param(change.default(0.1), {
    en: 'change of acceleration that is movement',
    zh: '视为活动的加速度变化',
    unit: 'g',
    source: 'above breathing (0.02-0.05 g) and noise; a Ruuvi tag counts movements from 0.064 g',
  }),
  displacementMeters: param(z.number().positive().max(10_000).default(25), {
    en: 'change of position that is movement, beyond its accuracy',
    zh: '视为活动的位移（超出定位精度的部分）',
    unit: 'm',
    source: 'satellite positions of somebody who stands wander by 10-20 m',
  }),
  vehicleKmh: vehicleKmh(),
  roles: param(
    z
      .record(
        z.string(),
        z.union([
          minutes,
          z.strictObject({
            minutes: minutes.optional(),
            preAlarmSeconds: duration.optional(),
            accelerationG: change.optional(),
          }),
        ]),
      )
      .default({}),
    {
      en: 'other figures for wearers of a role; a number alone: minutes',
      zh: '某岗位佩戴者的其他数值；只写数字即为分钟数',
    },
  ),
  severity: param(severitySchema.default('orange'), {
    en: 'severity',
    zh: '级别',
    source: 'rule table of the product',
  }),
});

type Config = z.output<typeof schema>;

interface Limits extends MovementLimits {
  readonly minutes: number;
  /** When the wearer is asked, and when it is an alarm; since the last movement. */
  readonly askMs: number;
  readonly limitMs: number;
  readonly vehicleKmh: number;
  readonly severity: Severity;
  readonly timing: Timing;
}

/** `unknown` until first evidence. `stage` is quiet while the time without movement runs. */
interface StillState extends RuleState {
  readonly sinceMs: number;
  readonly pose: Pose;
  readonly duty: Duty;
  readonly stage: Stage;
  /** Of the last movement while a stage ran; absent: there was none. The same sample again is no stillness. */
  readonly movedMs?: number;
}

const START: StillState = { phase: 'unknown', sinceMs: 0, pose: NO_POSE, duty: ON_DUTY, stage: QUIET };

const normal = (code: string, by = ''): Condition => ({
  phase: 'normal',
  severity: undefined,
  reason: { code, params: { by } },
});

const still = (stage: Stage, forMs: number, { minutes: limit, severity }: Limits): Condition => {
  const value = Math.round(forMs / 6000) / 10;
  return {
    phase: PHASES[stage.at],
    severity,
    value,
    unit: 'min',
    limit,
    reason: { code: 'still', params: { minutes: value } },
    ...(stage.at === 'asked' ? { preAlarmUntilMs: stage.untilMs } : {}),
  };
};

/** When time alone changes what is said of a state; undefined: never. */
const nextWakeMs = ({ stage, duty, sinceMs }: StillState, { askMs, timing }: Limits): number | undefined => {
  if (stage.at !== 'quiet') return deadlineMs(stage, timing);
  return pauseOf(duty, sinceMs) === undefined ? sinceMs + askMs : undefined;
};

/** The time without movement starts anew. */
const restart = (before: StillState, change: Partial<StillState>, limits: Limits, code: string, by?: string) => {
  const state: StillState = { ...before, ...change, phase: 'normal', stage: QUIET };
  const condition = before.phase === 'normal' ? undefined : normal(code, by);
  return { state, condition, wakeAtMs: nextWakeMs(state, limits) };
};

/** What runs has come to another stage. */
const entered = (before: StillState, stage: Stage, pose: Pose, nowMs: number, limits: Limits): Step<StillState> => {
  if (stage === before.stage && pose === before.pose) return stay(before);
  if (stage.at === 'quiet') {
    const { stage: was } = before;
    const sinceMs = was.at === 'quiet' ? nowMs : (was.goneSinceMs ?? nowMs);
    return restart(before, { sinceMs, pose }, limits, 'moving');
  }
  const state: StillState = { ...before, phase: PHASES[stage.at], pose, stage };
  const isNews = stage.at !== before.stage.at;
  return {
    state,
    condition: isNews ? still(stage, nowMs - before.sinceMs, limits) : undefined,
    wakeAtMs: nextWakeMs(state, limits),
  };
};

const onSample = (state: StillState, sample: Sample, limits: Limits): Step<StillState> => {
  const { metrics, nowMs } = sample;
  const duty = dutyOf(state.duty, metrics, nowMs, 0);
  if (duty !== state.duty) {
    const code = pauseOf(duty, nowMs) ?? 'moving';
    return restart(state, { duty, sinceMs: nowMs, pose: poseOf(metrics, state.pose) }, limits, code);
  }
  if (pauseOf(duty, nowMs) !== undefined) return stay(state);
  const shown = movement(state.pose, metrics, limits);
  const isMoved = shown.moved || isRiding(metrics, limits.vehicleKmh);
  if (!shown.evidence && !isMoved) return stay(state);
  const { stage } = state;
  if (state.phase === 'unknown' || (isMoved && stage.at === 'quiet')) {
    return restart(state, { sinceMs: nowMs, pose: poseOf(metrics, state.pose) }, limits, 'moving');
  }
  const pose = isMoved ? poseOf(metrics, state.pose) : completed(state.pose, metrics);
  if (stage.at !== 'quiet') {
    if (!isMoved && nowMs === state.movedMs) return stay(state);
    const before = isMoved ? { ...state, movedMs: nowMs } : state;
    return entered(before, advance(stage, !isMoved, nowMs, limits.timing), pose, nowMs, limits);
  }
  return pose === state.pose ? stay(state) : { state: { ...state, pose }, wakeAtMs: nextWakeMs(state, limits) };
};

const onWake = (state: StillState, nowMs: number, limits: Limits): Step<StillState> => {
  const { stage, pose, sinceMs } = state;
  if (stage.at !== 'quiet') {
    return entered(state, advance(stage, isMetIn(stage), nowMs, limits.timing), pose, nowMs, limits);
  }
  const isDue =
    state.phase === 'normal' && pauseOf(state.duty, nowMs) === undefined && reached(nowMs, sinceMs + limits.askMs);
  if (!isDue) return stay(state);
  return entered(state, ask(sinceMs, nowMs, sinceMs + limits.limitMs, limits.timing), pose, nowMs, limits);
};

const step = (state: StillState, input: Input, subject: Subject, rule: string, limits: Limits): Step<StillState> => {
  if (input.type === 'sample') return onSample(state, input, limits);
  const { nowMs } = input;
  if (input.type === 'wake') return onWake(state, nowMs, limits);
  if (input.type !== 'occurrence') return stay(state);
  const word = wordOf(input, rule, subject.id);
  if (word?.type === 'confirm') return entered(state, confirm(state.stage, word.untilMs), state.pose, nowMs, limits);
  if (!isSignOfLife(input, rule)) return stay(state);
  return word?.type === 'cancel'
    ? restart(state, { sinceMs: nowMs }, limits, 'cancelled', word.by)
    : restart(state, { sinceMs: nowMs }, limits, 'moving');
};

const limitsOf = (config: Config, own: Exclude<Config['roles'][string], number> = {}): Limits => {
  const { minutes: limit = config.minutes, preAlarmSeconds = config.preAlarmSeconds } = own;
  const limitMs = limit * 60_000;
  return {
    minutes: limit,
    limitMs,
    askMs: limitMs - Math.min(preAlarmSeconds * 1000, limitMs / 2),
    accelerationG: own.accelerationG ?? config.accelerationG,
    displacementMeters: config.displacementMeters,
    vehicleKmh: config.vehicleKmh,
    severity: config.severity,
    timing: timingOf({ ...config, preAlarmSeconds, delaySeconds: 0, normalSeconds: 0, cancelledSeconds: 0 }),
  };
};

const GUIDANCE: Guidance = {
  consequence: { zh: '佩戴者长时间没有活动，可能昏迷。', en: 'The wearer has not moved and may be unconscious.' },
  action: {
    zh: '先呼叫本人，无应答立即前往最后位置。',
    en: 'Call them; without an answer go to the last known place at once.',
  },
  owner: { zh: '就近安保', en: 'nearest guard' },
};

/**
 * No movement for a role's time: acceleration, movement counter, position, speed and the badge's own flag are all
 * evidence. The pre-alarm lies within that time. Silence is not stillness: while the badge is silent the engine stops its
 * time.
 */
export const stillness = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => {
    const own = Object.entries(config.roles).map(
      ([role, each]) => [role, limitsOf(config, typeof each === 'number' ? { minutes: each } : each)] as const,
    );
    const held = byRole(limitsOf(config), new Map(own));
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? true,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'freeze',
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) =>
        channel === '' && device.role !== undefined && selects(config.for, device) ? [device.id] : NO_SUBJECTS,
      start: (): RuleState => START,
      // Nobody has moved because the limit is another.
      carried: (state: StillState, subject) => {
        if (state.phase === 'unknown') return stay(state);
        const kept: StillState = { ...state, phase: 'normal', stage: QUIET };
        return { state: kept, wakeAtMs: nextWakeMs(kept, held(subject.device.role)) };
      },
      step: (state: StillState, input, subject) => step(state, input, subject, config.id, held(subject.device.role)),
    };
  },
});
