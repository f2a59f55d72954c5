import { z } from 'zod';
import { commonShape, guidanceText, NO_SUBJECTS, param, selects, severitySchema } from '../common.ts';
import type { Guidance, Input, RuleState, Step, Subject } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';
import { enter, type FallLimits, type FallState, NOT_SEEN, seen, struck, timingIn } from '../wearer/fallen.ts';
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
import { afterInput, type Calm, turn, type Wording } from '../wearer/turn.ts';

const angle = z.number().min(1).max(179);
const duration = z.number().min(0).max(604_800);
const grams = z.number().positive().max(16);

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('man-down').describe('a wearer is down and does not move, or was hit, or does not get up'),
  degrees: param(angle.default(45), {
    en: 'angle to the calibrated upright above which a wearer counts as down',
    zh: '与校准的直立方向所成角度，超过即视为倒下',
    unit: '°',
    source: 'as in tilt: person-alarm devices take 30-45°',
  }),
  clearDegrees: param(z.number().min(0).max(178).default(35), {
    en: 'angle under which they are up again',
    zh: '低于此角度视为重新站起',
    unit: '°',
    source: '10° of deadband, as in tilt',
  }),
  stillSeconds: secondsParam(10, {
    en: 'down without movement for so long',
    zh: '倒下且无活动多久',
    source: 'nobody who bends, kneels or reaches holds as still for 10 s (falls of the simulator); market: 30 s',
  }),
  impactStillSeconds: secondsParam(5, {
    en: 'the same after an impact or a free fall',
    zh: '撞击或失重之后，倒下且无活动多久',
    source: 'a blow, then down and still: nothing but a fall; long enough to have come to rest',
  }),
  downSeconds: secondsParam(30, {
    en: 'down for so long, however much they move: hurt, crawling',
    zh: '倒下多久，无论是否活动：受伤、爬行',
    source: 'Mobi-Click Life-Tel I Plus: 25 s, and a margin for whoever works bent over',
  }),
  movementG: param(z.number().positive().max(8).default(0.1), {
    en: 'change of acceleration that is movement',
    zh: '视为活动的加速度变化',
    unit: 'g',
    source: 'above breathing (0.02-0.05 g) and noise, below a limb that moves',
  }),
  impactG: param(grams.default(1.8), {
    en: 'acceleration that is an impact',
    zh: '视为撞击的加速度',
    unit: 'g',
    source: 'peaks of falls at the trunk are 2-6 g; a Ruuvi tag measures up to 2 g an axis',
  }),
  freeFallG: param(z.number().min(0).max(1).default(0.41), {
    en: 'acceleration that is a free fall',
    zh: '视为失重的加速度',
    unit: 'g',
    source: 'Bourke 2007: lower fall threshold at the trunk',
  }),
  normalSeconds: normalSeconds(),
  clearSeconds: secondsParam(10, {
    en: 'how long they must be up again',
    zh: '须重新站起多久',
    source: 'somebody who sits up once is not well yet',
  }),
  preAlarmSeconds: secondsParam(10, {
    en: 'time in which a wearer may cancel; 0: nobody is asked',
    zh: '佩戴者可取消的时间；0：不询问',
    source: 'Vatix Safe Pro: 10 s to cancel',
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
          stillSeconds: duration.optional(),
          impactStillSeconds: duration.optional(),
          downSeconds: duration.optional(),
          preAlarmSeconds: duration.optional(),
        }),
      )
      .default({}),
    { en: 'other figures for wearers of a role', zh: '某岗位佩戴者的其他数值' },
  ),
  severity: param(severitySchema.default('red'), { en: 'severity', zh: '级别', source: 'rule table of the product' }),
});

type Config = z.output<typeof schema>;

interface Running {
  readonly config: Config;
  readonly limitsOf: (role: string | undefined) => FallLimits;
}

const wordingOf = ({ degrees, why }: FallState, nowMs: number, limit: number, { severity }: Config): Wording => {
  const value = Math.round(degrees);
  const shown = { value, unit: '°' };
  return {
    calm: ({ code, by = '' }) => ({
      phase: 'normal',
      severity: undefined,
      ...shown,
      reason: { code, params: { degrees: value, by } },
    }),
    alert: ({ at, sinceMs }) => {
      const code = at === 'delay' ? 'lying' : why;
      const seconds = Math.round((nowMs - sinceMs) / 1000);
      return { severity, ...shown, limit, reason: { code, params: { degrees: value, seconds } } };
    },
  };
};

const said = (
  before: FallState,
  after: FallState,
  calm: Calm,
  nowMs: number,
  limits: FallLimits,
  config: Config,
): Step<FallState> => {
  if (after === before) return stay(before);
  return turn(before, after, timingIn(after, limits), wordingOf(after, nowMs, limits.degrees, config), calm);
};

const step = (before: FallState, input: Input, subject: Subject, { config, limitsOf }: Running): Step<FallState> => {
  const limits = limitsOf(subject.device.role);
  const { nowMs } = input;
  if (input.type === 'sample') {
    const { state, calm } = seen(before, input, subject, limits);
    return said(before, state, calm, nowMs, limits, config);
  }
  if (input.type === 'occurrence' && input.kind === 'fall' && !input.historical && !input.retained) {
    return said(before, struck(before, nowMs), { code: 'upright' }, nowMs, limits, config);
  }
  if (before.stage.at === 'quiet' && input.type !== 'wake') return stay(before);
  const { stage, calm } = afterInput(before.stage, input, config.id, subject, timingIn(before, limits), 'upright');
  const state = stage === before.stage ? before : enter(before, stage, before, limits);
  return said(before, state, calm, nowMs, limits, config);
};

const limitsOf = (config: Config, own: Config['roles'][string] = {}): FallLimits => {
  const { degrees = config.degrees, preAlarmSeconds = config.preAlarmSeconds } = own;
  return {
    degrees,
    clearDegrees: Math.min(config.clearDegrees, degrees),
    movementG: config.movementG,
    impactG: config.impactG,
    freeFallG: config.freeFallG,
    vehicleKmh: config.vehicleKmh,
    stillMs: (own.stillSeconds ?? config.stillSeconds) * 1000,
    impactStillMs: (own.impactStillSeconds ?? config.impactStillSeconds) * 1000,
    downMs: (own.downSeconds ?? config.downSeconds) * 1000,
    timing: timingOf({ ...config, delaySeconds: 0, preAlarmSeconds }),
  };
};

const GUIDANCE: Guidance = {
  consequence: { zh: '有人倒下，可能失去意识。', en: 'Somebody is down and may be unconscious.' },
  action: {
    zh: '最近的同事立即前往其位置，带上急救包；呼叫本人，无应答即叫救护车。',
    en: 'The nearest colleague goes there now with the first-aid kit; call them, and an ambulance if they do not answer.',
  },
  owner: { zh: '安保主管', en: 'security lead' },
};

/**
 * Down by the badge's posture, and without movement, or after an impact, or for long: the wearer is asked for a moment and
 * the alarm is red. Works on single samples a second or two apart, for that is what badges advertise.
 */
export const manDown = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => {
    const roles = new Map(Object.entries(config.roles).map(([role, own]) => [role, limitsOf(config, own)]));
    const running: Running = { config, limitsOf: byRole(limitsOf(config), roles) };
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
      start: (): RuleState => NOT_SEEN,
      step: (state: FallState, input, subject) => step(state, input, subject, running),
    };
  },
});
