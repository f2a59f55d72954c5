import { SEVERITIES } from '../../rules/rule.ts';
import type { AlarmLife } from './alarm-lives.ts';

export interface ChangedAlarm {
  readonly recorded: AlarmLife;
  readonly replayed: AlarmLife;
  /** Raised so much later than it was; negative: earlier. */
  readonly laterSeconds: number;
}

/** What another configuration would have told people. */
export interface AlarmDiff {
  readonly same: number;
  /** Was raised, and would not have been. */
  readonly onlyRecorded: readonly AlarmLife[];
  /** Would have been raised, and was not. */
  readonly onlyReplayed: readonly AlarmLife[];
  /** Of another severity, or at another time. */
  readonly changed: readonly ChangedAlarm[];
}

/** Further apart, two alarms of one rule and subject are two. */
const SAME_WITHIN_MS = 15 * 60_000;
/** Timers of the gateway that was recorded may have been late by less. */
const TOLERABLE_MS = 1000;

interface Pair {
  readonly recorded: AlarmLife;
  readonly replayed: AlarmLife;
  readonly apartMs: number;
}

const subjectOf = ({ rule, subject }: AlarmLife): string => `${rule}\n${subject}`;

const bySubject = (lives: readonly AlarmLife[]): ReadonlyMap<string, readonly AlarmLife[]> => {
  const grouped = new Map<string, AlarmLife[]>();
  for (const life of lives) {
    const key = subjectOf(life);
    const known = grouped.get(key);
    if (known === undefined) grouped.set(key, [life]);
    else known.push(life);
  }
  return grouped;
};

const candidates = (recorded: readonly AlarmLife[], replayed: readonly AlarmLife[]): readonly Pair[] => {
  const others = bySubject(replayed);
  return recorded
    .flatMap((life) =>
      (others.get(subjectOf(life)) ?? []).map((other) => ({
        recorded: life,
        replayed: other,
        apartMs: Math.abs(other.raisedMs - life.raisedMs),
      })),
    )
    .filter(({ apartMs }) => apartMs <= SAME_WITHIN_MS)
    .toSorted((a, b) => a.apartMs - b.apartMs);
};

const isSame = ({ recorded, replayed }: Pair): boolean =>
  SEVERITIES.every((severity) => {
    const [before, now] = [recorded.reachedMs[severity], replayed.reachedMs[severity]];
    if (before === undefined || now === undefined) return before === now;
    return Math.abs(now - before) < TOLERABLE_MS;
  });

/** Alarms of one rule and subject belong together where they were raised nearest to one another. */
export const alarmDiff = (recorded: readonly AlarmLife[], replayed: readonly AlarmLife[]): AlarmDiff => {
  const [left, right] = [new Set(recorded), new Set(replayed)];
  const pairs: Pair[] = [];
  for (const pair of candidates(recorded, replayed)) {
    if (!left.has(pair.recorded) || !right.has(pair.replayed)) continue;
    left.delete(pair.recorded);
    right.delete(pair.replayed);
    pairs.push(pair);
  }
  const changed = pairs.filter((pair) => !isSame(pair)).toSorted((a, b) => a.recorded.raisedMs - b.recorded.raisedMs);
  return {
    same: pairs.length - changed.length,
    onlyRecorded: [...left],
    onlyReplayed: [...right],
    changed: changed.map((pair) => ({
      recorded: pair.recorded,
      replayed: pair.replayed,
      laterSeconds: (pair.replayed.raisedMs - pair.recorded.raisedMs) / 1000,
    })),
  };
};
