import type { BusSchedule, Poll } from '../../../../ingest/sources/modbus/schedule.ts';

/** What a slave does with a request: answers after so many ms, refuses after so many, or says nothing. */
export type Reaction = { readonly do: 'answer' | 'refuse'; readonly afterMs: number } | { readonly do: 'nothing' };

export interface Told {
  readonly poll: Poll;
  readonly startMs: number;
  readonly endMs: number;
  readonly outcome: 'answered' | 'exception' | 'unanswered';
  /** The answer belonged to another request. */
  readonly wrong: boolean;
}

interface OnTheWay {
  readonly request: number;
  readonly unit: number;
  readonly functionCode: number;
  /** Undefined: a refusal. */
  readonly count: number | undefined;
  readonly atMs: number;
}

/** Plays a schedule against slaves in virtual time, with nothing but lengths to tell answers apart, as on the wire. */
export const playBus = (
  schedule: BusSchedule,
  reaction: (poll: Poll, request: number) => Reaction,
  untilMs: number,
): readonly Told[] => {
  const told: Told[] = [];
  const line: OnTheWay[] = [];
  const lastMs = new Map<number, number>();
  let nowMs = 0;

  const take = (beforeMs: number): OnTheWay | undefined => {
    line.sort((a, b) => a.atMs - b.atMs);
    return (line[0]?.atMs ?? Number.POSITIVE_INFINITY) <= beforeMs ? line.shift() : undefined;
  };

  const stray = ({ unit, functionCode, count, atMs }: OnTheWay): void => {
    nowMs = Math.max(nowMs, atMs);
    schedule.receivedLate(unit, functionCode, count, nowMs);
  };

  const ask = (poll: Poll): void => {
    const request = told.length;
    const startMs = nowMs;
    const done = (outcome: Told['outcome'], wrong: boolean): void => {
      told.push({ poll, startMs, endMs: nowMs, outcome, wrong });
      schedule.finished(outcome, nowMs);
    };
    const reacts = reaction(poll, request);
    if (reacts.do !== 'nothing') {
      // A slave works off what it is asked in order.
      const atMs = Math.max(lastMs.get(poll.unit) ?? 0, nowMs + reacts.afterMs);
      lastMs.set(poll.unit, atMs);
      const count = reacts.do === 'refuse' ? undefined : poll.count;
      line.push({ request, unit: poll.unit, functionCode: poll.functionCode, count, atMs });
    }
    const deadlineMs = nowMs + poll.timeoutMs;
    for (let heard = take(deadlineMs); heard !== undefined; heard = take(deadlineMs)) {
      nowMs = Math.max(nowMs, heard.atMs);
      const isAnswer = heard.unit === poll.unit && heard.functionCode === poll.functionCode;
      if (isAnswer && (heard.count === undefined || heard.count === poll.count)) {
        done(heard.count === undefined ? 'exception' : 'answered', heard.request !== request);
        return;
      }
      stray(heard);
    }
    nowMs = deadlineMs;
    done('unanswered', false);
  };

  while (nowMs < untilMs) {
    const turn = schedule.next(nowMs);
    if (turn.type === 'poll') {
      ask(turn.poll);
      continue;
    }
    const heard = take(Math.min(turn.untilMs, untilMs));
    if (heard !== undefined) stray(heard);
    else nowMs = Math.max(nowMs + 0.001, Math.min(turn.untilMs, untilMs));
  }
  return told;
};
