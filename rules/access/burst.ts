import type { Level, Marks, Scale } from '../levels.ts';
import { earlier, isBeyond, judgeLevels, NO_MARKS, nextDeadlineMs, reachedLevel, risingLevel } from '../levels.ts';
import type { Command, Condition, Phase, Step } from '../rule.ts';
import { stay } from '../rule.ts';
import { type SaidState, worthSaying } from '../saying.ts';

/** A record that was read: by whom, and of which system. */
export interface Read {
  readonly record: string;
  readonly account: string;
  readonly device: string;
  /** Judged Unix milliseconds; the last time, where it was read again. */
  readonly atMs: number;
}

export interface BurstState extends SaidState {
  /** Different records, the one read last at the end: as many as decide, no more. */
  readonly reads: readonly Read[];
  readonly marks: Marks;
  /** Accounts that were locked since it is active, as `device` and `account`. */
  readonly locked: readonly (readonly [device: string, account: string])[];
  /** Since when it is active; null: it is not. */
  readonly sinceMs: number | null;
}

export const START: BurstState = {
  phase: 'normal',
  severity: null,
  told: null,
  reads: [],
  marks: NO_MARKS,
  locked: [],
  sinceMs: null,
};

export interface BurstPlan {
  readonly rule: string;
  readonly windowMs: number;
  readonly locks: boolean;
  readonly scale: Scale;
  /** Of the records within the window only so many decide: whether there are that many, the last so many tell. */
  readonly most: number;
}

interface BurstSettings {
  readonly id: string;
  readonly moreThan: Readonly<Partial<Record<'yellow' | 'orange' | 'red', number | undefined>>>;
  readonly windowSeconds: number;
  readonly holdSeconds: number;
  readonly clearSeconds: number;
  readonly deadbandRecords: number;
  readonly locks: boolean;
}

export const burstPlan = (settings: BurstSettings): BurstPlan => {
  const levels = (['yellow', 'orange', 'red'] as const).flatMap((severity): Level[] => {
    const most = settings.moreThan[severity];
    return most === undefined ? [] : [{ severity, limit: most + 1, holdMs: settings.holdSeconds * 1000 }];
  });
  return {
    rule: settings.id,
    windowMs: settings.windowSeconds * 1000,
    locks: settings.locks,
    scale: { direction: 'above', levels, clearMs: settings.clearSeconds * 1000, deadband: settings.deadbandRecords },
    most: levels.at(-1)?.limit ?? 0,
  };
};

/** Locks that are remembered; one that is forgotten is asked for again, under the same id. */
const LOCKED_MAX = 1000;

/** Whoever read from there within the window and is not locked yet. */
const toLock = (plan: BurstPlan, state: BurstState, address: string, sinceMs: number): readonly Command[] => {
  if (!plan.locks) return [];
  const seen = new Set(state.locked.map((pair) => pair.join('\n')));
  return state.reads.flatMap(({ device, account }) => {
    const key = `${device}\n${account}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const id = `lock.${plan.rule}.${address}.${Math.round(sinceMs).toString(36)}.${account}`;
    return [{ id, device, do: 'lock', with: { account } }];
  });
};

const NAMED_MAX = 3;

const conditionOf = (
  plan: BurstPlan,
  state: BurstState,
  phase: Phase,
  level: Level | undefined,
  address: string,
  commands: readonly Command[],
): Condition => {
  const value = state.reads.length;
  const accounts = [...new Set(state.reads.map(({ account }) => account))];
  const names = accounts.slice(0, NAMED_MAX).join(', ') + (accounts.length > NAMED_MAX ? ', …' : '');
  const limit = level === undefined ? undefined : level.limit - 1;
  const stage =
    phase === 'pending' ? '-soon' : level !== undefined && !isBeyond(plan.scale, level, value) ? '-easing' : '';
  const params = {
    address,
    records: value,
    seconds: plan.windowMs / 1000,
    accounts: names,
    ...(limit === undefined ? {} : { limit }),
    ...(phase === 'active' && plan.locks ? { locked: 1 } : {}),
  };
  return {
    phase,
    severity: level?.severity,
    reason: { code: phase === 'normal' ? 'access-normal' : `access-burst${stage}`, params },
    value,
    unit: 'records',
    limit,
    ...(commands.length === 0 ? {} : { commands }),
  };
};

const conclude = (
  plan: BurstPlan,
  state: BurstState,
  reads: readonly Read[],
  nowMs: number,
  address: string,
): Step<BurstState> => {
  const marks = judgeLevels(plan.scale, state.marks, reads.length, nowMs);
  const reached = reachedLevel(plan.scale, marks);
  const level = reached ?? (state.phase === 'active' ? undefined : risingLevel(plan.scale, marks));
  const phase: Phase = reached !== undefined ? 'active' : level !== undefined ? 'pending' : 'normal';
  const sinceMs = phase === 'active' ? (state.sinceMs ?? nowMs) : null;
  const before = { ...state, reads, locked: sinceMs === null ? [] : state.locked };
  const commands = sinceMs === null ? [] : toLock(plan, before, address, sinceMs);
  // While it is active, only a grown severity and a further account are news.
  const speak = commands.length > 0 || worthSaying(state, { phase, severity: level?.severity, value: 0 }, Infinity);
  const condition = speak ? conditionOf(plan, before, phase, level, address, commands) : undefined;
  const [first] = reads;
  if (first === undefined && marks.length === 0) return { state: START, condition };
  const locked = [
    ...before.locked,
    ...commands.map(({ device, with: { account } }) => [device, `${account}`] as const),
  ];
  const expiryMs = first === undefined ? undefined : first.atMs + plan.windowMs;
  return {
    state: {
      phase,
      severity: level?.severity ?? null,
      told: 0,
      reads,
      marks,
      locked: locked.slice(-LOCKED_MAX),
      sinceMs,
    },
    condition,
    wakeAtMs: earlier(expiryMs, nextDeadlineMs(plan.scale, marks)),
  };
};

/** Reads within the window, which ends at `nowMs` and does not hold its own beginning. */
const recent = ({ windowMs }: BurstPlan, reads: readonly Read[], nowMs: number): readonly Read[] =>
  reads.filter(({ atMs }) => nowMs - atMs < windowMs - 0.001);

/**
 * A record is read. The same record again is no further one, but counts from its last time on. Whether more than N
 * different ones were read within the window is known exactly from the N + 1 read last.
 */
export const reading = (plan: BurstPlan, state: BurstState, read: Read, address: string): Step<BurstState> => {
  const before = state.reads.find(({ record }) => record === read.record);
  const latest: Read = before === undefined || before.atMs <= read.atMs ? read : before;
  const others = state.reads.filter(({ record }) => record !== read.record);
  // One that comes late by its own stamp goes where it belongs.
  const reads = [...others, latest].sort((a, b) => a.atMs - b.atMs);
  const nowMs = reads.at(-1)?.atMs ?? read.atMs;
  return conclude(plan, state, recent(plan, reads, nowMs).slice(-plan.most), nowMs, address);
};

/** Time has passed: what was read first falls out of the window. */
export const readsPassed = (plan: BurstPlan, state: BurstState, nowMs: number, address: string): Step<BurstState> =>
  state === START ? stay(state) : conclude(plan, state, recent(plan, state.reads, nowMs), nowMs, address);
