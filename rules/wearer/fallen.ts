import type { Metrics } from '../../ingest/model/metrics.ts';
import type { Sample } from '../../ingest/model/sample.ts';
import type { Subject } from '../rule.ts';
import { type DownLimits, fallenAt, IMPACT_HOLDS_MS, isImpact, type Lying, lying, shaken, type Why } from './down.ts';
import { dutyOf, isOnDuty, ON_DUTY, pauseOf } from './duty.ts';
import { handled, jolted, timingWith } from './laid-down.ts';
import { tiltDegrees } from './posture.ts';
import type { Calm, Watched } from './turn.ts';
import { advance, isMetIn, isQuiet, isSameStage, PHASES, QUIET, type Stage, type Timing } from './two-stage.ts';

/** What one wearer is held to. */
export interface FallLimits extends DownLimits {
  readonly degrees: number;
  readonly clearDegrees: number;
  readonly vehicleKmh: number;
  /** Its on-delay is not used: that depends on how somebody lies. */
  readonly timing: Timing;
}

export interface FallState extends Watched {
  /** When an impact or a free fall was last seen; null: not lately. */
  readonly impactMs: number | null;
  /** While the wearer is down and does not count as fallen yet. */
  readonly lying: Lying | null;
  readonly why: Why;
  /** The angle at which it began. */
  readonly degrees: number;
}

export const NOT_SEEN: FallState = {
  phase: 'unknown',
  stage: QUIET,
  duty: ON_DUTY,
  handled: null,
  impactMs: null,
  lying: null,
  why: 'fallen-still',
  degrees: 0,
};

const UP: FallState = { ...NOT_SEEN, phase: 'normal' };

/** What a sample shows beside the stage. */
type Shown = Pick<FallState, 'duty' | 'handled' | 'impactMs' | 'lying' | 'degrees'>;

const timingFor = (
  stage: Stage,
  { lying, impactMs, handled: badge }: Shown,
  nowMs: number,
  limits: FallLimits,
): Timing => {
  if (lying === null || (stage.at !== 'delay' && stage.at !== 'quiet')) return limits.timing;
  const sinceMs = stage.at === 'delay' ? stage.sinceMs : nowMs;
  const delayMs = fallenAt(sinceMs, lying, impactMs, limits).atMs - sinceMs;
  return timingWith({ ...limits.timing, delayMs }, badge);
};

/** Times that hold in a state: the on-delay depends on how the wearer lies. */
export const timingIn = (state: FallState, limits: FallLimits): Timing => timingFor(state.stage, state, 0, limits);

/** A state of its own only where it says more than that all is well, so that thousands of wearers share one. */
export const enter = (state: FallState, stage: Stage, shown: Shown, limits: FallLimits): FallState => {
  const phase = PHASES[stage.at];
  const { duty, handled, impactMs } = shown;
  const lies = stage.at === 'delay' ? shown.lying : null;
  const isSame = isSameStage(stage, state.stage) && phase === state.phase && lies === state.lying;
  if (isSame && duty === state.duty && handled === state.handled && impactMs === state.impactMs) return state;
  if (isQuiet(stage) && isOnDuty(duty) && handled === null && impactMs === null) return UP;
  const before = state.stage;
  const why =
    before.at === 'delay' && shown.lying !== null
      ? fallenAt(before.sinceMs, shown.lying, impactMs, limits).why
      : state.why;
  const degrees = before.at === 'quiet' ? shown.degrees : state.degrees;
  return { phase, stage, duty, handled, impactMs, lying: lies, why, degrees };
};

/** An impact is of use until somebody has gone down, or has not. */
const impactOf = (state: FallState, { metrics, nowMs }: Sample, limits: FallLimits): number | null => {
  if (isImpact(metrics, limits)) return nowMs;
  const isOld = state.impactMs !== null && state.stage.at === 'quiet' && nowMs - state.impactMs > IMPACT_HOLDS_MS;
  return isOld ? null : state.impactMs;
};

const angleOf = (metrics: Metrics, { device }: Subject): number | undefined => {
  const degrees = metrics.accelerationXG === undefined ? metrics.tiltDegrees : tiltDegrees(metrics, device.upright);
  return degrees === undefined ? undefined : Math.abs(degrees);
};

/** A sample that says nothing of posture. */
const blurred = (state: FallState, shown: Shown, { metrics, nowMs }: Sample): FallState => {
  const { duty, handled, impactMs } = shown;
  if (state.lying !== null && metrics.accelerationXG !== undefined) {
    return { ...state, duty, handled, impactMs, lying: shaken(state.lying, nowMs) };
  }
  const isSame = duty === state.duty && handled === state.handled && impactMs === state.impactMs;
  return isSame ? state : { ...state, duty, handled, impactMs };
};

/** What a sample makes of a state, and why nothing is wrong where nothing is. */
export const seen = (
  state: FallState,
  sample: Sample,
  subject: Subject,
  limits: FallLimits,
): { readonly state: FallState; readonly calm: Calm } => {
  const { metrics, nowMs } = sample;
  const duty = dutyOf(state.duty, metrics, nowMs, limits.vehicleKmh);
  const pause = pauseOf(duty, nowMs);
  if (pause !== undefined) return { state: enter(state, QUIET, { ...UP, duty }, limits), calm: CALM[pause] };
  const impactMs = impactOf(state, sample, limits);
  const degrees = angleOf(metrics, subject);
  const worn = jolted(state.handled, metrics, nowMs);
  if (degrees === undefined) {
    return { state: blurred(state, { ...state, duty, impactMs, handled: worn }, sample), calm: CALM.upright };
  }
  const isMet = isMetIn(state.stage) ? degrees >= limits.clearDegrees : degrees > limits.degrees;
  const badge = handled(worn, metrics, degrees, nowMs);
  const lies = isMet || state.lying !== null ? lying(state.lying, metrics, nowMs, limits) : null;
  const shown = { duty, handled: badge, impactMs, lying: lies, degrees };
  if (badge?.isLaid === true) return { state: enter(state, QUIET, shown, limits), calm: CALM['laid-down'] };
  const stage = advance(state.stage, isMet, nowMs, timingFor(state.stage, shown, nowMs, limits));
  return { state: enter(state, stage, shown, limits), calm: CALM.upright };
};

const CALM = {
  upright: { code: 'upright' },
  paused: { code: 'paused' },
  riding: { code: 'riding' },
  'laid-down': { code: 'laid-down' },
} as const;

/** The badge itself says that it fell. */
export const struck = (state: FallState, nowMs: number): FallState => ({ ...state, impactMs: nowMs });
