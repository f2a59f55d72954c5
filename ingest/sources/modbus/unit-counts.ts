import type { Answer } from './line.ts';
import type { ScheduledUnit } from './schedule.ts';

/** What came of the requests to one unit, since the start. */
export interface UnitStatus {
  readonly unit: number;
  readonly profile: string;
  polls: number;
  answers: number;
  timeouts: number;
  /** Noise, or an answer with a wrong check sum. */
  crcErrors: number;
  exceptions: number;
  wrongLengths: number;
  /** Answers that came after they were given up; never a value. */
  lateReplies: number;
  /** Requests that were only to learn whether older ones are done with. */
  probes: number;
  /** Requests in a row without a trustworthy answer. */
  missesInARow: number;
  /** Code of the last exception (Modbus Application Protocol V1.1b3, 7). */
  lastException: number | undefined;
  /** Unix milliseconds of the gateway's clock. */
  lastAnswerMs: number | undefined;
  /** From the request's first byte to the answer's last, milliseconds. */
  lastPollMs: number | undefined;
}

export const startCounts = ({ unit, map }: ScheduledUnit): UnitStatus => ({
  unit,
  profile: map.names[0],
  polls: 0,
  answers: 0,
  timeouts: 0,
  crcErrors: 0,
  exceptions: 0,
  wrongLengths: 0,
  lateReplies: 0,
  probes: 0,
  missesInARow: 0,
  lastException: undefined,
  lastAnswerMs: undefined,
  lastPollMs: undefined,
});

/** Counts how a request ended. */
export const countAnswer = (counts: UnitStatus, answer: Answer, isProbe: boolean): void => {
  const isHeard = answer.type === 'registers' || answer.type === 'exception';
  counts.polls += 1;
  counts.missesInARow = isHeard ? 0 : counts.missesInARow + 1;
  if (isProbe) counts.probes += 1;
  // A probe may be refused: that is an answer like any other.
  if (isProbe && isHeard) return;
  switch (answer.type) {
    case 'registers':
      counts.answers += 1;
      return;
    case 'exception':
      counts.exceptions += 1;
      counts.lastException = answer.code;
      return;
    case 'corrupt':
    case 'fragments':
      counts.crcErrors += 1;
      return;
    case 'wrong-length':
      counts.wrongLengths += 1;
      return;
    case 'timeout':
    case 'lost':
      counts.timeouts += 1;
  }
};

type Counted = 'polls' | 'answers' | 'timeouts' | 'crcErrors' | 'exceptions' | 'wrongLengths' | 'lateReplies';

/** Of all units together. */
export const totals = (units: readonly UnitStatus[]): Readonly<Record<Counted, number>> => {
  const sum = { polls: 0, answers: 0, timeouts: 0, crcErrors: 0, exceptions: 0, wrongLengths: 0, lateReplies: 0 };
  for (const unit of units) {
    sum.polls += unit.polls;
    sum.answers += unit.answers;
    sum.timeouts += unit.timeouts;
    sum.crcErrors += unit.crcErrors;
    sum.exceptions += unit.exceptions;
    sum.wrongLengths += unit.wrongLengths;
    sum.lateReplies += unit.lateReplies;
  }
  return sum;
};
