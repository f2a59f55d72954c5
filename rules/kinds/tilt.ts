import { z } from 'zod';
import type { Metrics } from '../../ingest/model/metrics.ts';
import { commonShape, guidanceText, NO_SUBJECTS, param, seconds, selects, severitySchema } from '../common.ts';
import { tiltDegrees } from '../posture.ts';
import { buzzPrefix } from '../prealarm.ts';
import type { Condition, Guidance, Input, RuleState, Step, Subject } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('tilt').describe('a badge, or a stand with an accelerometer, leans over'),
  degrees: param(z.number().min(1).max(179).default(45), {
    en: 'angle to the calibrated upright above which it counts',
    zh: '与校准的直立方向所成角度，超过即计',
    unit: '°',
    source: 'practice of person-alarm devices: 30-45° (German PNA, Mobi-Click Life-Tel I Plus)',
  }),
  clearDegrees: z.number().min(0).max(178).default(35).describe('angle under which it clears'),
  holdSeconds: seconds('how long it must lean').default(10),
  clearSeconds: seconds('how long it must be upright again').default(0),
  preAlarmSeconds: seconds('time in which a wearer may cancel').default(15),
  confirmSeconds: seconds('a buzz not confirmed in this time raises at once').default(3),
  cancelledSeconds: seconds('how long a cancelled tilt is not judged again, if the wearer stays down').default(300),
  severity: severitySchema.default('orange'),
});

type Config = z.output<typeof schema>;

type TiltState =
  | { readonly phase: 'unknown' }
  | { readonly phase: 'normal' }
  | { readonly phase: 'normal'; readonly cancelledUntilMs: number }
  | { readonly phase: 'pending'; readonly sinceMs: number; readonly degrees: number }
  | {
      readonly phase: 'pending';
      readonly sinceMs: number;
      readonly degrees: number;
      readonly untilMs: number;
      readonly confirmed: boolean;
    }
  | { readonly phase: 'active'; readonly sinceMs: number; readonly degrees: number; readonly uprightSinceMs?: number };

const START: TiltState = { phase: 'unknown' };
const UPRIGHT: TiltState = { phase: 'normal' };

const normal = (code: string, degrees: number): Condition => ({
  phase: 'normal',
  severity: undefined,
  value: Math.round(degrees),
  unit: '°',
  reason: { code, params: { degrees: Math.round(degrees) } },
});

const leaning = (phase: 'pending' | 'active', degrees: number, forMs: number, config: Config): Condition => ({
  phase,
  severity: config.severity,
  value: Math.round(degrees),
  unit: '°',
  limit: config.degrees,
  reason: { code: 'tilted', params: { degrees: Math.round(degrees), seconds: Math.round(forMs / 1000) } },
});

const raise = (sinceMs: number, degrees: number, nowMs: number, config: Config): Step<TiltState> => ({
  state: { phase: 'active', sinceMs, degrees },
  condition: leaning('active', degrees, nowMs - sinceMs, config),
});

/** The hold is over: a stand alarms, a wearer is asked first. */
const held = (sinceMs: number, degrees: number, nowMs: number, subject: Subject, config: Config): Step<TiltState> => {
  const wearer = subject.device.role !== undefined;
  if (!wearer || config.preAlarmSeconds === 0) return raise(sinceMs, degrees, nowMs, config);
  const untilMs = nowMs + config.preAlarmSeconds * 1000;
  return {
    state: { phase: 'pending', sinceMs, degrees, untilMs, confirmed: false },
    condition: { ...leaning('pending', degrees, nowMs - sinceMs, config), preAlarmUntilMs: untilMs },
    wakeAtMs: Math.min(untilMs, nowMs + config.confirmSeconds * 1000),
  };
};

