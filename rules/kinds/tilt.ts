import { z } from 'zod';
import type { Metrics } from '../../ingest/model/metrics.ts';
import type { Sample } from '../../ingest/model/sample.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, selects, severitySchema } from '../common.ts';
import type { Guidance, Input, RuleState, Step, Subject } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { type Duty, dutyOf, isOnDuty, ON_DUTY, pauseOf } from '../wearer/duty.ts';
import { type Handled, handled, jolted, timingWith } from '../wearer/laid-down.ts';
import {
  byRole,
  CONFIRM_SOURCE,
  cancelledSeconds,
  confirmSeconds,
  normalSeconds,
  preAlarmNormalSeconds,
  secondsParam,
  timingOf,
  vehicleKmh,
} from '../wearer/params.ts';
import { tiltDegrees } from '../wearer/posture.ts';
import { afterInput, type Calm, turn, type Watched, type Wording } from '../wearer/turn.ts';
import {
  advance,
  deadlineMs,
  isMetIn,
  isQuiet,
  isSameStage,
  PHASES,
  QUIET,
  type Stage,
  type Timing,
} from '../wearer/two-stage.ts';

const angle = z.number().min(1).max(179);

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('tilt').describe('a badge, or a stand with an accelerometer, leans over'),
  degrees: param(angle.default(45), {
    en: 'angle to the calibrated upright above which it counts',
    zh: '与校准的直立方向所成角度，超过即计',
    unit: '°',
    source: 'practice of person-alarm devices: 30-45° (German PNA, Mobi-Click Life-Tel I Plus)',
  }),
  clearDegrees: param(z.number().min(0).max(178).default(35), {
    en: 'angle under which it is upright again',
    zh: '低于此角度视为恢复直立',
    unit: '°',
    source: '10° of deadband: a badge on a lanyard or a clip wobbles by so much',
  }),
  holdSeconds: secondsParam(10, {
    en: 'how long it must lean',
    zh: '须持续倾斜多久',
    source: 'bending and tying a shoe are over by then; person-alarm devices wait 5-25 s',
  }),
  normalSeconds: normalSeconds(),
  clearSeconds: secondsParam(0, {
    en: 'how long it must be upright again',
    zh: '须恢复直立多久',
    source: 'choice: the angle of return and the normal status of the pre-alarm keep it from flickering',
  }),
  preAlarmSeconds: secondsParam(15, {
    en: 'time in which a wearer may cancel; 0: nobody is asked',
    zh: '佩戴者可取消的时间；0：不询问',
    source: 'Mobi-Click Life-Tel I Plus: 15 s of pre-alarm',
  }),
  preAlarmNormalSeconds: preAlarmNormalSeconds(4),
  confirmSeconds: confirmSeconds(3, CONFIRM_SOURCE),
  cancelledSeconds: cancelledSeconds(),
  vehicleKmh: vehicleKmh(),
  roles: param(
    z
      .record(
        z.string(),
        z.strictObject({
          degrees: angle.optional(),
          clearDegrees: z.number().min(0).max(178).optional(),
          holdSeconds: z.number().min(0).max(604_800).optional(),
          preAlarmSeconds: z.number().min(0).max(604_800).optional(),
        }),
      )
      .default({}),
    { en: 'other figures for wearers of a role: riggers kneel and reach', zh: '某岗位佩戴者的其他数值' },
  ),
  severity: param(severitySchema.default('orange'), {
    en: 'severity',
    zh: '级别',
    source: 'rule table of the product',
  }),
});

type Config = z.output<typeof schema>;

/** What one wearer, or a stand, is held to. */
interface Limits {
  readonly degrees: number;
  readonly clearDegrees: number;
  readonly timing: Timing;
}

interface Running {
  readonly config: Config;
  /** Undefined role: a stand. */
  readonly limitsOf: (role: string | undefined) => Limits;
}

interface TiltState extends Watched {
  /** The angle that began it. */
  readonly degrees: number;
}

const START: TiltState = { phase: 'unknown', stage: QUIET, degrees: 0, duty: ON_DUTY, handled: null };
const UPRIGHT: TiltState = { ...START, phase: 'normal' };

const wordingOf = (degrees: number, nowMs: number, { degrees: limit }: Limits, { severity }: Config): Wording => {
  const value = Math.round(degrees);
  const shown = { value, unit: '°' };
  return {
    calm: ({ code, by = '' }) => ({
      phase: 'normal',
      severity: undefined,
      ...shown,
      reason: { code, params: { degrees: value, by } },
    }),
    alert: ({ sinceMs }) => {
      const seconds = Math.round((nowMs - sinceMs) / 1000);
      return { severity, ...shown, limit, reason: { code: 'tilted', params: { degrees: value, seconds } } };
    },
  };
};

/** A state of its own only where it says more than that all is well, so that thousands of wearers share one. */
const next = (state: TiltState, stage: Stage, degrees: number, duty: Duty, handled: Handled | null): TiltState => {
  if (isQuiet(stage) && isOnDuty(duty) && handled === null) return UPRIGHT;
  const phase = PHASES[stage.at];
  const isSame =
    isSameStage(stage, state.stage) && phase === state.phase && duty === state.duty && handled === state.handled;
  if (isSame) return state;
  return { phase, stage, degrees: state.stage.at === 'quiet' ? degrees : state.degrees, duty, handled };
};

