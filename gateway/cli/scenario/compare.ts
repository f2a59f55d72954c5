import type { AlarmEvent } from '../../../rules/alarms/alarm.ts';
import type { Expectation } from './file.ts';

/** What happened: one transition of one alarm, in scenario seconds. */
export interface Happened {
  readonly atSeconds: number;
  readonly kind: string;
  readonly subject: string;
  readonly severity: string;
  readonly transition: string;
}

export interface Met extends Expectation {
  /** Absent: it did not come in time. */
  readonly cameAtSeconds?: number;
  /** From the earliest right moment. */
  readonly latencySeconds?: number;
}

export interface Comparison {
  readonly ok: boolean;
  readonly expected: readonly Met[];
  /** Alarms that came though nobody expected them. */
  readonly extra: readonly Happened[];
}

export const happened = (event: AlarmEvent, atSeconds: number): Happened => ({
  atSeconds,
  kind: event.alarm.kind,
  subject: event.alarm.subject,
  severity: event.alarm.severity,
  transition: event.type,
});

/** Transitions that call people: one that is not expected is a false alarm. */
const CALLS = new Set(['raised', 'escalated', 'repeated']);

const fits = (expectation: Expectation, each: Happened): boolean =>
  each.kind === expectation.kind &&
  each.subject === expectation.subject &&
  each.severity === expectation.severity &&
  each.transition === expectation.transition &&
  each.atSeconds >= expectation.atSeconds &&
  each.atSeconds <= expectation.atSeconds + expectation.withinSeconds;

const round = (seconds: number): number => Math.round(seconds * 1000) / 1000;

/** Each expectation takes the first fitting transition that no other took; calls left over are extra. */
export const compare = (expect: readonly Expectation[], all: readonly Happened[]): Comparison => {
  const left = new Set(all);
  const expected = expect.map((expectation): Met => {
    const match = [...left].find((each) => fits(expectation, each));
    if (match === undefined) return expectation;
    left.delete(match);
    const latencySeconds = round(match.atSeconds - expectation.atSeconds);
    return { ...expectation, cameAtSeconds: round(match.atSeconds), latencySeconds };
  });
  const extra = [...left].filter(({ transition }) => CALLS.has(transition));
  return {
    ok: extra.length === 0 && expected.every(({ cameAtSeconds }) => cameAtSeconds !== undefined),
    expected,
    extra,
  };
};
