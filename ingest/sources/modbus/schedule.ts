import type { RegisterMap } from '../../decoders/modbus/register-map.ts';
import { type Block, blocksOf } from './blocks.ts';
import { type AnswerKind, PROBE, type ReplyLedger, replyLedger } from './reply-ledger.ts';

/** A device on the bus. */
export interface ScheduledUnit {
  readonly unit: number;
  readonly map: RegisterMap;
  readonly everyMs: number;
  /** How long it may think before it answers. */
  readonly timeoutMs: number;
}

export interface ScheduleOptions {
  readonly units: readonly ScheduledUnit[];
  /** How long request and answer of so many registers are on the line. */
  wireMs(count: number): number;
  /** Silence between any two frames. */
  readonly gapMs: number;
  /** A late answer would collide with the next request: after an unanswered one the line is left alone for a while. */
  readonly isShared: boolean;
}

/** One request. */
export interface Poll {
  readonly unit: number;
  readonly map: RegisterMap;
  readonly functionCode: 3 | 4;
  readonly start: number;
  readonly count: number;
  /** Not for its values, but to learn that the unit has done with older requests (reply-ledger.ts). */
  readonly isProbe: boolean;
  /** Until it is given up, counted from its first bit. */
  readonly timeoutMs: number;
}

export type Turn =
  | { readonly type: 'poll'; readonly poll: Poll }
  /** Infinity: a poll is running, or there are no units. */
  | { readonly type: 'wait'; readonly untilMs: number };

/** `garbled`: an answer came, broken. `unanswered`: nothing that could be trusted, and something may still come. */
export type Outcome = 'answered' | 'exception' | 'garbled' | 'unanswered';

/**
 * Who is asked next on a bus. Knows no clock: every call says what time it is, and a poll is running from the `next`
 * that gave it until `finished`.
 */
export interface BusSchedule {
  next(nowMs: number): Turn;
  finished(outcome: Outcome, nowMs: number): void;
  /** An answer came that nobody was waiting for, `count` undefined: a refusal. True where it was owed. */
  receivedLate(unit: number, functionCode: number, count: number | undefined, nowMs: number): boolean;
  /** The line is (again) open: what was asked before may still be answered. */
  opened(nowMs: number): void;
}

interface UnitState extends ScheduledUnit {
  readonly ledger: ReplyLedger;
  /** Requests in a row that nothing trustworthy answered. More than none: it is a suspect. */
  misses: number;
  retryAtMs: number;
}

interface Task {
  readonly state: UnitState;
  readonly block: Block;
  readonly everyMs: number;
  dueMs: number;
  /** Refusals in a row. */
  exceptions: number;
}

/** A disturbance is soon over. */
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 60_000;

/** Suspects take at most one part in four of a bus that others wait for. */
const SUSPECT_PAUSE = 3;

const backoffMs = (times: number): number => Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(times - 1, 20));

/** A current is half as patient as anything else of the same interval. */
const deadlineMs = ({ dueMs, everyMs, block }: Task): number => dueMs + (block.hasCurrent ? everyMs / 2 : everyMs);

const earliest = (tasks: readonly Task[], rank: (task: Task) => number): Task | undefined =>
  tasks.reduce<Task | undefined>(
    (best, task) => (best === undefined || rank(task) < rank(best) ? task : best),
    undefined,
  );

/** What the unit may be asked for without an older answer passing for the new one. */
const askable = ({ block, state }: Task, nowMs: number): AnswerKind =>
  block.counts.find((count) => !state.ledger.isOwed(count, nowMs)) ?? PROBE;

/** Reading under it is harmless, and what it answers is told apart from the rest. */
const otherFunction = ({ functionCode }: RegisterMap): 3 | 4 => (functionCode === 3 ? 4 : 3);

const isHealthy = ({ state }: Task): boolean => state.misses === 0;

/** When a task may go. */
const readyAtMs = (task: Task): number => (isHealthy(task) ? task.dueMs : Math.max(task.dueMs, task.state.retryAtMs));

/**
 * Earliest deadline first among units that answer; a unit that does not is tried again ever more rarely, in gaps, or in
 * its small share of the time. So no live unit waits for more than one dead one, and every unit has its turn.
 */
