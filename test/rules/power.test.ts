import { describe, expect, test } from 'vitest';
import { NO_BREAKER, type OverloadSettings } from '../../rules/power/breaker.ts';
import {
  START as EQUAL,
  imbalancePlan,
  sampled as phaseReports,
  woken as phasesWoken,
} from '../../rules/power/imbalance.ts';
import { type CurveSetting, fullAtMs, nextIntegral, operatingMs, sumAt } from '../../rules/power/inverse-time.ts';
import { type OvercurrentState, overcurrentPlan, START, sampled, woken } from '../../rules/power/overload.ts';
import { device } from './stage.ts';

const SETTINGS: OverloadSettings = {
  ...NO_BREAKER,
  continuousFraction: 0.8,
  continuousSeconds: 60,
  limitHoldSeconds: 0,
  definiteSeconds: 60,
  instantaneousSeconds: 0.2,
  reset: 'time',
  resetSeconds: 60,
  clearSeconds: 30,
  deadbandFraction: 0.05,
};
const RATED_AMPS = 100;

/** A circuit of 100 A from its first quiet sample on. */
const circuit = (settings: Partial<OverloadSettings> = {}) => {
  const plan = overcurrentPlan({ ...SETTINGS, ...settings });
  let state: OvercurrentState = sampled(plan, START, 10, 0, RATED_AMPS).state;
  const take = (step: ReturnType<typeof sampled>) => {
    state = step.state;
    return step;
  };
  return {
    at: (seconds: number, amps: number) => take(sampled(plan, state, amps, seconds * 1000, RATED_AMPS)),
    wake: (seconds: number) => take(woken(plan, state, seconds * 1000, RATED_AMPS)),
    state: () => state,
  };
};

describe('a circuit', () => {
  test('is on its way from the continuous load on, not below it', () => {
    const { at, state } = circuit();
    const quiet = state();
    expect(at(1, 79.999).state).toBe(quiet);
    expect(at(2, 80).condition).toMatchObject({ phase: 'pending', severity: 'yellow' });
  });

  test('says a current again that has moved by a twentieth of the rating, and nothing of less', () => {
    const { at, wake } = circuit();
    at(0, 80);
    expect(wake(60).condition).toMatchObject({ phase: 'active', value: 80 });
    expect(at(61, 84.9).condition).toBeUndefined();
    expect(at(62, 85).condition).toMatchObject({ phase: 'active', value: 85 });
    expect(at(63, 80.1).condition).toBeUndefined();
  });

  test('is the same object where nothing changes', () => {
    const { at } = circuit({ curve: 'DT', definiteSeconds: 1 });
    for (const [seconds, amps] of [
      [1, 85],
      [2, 120],
      [4, 120],
    ] as const) {
      const { state } = at(seconds, amps);
      expect(at(seconds + 0.5, amps).state, `${amps} A`).toBe(state);
    }
  });

  test('trips on at exactly the pick-up, and eases below it', () => {
    const { at } = circuit({ curve: 'DT', definiteSeconds: 1 });
    at(0, 100.1);
    expect(at(1, 100).condition).toMatchObject({ severity: 'red', reason: { code: 'overload-trip' } });
    expect(at(2, 120).condition?.reason.code).toBe('overload-trip');
    expect(at(3, 99.9).condition?.reason.code).toBe('overload-easing');
  });

  test('says the time left again when half of it has gone, while that is half a minute or more', () => {
    const said = (definiteSeconds: number) => {
      const { at, wake } = circuit({ curve: 'DT', definiteSeconds });
      const first = at(0, 120);
      expect(first.condition?.reason.params).toMatchObject({ secondsToTrip: definiteSeconds, curve: 'DT' });
      expect(wake(29.9).condition).toBeUndefined();
      return wake(30).condition?.reason.params;
    };
    expect(said(60)).toMatchObject({ secondsToTrip: 30 });
    expect(said(59)).toBeUndefined();
  });

  test('does not say the time again of what is only under way, nor of red', () => {
    const rising = circuit({ curve: 'DT', definiteSeconds: 300, limitHoldSeconds: 200, continuousSeconds: 3600 });
    expect(rising.at(0, 120).condition).toMatchObject({ phase: 'pending', severity: 'orange' });
    expect(rising.wake(150).condition).toBeUndefined();
    const red = circuit({ curve: 'DT', definiteSeconds: 300 });
    red.at(0, 900);
    expect(red.at(0.2, 900).condition).toMatchObject({ phase: 'active', severity: 'red' });
    expect(red.wake(150.2).condition).toBeUndefined();
  });

  test('says no time left where none runs, nor where the breaker trips now', () => {
    const { at, wake } = circuit({ curve: 'DT', definiteSeconds: 10 });
    at(0, 100);
    expect(at(1, 100).state.severity).toBe('orange');
    expect(at(2, 90).condition?.reason.params).not.toHaveProperty('secondsToTrip');
    at(3, 120);
    expect(wake(13).condition).toMatchObject({ severity: 'red', reason: { code: 'overload-trip' } });
    expect(at(14, 130).condition?.reason.params).not.toHaveProperty('secondsToTrip');
  });

  test('cools as fast as the current of now lets it, where the curve says so', () => {
    const { at } = circuit({ curve: 'IEEE-VI', reset: 'curve', clearSeconds: 0 });
    at(0, 300);
    at(1, 70);
    expect(at(2, 10).state.integral?.multiple).toBe(0.1);
  });
});

