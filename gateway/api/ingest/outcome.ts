import type { Intake } from '../../../ingest/intake.ts';
import type { Failure } from '../contract.ts';

/** What came of one message. */
export interface Outcome<T> {
  /** Something of it was of use: judged, or shown among the discovered devices. */
  readonly used: boolean;
  readonly failures: readonly Failure[];
  /** What `take` gave. */
  readonly safe: T;
}

/** Failures told of one message. */
const TOLD_MOST = 20;

const usedBy = ({ counters }: Intake): number => counters.samples + counters.occurrences + counters.unregistered;

/** Runs `take`, in which the intake takes one message from beginning to end, and tells what the intake made of it. */
export const outcomeOf = <T>(intake: Intake, take: () => T): Outcome<T> => {
  const usedBefore = usedBy(intake);
  const failuresBefore = intake.counters.failures;
  const safe = take();
  const failed = intake.counters.failures - failuresBefore;
  // The log has the newest first.
  const failures = failed === 0 ? [] : intake.rejected.list().slice(0, Math.min(failed, TOLD_MOST)).reverse();
  return {
    used: usedBy(intake) > usedBefore,
    safe,
    failures: failures.map(({ code, where, expected }) => ({ code, where, expected })),
  };
};
