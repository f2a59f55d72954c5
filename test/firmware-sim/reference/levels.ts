import type { Clock } from '../../../firmware-sim/clock.ts';

export type Severity = 'blue' | 'yellow' | 'orange' | 'red';
export type Announce = (severity: Severity, transition: 'raised' | 'escalated' | 'cleared') => void;

const SEVERITIES: readonly Severity[] = ['yellow', 'orange', 'red'];

export interface Step {
  readonly limit: number;
  readonly holdSeconds: number;
}

export interface Ladder {
  /** Yellow, orange, red. */
  readonly steps: readonly Step[];
  readonly clearSeconds: number;
  readonly deadband: number;
}

/** A timer that runs while something is true, and starts anew when it was not. */
export const holdTimer = (clock: Clock, seconds: number, then: () => void) => {
  let cancel: (() => void) | undefined;
  return (holds: boolean): void => {
    if (holds && cancel === undefined) cancel = clock.after(seconds * 1000, then);
    if (holds || cancel === undefined) return;
    cancel();
    cancel = undefined;
  };
};

/** Yellow, orange and red with on-delay, off-delay and deadband: what a value of this subject should announce. */
export const ladder = (clock: Clock, { steps, clearSeconds, deadband }: Ladder, announce: Announce) => {
  const on = steps.map(() => false);
  let announced = -1;
  const settle = (index: number, value: boolean): void => {
    on[index] = value;
    const severest = on.lastIndexOf(true);
    const severity = SEVERITIES[severest];
    if (severity !== undefined && severest > announced) {
      announce(severity, announced < 0 ? 'raised' : 'escalated');
      announced = severest;
    }
    if (severest < 0 && announced >= 0) {
      announce('yellow', 'cleared');
      announced = -1;
    }
  };
  const rising = steps.map(({ holdSeconds }, index) => holdTimer(clock, holdSeconds, () => settle(index, true)));
  const leaving = steps.map((_, index) => holdTimer(clock, clearSeconds, () => settle(index, false)));
  return (value: number): void => {
    steps.forEach(({ limit }, index) => {
      rising[index]?.(!on[index] && value >= limit);
      leaving[index]?.(on[index] === true && value < limit - deadband);
    });
  };
};