describe('the integral', () => {
  const definite = (definiteMs: number): CurveSetting => ({
    curve: 'DT',
    timeMultiplier: 1,
    definiteMs,
    reset: 'time',
    resetMs: 60_000,
  });

  test('does not run at exactly the pick-up', () => {
    expect(operatingMs(definite(1000), 1)).toBe(Infinity);
    expect(operatingMs(definite(1000), 1.001)).toBe(1000);
    expect(nextIntegral(definite(1000), null, 1, 0)).toBeNull();
    expect(nextIntegral(definite(1000), { sum: 0, multiple: 2, atMs: 5 }, 1, 5)).toBeNull();
    expect(nextIntegral(definite(1000), { sum: 0.5, multiple: 2, atMs: 5 }, 1, 5)).toEqual({
      sum: 0.5,
      multiple: 1,
      atMs: 5,
    });
  });

  test('is full at the very millisecond that was promised, whatever rounding leaves', () => {
    const setting = definite(1000.000_000_5);
    const integral = { sum: 0, multiple: 2, atMs: 0 };
    expect(fullAtMs(setting, integral)).toBe(1000);
    expect(sumAt(setting, integral, 1000)).toBe(1);
    expect(sumAt(setting, integral, 999)).toBeLessThan(1);
  });
});

describe('unequal phases', () => {
  const board = device('board', { reports: { everySeconds: 10 } });
  const plan = imbalancePlan({
    yellow: 20,
    orange: 40,
    leastAmps: 1,
    holdSeconds: 10,
    clearSeconds: 0,
    deadbandPercent: 2,
  });
  const report = (before: typeof EQUAL, seconds: number, ...amps: readonly number[]) => {
    const names = ['a', 'b', 'c'] as const;
    return names.slice(0, amps.length).reduce<ReturnType<typeof phaseReports>>(
      (step, name, index) => {
        const next = phaseReports(plan, step.state, name, amps[index] ?? 0, seconds * 1000, board);
        return { ...next, condition: next.condition ?? step.condition };
      },
      { state: before },
    );
  };
  /** 30 % since 10 s. */
  const unequal = () => report(report(EQUAL, 0, 10, 10, 15.45).state, 10, 10, 10, 15.45).state;

  test('say it when they are, and again after ten per cent more', () => {
    expect(report(EQUAL, 0, 10, 10, 15.45).condition).toMatchObject({ phase: 'pending', severity: 'yellow' });
    const state = unequal();
    expect(state).toMatchObject({ phase: 'active', severity: 'yellow' });
    expect(report(state, 15, 10, 10, 16.2).condition).toBeUndefined();
    expect(report(state, 15, 10, 10, 17.8).condition).toMatchObject({ phase: 'active', severity: 'yellow' });
    expect(report(state, 15, 10, 10, 10).condition).toMatchObject({ phase: 'normal' });
  });

  test('keep their severity while one of them is missing, and are judged again when it is back', () => {
    const gone = report(unequal(), 45, 10, 10);
    expect(gone.condition).toMatchObject({ phase: 'unknown', severity: 'yellow' });
    expect(phasesWoken(plan, gone.state, 50_000).state).toBe(gone.state);
    const back = report(gone.state, 46, 10, 10, 15.45);
    expect(back.condition).toMatchObject({ phase: 'active', severity: 'yellow' });
    expect(back.state.missingSinceMs).toBeNull();
  });
});
