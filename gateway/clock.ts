import { asyncScheduler } from 'rxjs';
import type { JudgeScheduler } from '../rules/engine.ts';

/**
 * The gateway's clock: judged time, and timers in it. Monotonic, anchored once to a start time, so that a step of the
 * system clock neither fires nor stalls a rule.
 */
export interface VenueClock extends JudgeScheduler {
  /** Judged time, whole Unix milliseconds. */
  now(): number;
  /** How much faster than real time it runs; 1 where absent. */
  readonly speed?: number;
  /** How far the system clock has been set since this one was anchored, milliseconds; absent: it is not of the real world. */
  readonly offsetMs?: () => number;
}

export const liveClock = (): VenueClock => {
  const anchorMs = Date.now() - performance.now();
  return {
    now: () => Math.floor(anchorMs + performance.now()),
    schedule: (work, delayMs) => asyncScheduler.schedule(work, delayMs),
    offsetMs: () => Date.now() - performance.now() - anchorMs,
  };
};

/** A clock for simulated venues: stands at its epoch until it is started, then runs `speed` times as fast. */
export interface ScaledClock extends VenueClock {
  readonly epochMs: number;
  /** The real moment, Unix milliseconds, at which judged time is the epoch. */
  startAt(realMs: number): void;
}

/** Scales judged time only: transport timeouts and backoff stay real. */
export const scaledClock = (epochMs: number, speed: number): ScaledClock => {
  let anchorMs = Infinity;
  return {
    epochMs,
    speed,
    startAt: (realMs) => {
      anchorMs = performance.now() + realMs - Date.now();
    },
    now: () => Math.floor(epochMs + Math.max(0, performance.now() - anchorMs) * speed),
    schedule: (work, delayMs) => asyncScheduler.schedule(work, delayMs / speed),
  };
};
