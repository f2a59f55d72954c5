import type { Level, Marks, Scale } from '../levels.ts';
import {
  earlier,
  isBeyond,
  judgeLevels,
  NO_MARKS,
  nextDeadlineMs,
  passTime,
  reachedLevel,
  risingLevel,
} from '../levels.ts';
import { forPeople } from '../rounding.ts';
import type { Condition, Phase, Severity, Step } from '../rule.ts';
import { stay } from '../rule.ts';
import { type SaidState, worthSaying } from '../saying.ts';
import { curveSetting, type OverloadSettings } from './breaker.ts';
import { type CurveSetting, fullAtMs, type Integral, nextIntegral, operatingMs, sumAt } from './inverse-time.ts';

/** Settings made ready: scales are in multiples of the rated current. */
export interface OverloadPlan {
  readonly settings: OverloadSettings;
  readonly loads: Scale;
  /** Holds red after the integral is full, until the current is back under the pick-up. */
  readonly trip: Scale;
  readonly curve: CurveSetting;
}

export interface OvercurrentState extends SaidState {
  /** The current that holds, amperes; null while nothing is on the way. */
  readonly amps: number | null;
  readonly integral: Integral | null;
  readonly loads: Marks;
  readonly trip: Marks;
  /** When the time left until the trip is to be said again; null: it is not running, or is said once. */
  readonly sayAgainMs: number | null;
}

export const START: OvercurrentState = {
  phase: 'unknown',
  severity: null,
  told: null,
  amps: null,
  integral: null,
  loads: NO_MARKS,
  trip: NO_MARKS,
  sayAgainMs: null,
};

/** One object for every quiet circuit. */
const QUIET: OvercurrentState = { ...START, phase: 'normal' };

/** A change of an active current worth telling, as a share of the rating. */
const TOLD_STEP = 0.05;

export const overcurrentPlan = (settings: OverloadSettings): OverloadPlan => {
  const { continuousFraction, pickupMultiple, instantaneousMultiple } = settings;
  const common = {
    direction: 'above',
    clearMs: settings.clearSeconds * 1000,
    deadband: settings.deadbandFraction,
  } as const;
  const levels: readonly Level[] = [
    { severity: 'yellow', limit: continuousFraction, holdMs: settings.continuousSeconds * 1000 },
    { severity: 'orange', limit: pickupMultiple, holdMs: settings.limitHoldSeconds * 1000 },
    { severity: 'red', limit: instantaneousMultiple, holdMs: settings.instantaneousSeconds * 1000, confirmed: true },
  ];
  return {
    settings,
    loads: { ...common, levels },
    trip: { ...common, levels: [{ severity: 'red', limit: pickupMultiple, holdMs: 0 }] },
    curve: curveSetting(settings),
  };
};

interface Found {
  readonly phase: Phase;
  readonly severity: Severity | undefined;
  /** Multiple of the rating at which the level lies. */
  readonly limit: number | undefined;
  readonly code: string;
}

const reachedCode = (plan: OverloadPlan, level: Level, multiple: number): string => {
  if (!isBeyond(plan.loads, level, multiple)) return 'overload-easing';
  if (level.severity === 'red') return 'overload-instantaneous';
  return level.severity === 'orange' ? 'overload' : 'overload-continuous';
};

/** `sinceActive`: what was active ends as normal; a milder level is pending only after that. */
const find = (plan: OverloadPlan, loads: Marks, trip: Marks, multiple: number, sinceActive: boolean): Found => {
  const { pickupMultiple: limit } = plan.settings;
  const level = reachedLevel(plan.loads, loads);
  if (trip.length > 0) {
    return { phase: 'active', severity: 'red', limit, code: multiple >= limit ? 'overload-trip' : 'overload-easing' };
  }
  if (level !== undefined) {
    return { phase: 'active', severity: level.severity, limit: level.limit, code: reachedCode(plan, level, multiple) };
  }
  const rising = sinceActive ? undefined : risingLevel(plan.loads, loads);
  if (rising === undefined) return { phase: 'normal', severity: undefined, limit: undefined, code: 'circuit-normal' };
  return { phase: 'pending', severity: rising.severity, limit: rising.limit, code: 'overload-rising' };
};

/** How long until a breaker of this curve would trip if the current holds; undefined below the pick-up. */
const msToTrip = (plan: OverloadPlan, integral: Integral | null, nowMs: number): number | undefined => {
  if (integral === null) return undefined;
  const leftMs = (1 - sumAt(plan.curve, integral, nowMs)) * operatingMs(plan.curve, integral.multiple);
  return Number.isFinite(leftMs) ? leftMs : undefined;
};

/** A time left that is shorter is not said again: the trip itself is near. */
const SAY_AGAIN_MIN_MS = 30_000;

/** The time left is said again once half of it has gone, so that an alarm never promises more than twice what is left. */
const nextSayMs = ({ phase, severity }: Found, toTripMs: number | undefined, nowMs: number): number | null => {
  if (phase !== 'active' || severity === 'red' || toTripMs === undefined) return null;
  return toTripMs / 2 < SAY_AGAIN_MIN_MS ? null : nowMs + Math.ceil(toTripMs / 2);
};