const onAngle = (state: TiltState, degrees: number, nowMs: number, config: Config): Step<TiltState> => {
  switch (state.phase) {
    case 'unknown':
    case 'normal': {
      if (degrees <= config.degrees) {
        if (state.phase === 'unknown') return { state: UPRIGHT, condition: normal('upright', degrees) };
        return 'cancelledUntilMs' in state && degrees < config.clearDegrees ? { state: UPRIGHT } : stay(state);
      }
      if ('cancelledUntilMs' in state && nowMs < state.cancelledUntilMs) return stay(state);
      return {
        state: { phase: 'pending', sinceMs: nowMs, degrees },
        condition: leaning('pending', degrees, 0, config),
        wakeAtMs: nowMs + config.holdSeconds * 1000,
      };
    }
    case 'pending':
      if (degrees > config.degrees) return stay(state);
      return { state: UPRIGHT, condition: normal('upright', degrees) };
    case 'active': {
      if (degrees >= config.clearDegrees) {
        const { uprightSinceMs, ...still } = state;
        return uprightSinceMs === undefined ? stay(state) : { state: still };
      }
      if (config.clearSeconds === 0) return { state: UPRIGHT, condition: normal('upright', degrees) };
      if (state.uprightSinceMs !== undefined) return stay(state);
      return { state: { ...state, uprightSinceMs: nowMs }, wakeAtMs: nowMs + config.clearSeconds * 1000 };
    }
  }
};

const onWake = (state: TiltState, nowMs: number, subject: Subject, config: Config): Step<TiltState> => {
  if (state.phase === 'active') {
    return state.uprightSinceMs === undefined
      ? stay(state)
      : { state: UPRIGHT, condition: normal('upright', config.clearDegrees) };
  }
  if (state.phase !== 'pending') return stay(state);
  if (!('untilMs' in state)) return held(state.sinceMs, state.degrees, nowMs, subject, config);
  if (state.confirmed && nowMs < state.untilMs) return { state, wakeAtMs: state.untilMs };
  return raise(state.sinceMs, state.degrees, nowMs, config);
};

/** The wearer's own word: a cancel ends the pre-alarm, a confirmed buzz gives it its full time. */
const onWord = (state: TiltState, input: Input, subject: Subject, config: Config): Step<TiltState> => {
  if (input.type !== 'occurrence' || input.retained || state.phase !== 'pending') return stay(state);
  if (input.kind === 'cancel') {
    return {
      state: { phase: 'normal', cancelledUntilMs: input.nowMs + config.cancelledSeconds * 1000 },
      condition: { phase: 'normal', severity: undefined, reason: { code: 'tilt-cancelled', params: {} } },
    };
  }
  const confirms = input.kind === 'done' && String(input.attributes.id).startsWith(buzzPrefix(config.id, subject.id));
  if (!confirms || !('untilMs' in state) || state.confirmed) return stay(state);
  return { state: { ...state, confirmed: true }, wakeAtMs: state.untilMs };
};

const angleOf = (metrics: Metrics, subject: Subject): number | undefined =>
  metrics.accelerationXG === undefined ? metrics.tiltDegrees : tiltDegrees(metrics, subject.device.upright);

const step = (state: TiltState, input: Input, subject: Subject, config: Config): Step<TiltState> => {
  if (input.type === 'sample') {
    const degrees = angleOf(input.metrics, subject);
    return degrees === undefined ? stay(state) : onAngle(state, Math.abs(degrees), input.nowMs, config);
  }
  if (input.type === 'wake') return onWake(state, input.nowMs, subject, config);
  return onWord(state, input, subject, config);
};

const GUIDANCE: Guidance = {
  consequence: { zh: '可能有人跌倒或设备倾倒。', en: 'Somebody may have fallen, or a stand tipped over.' },
  action: { zh: '立即查看，必要时叫急救。', en: 'Go and look now; call first aid if needed.' },
  owner: { zh: '就近安保', en: 'nearest guard' },
};

/**
 * The angle between gravity as measured and the calibrated upright vector. A wearer gets a pre-alarm (buzz) that can be
 * cancelled; a badge that does not confirm the buzz raises at once, for waiting would only cost time.
 */
export const tilt = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (config) => ({
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
    step: (state: TiltState, input, subject) => step(state, input, subject, config),
  }),
});

/** Without a selection: badges only, for not everything with an accelerometer is meant to stand upright. */
const concerns = (config: Config, role: string | undefined): boolean => config.for !== undefined || role !== undefined;