const angleOf = (metrics: Metrics, subject: Subject): number | undefined => {
  const degrees =
    metrics.accelerationXG === undefined ? metrics.tiltDegrees : tiltDegrees(metrics, subject.device.upright);
  return degrees === undefined ? undefined : Math.abs(degrees);
};

const said = (
  before: TiltState,
  after: TiltState,
  calm: Calm,
  degrees: number,
  nowMs: number,
  limits: Limits,
  config: Config,
): Step<TiltState> =>
  after === before
    ? stay(before)
    : turn(before, after, timingWith(limits.timing, after.handled), wordingOf(degrees, nowMs, limits, config), calm);

const onSample = (state: TiltState, sample: Sample, subject: Subject, { config, limitsOf }: Running) => {
  const { metrics, nowMs } = sample;
  const { role } = subject.device;
  const limits = limitsOf(role);
  const duty = role === undefined ? state.duty : dutyOf(state.duty, metrics, nowMs, config.vehicleKmh);
  const pause = pauseOf(duty, nowMs);
  if (pause !== undefined) {
    const paused = next(state, QUIET, 0, duty, null);
    return said(state, paused, { code: pause }, state.degrees, nowMs, limits, config);
  }
  const degrees = angleOf(metrics, subject);
  if (degrees === undefined) {
    const { stage } = state;
    return duty === state.duty
      ? stay(state)
      : { state: { ...state, duty }, wakeAtMs: deadlineMs(stage, timingWith(limits.timing, state.handled)) };
  }
  const isMet = isMetIn(state.stage) ? degrees >= limits.clearDegrees : degrees > limits.degrees;
  const badge = role === undefined ? null : handled(jolted(state.handled, metrics, nowMs), metrics, degrees, nowMs);
  const isLaid = badge?.isLaid === true;
  const stage = isLaid ? QUIET : advance(state.stage, isMet, nowMs, timingWith(limits.timing, badge));
  const calm = isLaid ? LAID_DOWN : UP_AGAIN;
  return said(state, next(state, stage, degrees, duty, badge), calm, degrees, nowMs, limits, config);
};

const LAID_DOWN: Calm = { code: 'laid-down' };
const UP_AGAIN: Calm = { code: 'upright' };

const step = (state: TiltState, input: Input, subject: Subject, rule: Running): Step<TiltState> => {
  if (input.type === 'sample') return onSample(state, input, subject, rule);
  if (state.stage.at === 'quiet' && input.type !== 'wake') return stay(state);
  const { config } = rule;
  const limits = rule.limitsOf(subject.device.role);
  const timing = timingWith(limits.timing, state.handled);
  const { stage, calm } = afterInput(state.stage, input, config.id, subject, timing, 'upright');
  const { degrees, duty } = state;
  const after = stage === state.stage ? state : next(state, stage, degrees, duty, state.handled);
  return said(state, after, calm, degrees, input.nowMs, limits, config);
};

const limitsOf = (config: Config, own: Config['roles'][string] = {}): Limits => {
  const { degrees = config.degrees, clearDegrees = config.clearDegrees } = own;
  const { holdSeconds: delaySeconds = config.holdSeconds, preAlarmSeconds = config.preAlarmSeconds } = own;
  return {
    degrees,
    clearDegrees: Math.min(clearDegrees, degrees),
    timing: timingOf({ ...config, delaySeconds, preAlarmSeconds }),
  };
};

const GUIDANCE: Guidance = {
  consequence: { zh: '可能有人跌倒或设备倾倒。', en: 'Somebody may have fallen, or a stand tipped over.' },
  action: { zh: '立即查看，必要时叫急救。', en: 'Go and look now; call first aid if needed.' },
  owner: { zh: '就近安保', en: 'nearest guard' },
};

/**
 * The angle between gravity as measured and the calibrated upright vector, only where |a| is near 1 g. A wearer gets a
 * pre-alarm (buzz) that can be cancelled, and is not judged while charging, off duty, in a vehicle, or when the badge was
 * taken off and laid down.
 */
export const tilt = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => {
    const all = limitsOf(config);
    const roles = new Map(Object.entries(config.roles).map(([role, own]) => [role, limitsOf(config, own)]));
    // A stand has nobody to ask.
    const stand = { ...all, timing: { ...all.timing, preAlarmMs: 0 } };
    const running: Running = { config, limitsOf: byRole(all, roles, stand) };
    return {
      id: config.id,
      kind: config.kind,
      latching: config.latching ?? true,
      guidance: guidanceText(config.guidance, GUIDANCE),
      silence: 'freeze',
      shared: () => false,
      reads: () => true,
      subjects: (device, channel) =>
        channel === '' && device.registered && selects(config.for, device) && concerns(config, device.role)
          ? [device.id]
          : NO_SUBJECTS,
      start: (): RuleState => START,
      step: (state: TiltState, input, subject) => step(state, input, subject, running),
    };
  },
});

/** Without a selection: badges only, for not everything with an accelerometer is meant to stand upright. */
const concerns = (config: Config, role: string | undefined): boolean => config.for !== undefined || role !== undefined;