export const busSchedule = ({ units, wireMs, gapMs, isShared }: ScheduleOptions): BusSchedule => {
  const states = units.map((unit): UnitState => ({ ...unit, ledger: replyLedger(), misses: 0, retryAtMs: 0 }));
  const tasks = states.flatMap((state) =>
    blocksOf(state.map).map((block): Task => ({ state, block, everyMs: state.everyMs, dueMs: 0, exceptions: 0 })),
  );
  let running: { readonly task: Task; readonly asked: AnswerKind } | undefined;
  let quietUntilMs = 0;
  let suspectsFromMs = 0;

  const quietMs = ({ timeoutMs }: ScheduledUnit): number => (isShared ? timeoutMs : 0);

  const costMs = ({ state, block }: Task): number =>
    state.timeoutMs + wireMs(block.counts[0] ?? 0) + quietMs(state) + gapMs;

  const start = (task: Task, nowMs: number): Turn => {
    const asked = askable(task, nowMs);
    running = { task, asked };
    const { unit, map, timeoutMs } = task.state;
    const isProbe = asked === PROBE;
    const count = isProbe ? (task.block.counts.at(-1) ?? 1) : asked;
    const functionCode = isProbe ? otherFunction(map) : map.functionCode;
    const request = { unit, map, functionCode, start: task.block.start, count, isProbe };
    return { type: 'poll', poll: { ...request, timeoutMs: timeoutMs + wireMs(count) } };
  };

  const choose = (nowMs: number): Task | undefined => {
    const ready = tasks.filter((task) => readyAtMs(task) <= nowMs);
    const healthy = earliest(ready.filter(isHealthy), deadlineMs);
    const suspect = earliest(
      ready.filter((task) => !isHealthy(task)),
      ({ state }) => state.retryAtMs,
    );
    if (suspect === undefined || nowMs >= suspectsFromMs) return suspect ?? healthy;
    if (healthy !== undefined) return healthy;
    const nextMs = Math.min(...tasks.filter(isHealthy).map((task) => readyAtMs(task)));
    return nowMs + costMs(suspect) <= nextMs ? suspect : undefined;
  };

  const wakeMs = (nowMs: number): number => {
    const times = tasks.map((task) => {
      const readyMs = readyAtMs(task);
      return isHealthy(task) || readyMs > nowMs ? readyMs : suspectsFromMs;
    });
    return Math.min(Number.POSITIVE_INFINITY, ...times);
  };

  const missed = (task: Task, asked: AnswerKind, quietForMs: number, nowMs: number): void => {
    const { state } = task;
    state.ledger.owe(asked, nowMs);
    if (state.misses > 0) suspectsFromMs = nowMs + quietForMs + SUSPECT_PAUSE * costMs(task);
    state.misses += 1;
    state.retryAtMs = nowMs + quietForMs + backoffMs(state.misses);
    quietUntilMs = nowMs + Math.max(gapMs, quietForMs);
  };

  const answered = (task: Task, nowMs: number): void => {
    task.state.ledger.clear();
    task.state.misses = 0;
    task.exceptions = 0;
    // In step with the clock; what was missed is not made up for.
    task.dueMs = Math.max(task.dueMs + task.everyMs, nowMs);
  };

  /** It lives, and will not say this: others of its registers are asked for as before. */
  /** Answered or refused alike: what was asked before it will not be answered any more. */
  const probed = ({ state }: Task, nowMs: number): void => {
    state.misses = 0;
    if (state.ledger.received(PROBE, nowMs)) state.ledger.owe(PROBE, nowMs);
    else state.ledger.clear();
  };

  const refused = (task: Task, asked: AnswerKind, nowMs: number): void => {
    const { state } = task;
    // Which of several requests it refused cannot be told: the others may still be answered.
    if (state.ledger.forgottenAtMs() > nowMs) state.ledger.owe(asked, nowMs);
    state.misses = 0;
    task.exceptions += 1;
    task.dueMs = nowMs + Math.max(task.everyMs, backoffMs(task.exceptions));
  };

  return {
    next: (nowMs) => {
      if (running !== undefined) return { type: 'wait', untilMs: Number.POSITIVE_INFINITY };
      if (nowMs < quietUntilMs) return { type: 'wait', untilMs: quietUntilMs };
      const task = choose(nowMs);
      return task === undefined ? { type: 'wait', untilMs: wakeMs(nowMs) } : start(task, nowMs);
    },
    finished: (outcome, nowMs) => {
      if (running === undefined) return;
      const { task, asked } = running;
      running = undefined;
      quietUntilMs = nowMs + gapMs;
      if (outcome === 'unanswered') missed(task, asked, quietMs(task.state), nowMs);
      else if (outcome === 'garbled') missed(task, asked, 0, nowMs);
      else if (asked === PROBE) probed(task, nowMs);
      else if (outcome === 'answered') answered(task, nowMs);
      else refused(task, asked, nowMs);
    },
    receivedLate: (unit, functionCode, count, nowMs) => {
      const state = states.find((candidate) => candidate.unit === unit);
      const kind = functionCode === state?.map.functionCode ? count : PROBE;
      // Which request a refusal under its own function belongs to cannot be told.
      if (state === undefined || kind === undefined || !state.ledger.received(kind, nowMs)) return false;
      // What the line was kept quiet for has come.
      if (state.ledger.forgottenAtMs() <= nowMs && running === undefined) quietUntilMs = nowMs + gapMs;
      return true;
    },
    opened: (nowMs) => {
      running?.task.state.ledger.owe(running.asked, nowMs);
      running = undefined;
      quietUntilMs = nowMs + (isShared ? Math.max(0, ...units.map(({ timeoutMs }) => timeoutMs)) : 0);
    },
  };
};