const conditionOf = (
  plan: OverloadPlan,
  found: Found,
  amps: number,
  ratedAmps: number,
  toTripMs: number | undefined,
): Condition => {
  const params: Record<string, number | string> = {
    amps: forPeople(amps),
    ratedAmps: forPeople(ratedAmps),
    percent: Math.round((100 * amps) / ratedAmps),
  };
  if (found.code === 'overload-continuous') params.seconds = plan.settings.continuousSeconds;
  if (toTripMs !== undefined && found.severity !== 'red') {
    params.secondsToTrip = Math.round(toTripMs / 1000);
    params.curve = plan.curve.curve;
  }
  return {
    phase: found.phase,
    severity: found.severity,
    reason: { code: found.code, params },
    value: forPeople(amps),
    unit: 'A',
    limit: found.limit === undefined ? undefined : forPeople(found.limit * ratedAmps),
  };
};

const deadlineOf = (
  plan: OverloadPlan,
  { integral, loads, trip, sayAgainMs }: OvercurrentState,
): number | undefined => {
  const tripMs = integral === null || trip.length > 0 ? undefined : fullAtMs(plan.curve, integral);
  const levelMs = earlier(nextDeadlineMs(plan.loads, loads), nextDeadlineMs(plan.trip, trip));
  return earlier(earlier(levelMs, tripMs), sayAgainMs ?? undefined);
};

type Parts = Pick<OvercurrentState, 'integral' | 'loads' | 'trip'>;

const conclude = (
  plan: OverloadPlan,
  state: OvercurrentState,
  parts: Parts,
  amps: number,
  nowMs: number,
  ratedAmps: number,
): Step<OvercurrentState> => {
  const { integral, loads, trip } = parts;
  const found = find(plan, loads, trip, amps / ratedAmps, state.phase === 'active');
  const { phase, severity } = found;
  const isDue = state.sayAgainMs !== null && nowMs >= state.sayAgainMs - 0.001;
  const speak = isDue || worthSaying(state, { phase, severity, value: amps }, TOLD_STEP * ratedAmps);
  const toTripMs = speak ? msToTrip(plan, integral, nowMs) : undefined;
  const condition = speak ? conditionOf(plan, found, amps, ratedAmps, toTripMs) : undefined;
  if (loads.length === 0 && trip.length === 0 && integral === null) return { state: QUIET, condition };
  const told = speak ? amps : state.told;
  const sayAgainMs = speak ? nextSayMs(found, toTripMs, nowMs) : state.sayAgainMs;
  const next: OvercurrentState = { phase, severity: severity ?? null, told, amps, integral, loads, trip, sayAgainMs };
  return { state: next, condition, wakeAtMs: deadlineOf(plan, next) };
};

/** True once the curve has run out under the current that has held until now. */
const ranOut = (plan: OverloadPlan, { integral }: OvercurrentState, nowMs: number): boolean => {
  const fullMs = integral === null ? undefined : fullAtMs(plan.curve, integral);
  return fullMs !== undefined && nowMs >= fullMs - 0.001;
};

/**
 * Judges a new current. Where the curve ran out before this sample without a wake (the gateway was down), it counts
 * only if this sample is still at or above the pick-up.
 */
export const sampled = (
  plan: OverloadPlan,
  state: OvercurrentState,
  amps: number,
  nowMs: number,
  ratedAmps: number,
): Step<OvercurrentState> => {
  const multiple = amps / ratedAmps;
  if (multiple < plan.settings.continuousFraction && state.amps === null && state.phase === 'normal') {
    return stay(state);
  }
  const loads = judgeLevels(plan.loads, state.loads, multiple, nowMs);
  const integral = nextIntegral(plan.curve, state.integral, multiple / plan.settings.pickupMultiple, nowMs);
  const tripping = state.trip.length > 0 || ranOut(plan, state, nowMs);
  const trip = tripping ? judgeLevels(plan.trip, state.trip, multiple, nowMs) : state.trip;
  const same = loads === state.loads && trip === state.trip && integral === state.integral;
  if (same && amps === state.amps) return stay(state);
  return conclude(plan, state, { integral, loads, trip }, amps, nowMs, ratedAmps);
};

/** Time has passed and the current held. */
export const woken = (
  plan: OverloadPlan,
  state: OvercurrentState,
  nowMs: number,
  ratedAmps: number,
): Step<OvercurrentState> => {
  if (state.amps === null) return stay(state);
  const loads = passTime(plan.loads, state.loads, nowMs);
  const trip =
    state.trip.length === 0 && ranOut(plan, state, nowMs)
      ? judgeLevels(plan.trip, state.trip, state.amps / ratedAmps, nowMs)
      : passTime(plan.trip, state.trip, nowMs);
  return conclude(plan, state, { integral: state.integral, loads, trip }, state.amps, nowMs, ratedAmps);
};
