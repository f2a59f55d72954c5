import { SEVERITIES } from '../../rules/rule.ts';
import type { Notice } from './notice.ts';

/** A notice that its channel has not taken yet. */
export interface Waiting {
  readonly notice: Notice;
  attempts: number;
  /** How often the other side would not have it. */
  rejections: number;
  /** Monotonic: not tried before. */
  notBeforeMs: number;
  isUnderWay: boolean;
}

/** What waits for one channel, in order. Bounded. */
export interface Queue {
  readonly size: number;
  /** When the oldest of them happened. */
  readonly oldestMs: number | undefined;
  has(alarm: string): boolean;
  /** Answers what had to go to make room, if anything had to. */
  add(notice: Notice): Notice | undefined;
  remove(waiting: Waiting): void;
  /**
   * What goes next: the most severe, the oldest of these, each alarm's own in order. A number: nothing before that
   * moment; undefined: nothing that is not under way.
   */
  next(nowMs: number): Waiting | number | undefined;
  all(): readonly Waiting[];
}

const rank = ({ alarm }: Notice): number => SEVERITIES.indexOf(alarm.severity);

export const createQueue = (sizeMax: number): Queue => {
  const list: Waiting[] = [];

  /** The oldest of the least severe that is not under way. */
  const leastUrgent = (): Waiting | undefined => {
    let found: Waiting | undefined;
    for (const waiting of list) {
      if (waiting.isUnderWay) continue;
      if (found === undefined || rank(waiting.notice) < rank(found.notice)) found = waiting;
    }
    return found;
  };
  const remove = (waiting: Waiting): void => {
    const index = list.indexOf(waiting);
    if (index !== -1) list.splice(index, 1);
  };

  return {
    get size() {
      return list.length;
    },
    get oldestMs() {
      return list[0]?.notice.atMs;
    },
    has: (alarm) => list.some(({ notice }) => notice.alarm.id === alarm),
    add: (notice) => {
      list.push({ notice, attempts: 0, rejections: 0, notBeforeMs: 0, isUnderWay: false });
      if (list.length <= sizeMax) return undefined;
      const dropped = leastUrgent();
      if (dropped !== undefined) remove(dropped);
      return dropped?.notice;
    },
    remove,
    next: (nowMs) => {
      const seen = new Set<string>();
      let best: Waiting | undefined;
      let earliestMs = Infinity;
      for (const waiting of list) {
        const { id } = waiting.notice.alarm;
        // Behind another of the same alarm: in order.
        if (seen.has(id)) continue;
        seen.add(id);
        if (waiting.isUnderWay) continue;
        if (waiting.notBeforeMs > nowMs) earliestMs = Math.min(earliestMs, waiting.notBeforeMs);
        else if (best === undefined || rank(waiting.notice) > rank(best.notice)) best = waiting;
      }
      return best ?? (earliestMs === Infinity ? undefined : earliestMs);
    },
    all: () => [...list],
  };
};
