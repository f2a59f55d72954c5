import { z } from 'zod';
import type { Occurrence, Sample } from '../../ingest/model/sample.ts';
import { commonShape, guidanceText, NO_SUBJECTS, seconds, selects, severitySchema } from '../common.ts';
import { completed, movement, NO_POSE, type Pose, poseOf } from '../movement.ts';
import type { Condition, Guidance, Input, RuleState, Step, Subject } from '../rule.ts';
import { defineRuleKind, stay } from '../rule.ts';

const minutes = z.number().positive().max(1440);

const schema = z.strictObject({
  ...commonShape,
  kind: z.literal('stillness').describe('a badge that has not moved'),
  minutes: minutes.default(30).describe('time without movement, minutes'),
  roles: z.record(z.string(), minutes).default({}).describe('minutes for wearers of a role'),
  preAlarmSeconds: seconds('the badge buzzes this long before; any movement or a cancel ends it').default(120),
  accelerationG: z.number().positive().max(8).default(0.1).describe('change of acceleration that is movement, g'),
  displacementMeters: z.number().positive().max(10_000).default(25).describe('change of position that is movement'),
  severity: severitySchema.default('orange'),
});

type Settings = z.output<typeof schema>;

interface Config extends Settings {
  /** Minutes by role; empty where all are alike, and then nobody's role is looked up. */
  readonly byRole: ReadonlyMap<string, number>;
}

/** `unknown` until first evidence; `paused` while charging or off duty. */
interface StillState extends RuleState {
  readonly sinceMs: number;
  readonly pose: Pose;
  readonly charging: boolean;
  readonly offDuty: boolean;
}

const START: StillState = { phase: 'unknown', sinceMs: 0, pose: NO_POSE, charging: false, offDuty: false };

const limitMinutes = (config: Config, subject: Subject): number =>
  (config.byRole.size === 0 ? undefined : config.byRole.get(subject.device.role ?? '')) ?? config.minutes;

const preAlarmMs = (config: Config, limitMs: number): number => Math.min(config.preAlarmSeconds * 1000, limitMs / 2);

const paused = (state: StillState): boolean => state.charging || state.offDuty;

const normal = (code: string): Condition => ({ phase: 'normal', severity: undefined, reason: { code, params: {} } });

const still = (phase: 'pending' | 'active', forMs: number, limit: number, config: Config): Condition => {
  const value = Math.round(forMs / 6000) / 10;
  return {
    phase,
    severity: config.severity,
    value,
    unit: 'min',
    limit,
    reason: { code: 'still', params: { minutes: value } },
  };
};

/** The time starts anew; a wake-up stands at the pre-alarm. */
const restart = (
  state: StillState,
  pose: Pose,
  nowMs: number,
  code: string,
  subject: Subject,
  config: Config,
): Step<StillState> => {
  const limitMs = limitMinutes(config, subject) * 60_000;
  const { charging, offDuty } = state;
  const next: StillState = { phase: 'normal', sinceMs: nowMs, pose, charging, offDuty };
  return {
    state: next,
    condition: state.phase === 'normal' ? undefined : normal(code),
    wakeAtMs: paused(next) ? undefined : nowMs + limitMs - preAlarmMs(config, limitMs),
  };
};

const onSample = (state: StillState, sample: Sample, subject: Subject, config: Config): Step<StillState> => {
  const { metrics, nowMs } = sample;
  const charging = metrics.charging === undefined ? state.charging : metrics.charging > 0;
  const offDuty = metrics.onDuty === undefined ? state.offDuty : metrics.onDuty === 0;
  if (charging !== state.charging || offDuty !== state.offDuty) {
    const changed: StillState = { ...state, charging, offDuty };
    const code = paused(changed) ? 'paused' : 'moving';
    return restart(changed, poseOf(metrics, state.pose), nowMs, code, subject, config);
  }
  const { evidence, moved } = movement(state.pose, metrics, config);
  if (!evidence) return stay(state);
  if (moved || state.phase === 'unknown') {
    return restart(state, poseOf(metrics, state.pose), nowMs, 'moving', subject, config);
  }
  const pose = completed(state.pose, metrics);
  return pose === state.pose
    ? stay(state)
    : { state: { ...state, pose }, wakeAtMs: nextWakeMs(state, subject, config) };
};

/** When time alone changes what is said of this state; undefined: never. */
const nextWakeMs = (state: StillState, subject: Subject, config: Config): number | undefined => {
  if (paused(state)) return undefined;
  const limitMs = limitMinutes(config, subject) * 60_000;
  if (state.phase === 'normal') return state.sinceMs + limitMs - preAlarmMs(config, limitMs);
  return state.phase === 'pending' ? state.sinceMs + limitMs : undefined;
};

const onWake = (state: StillState, nowMs: number, subject: Subject, config: Config): Step<StillState> => {
  const limit = limitMinutes(config, subject);
  const endMs = state.sinceMs + limit * 60_000;
  const forMs = nowMs - state.sinceMs;
  if (paused(state) || state.phase === 'unknown' || state.phase === 'active') return stay(state);
  if (nowMs >= endMs) {
    return { state: { ...state, phase: 'active' }, condition: still('active', forMs, limit, config) };
  }
  if (state.phase === 'pending') return { state, wakeAtMs: endMs };
  return {
    state: { ...state, phase: 'pending' },
    condition: { ...still('pending', forMs, limit, config), preAlarmUntilMs: endMs },
    wakeAtMs: endMs,
  };
};

/** A press is a sign of life; the automatic answer of a badge's firmware is not. */
const isSignOfLife = (input: Occurrence): boolean =>
  !input.retained &&
  !input.historical &&
  (input.kind === 'cancel' || input.kind === 'checkin' || input.kind === 'button' || input.kind === 'sos');

const step = (state: StillState, input: Input, subject: Subject, config: Config): Step<StillState> => {
  switch (input.type) {
    case 'sample':
      return onSample(state, input, subject, config);
    case 'wake':
      return onWake(state, input.nowMs, subject, config);
    case 'occurrence':
      return isSignOfLife(input) ? restart(state, state.pose, input.nowMs, 'moving', subject, config) : stay(state);
    default:
      return stay(state);
  }
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
 * No movement for a role's time: acceleration, movement counter, position and the badge's own flag are all evidence.
 * The pre-alarm lies within that time. Silence is not stillness: while the badge is silent the engine stops its time.
 */
export const stillness = defineRuleKind({
  schema,
  guidance: GUIDANCE,
  create: (settings) => {
    const config: Config = { ...settings, byRole: new Map(Object.entries(settings.roles)) };
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
        const kept: StillState = { ...state, phase: 'normal' };
        return { state: kept, wakeAtMs: nextWakeMs(kept, subject, config) };
      },
      step: (state: StillState, input, subject) => step(state, input, subject, config),
    };
  },
});
