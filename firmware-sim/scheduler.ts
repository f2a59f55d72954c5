import { type Clock, dueMs, type Pace } from './clock.ts';

/**
 * One ordered queue of due actions and one timer. Actions of the same second run in the order they were added.
 * The queue is bounded: `at` answers false, and `refused` counts, when it is full.
 */
export interface Scheduler {
  at(atSeconds: number, action: (atSeconds: number) => void): boolean;
  stop(): void;
  readonly pending: number;
  readonly refused: number;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly maxPending?: number;
  /** Called for every action with how many real milliseconds after its time it ran. */
  readonly onLateness?: (lateMs: number) => void;
}

interface Entry {
  readonly atSeconds: number;
  readonly order: number;
  readonly action: (atSeconds: number) => void;
}

/** After so many actions in one turn sockets get a turn, however far behind the queue is. */
const ACTIONS_PER_TURN = 500;

const before = (left: Entry, right: Entry): boolean =>
  left.atSeconds < right.atSeconds || (left.atSeconds === right.atSeconds && left.order < right.order);

/** Binary min-heap by time, then by order of arrival. */
const push = (heap: Entry[], entry: Entry): void => {
  let index = heap.length;
  heap.push(entry);
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !before(entry, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = entry;
};

const pop = (heap: Entry[]): void => {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let childIndex = 2 * index + 1;
    let child = heap[childIndex];
    const right = heap[childIndex + 1];
    if (child === undefined) break;
    if (right !== undefined && before(right, child)) {
      child = right;
      childIndex += 1;
    }
    if (!before(child, last)) break;
    heap[index] = child;
    index = childIndex;
  }
  heap[index] = last;
};

export const createScheduler = ({ clock, pace, maxPending = 200_000, onLateness }: SchedulerOptions): Scheduler => {
  const heap: Entry[] = [];
  let order = 0;
  let refused = 0;
  let stopped = false;
  let timer: { readonly forMs: number; readonly cancel: () => void } | undefined;

  const arm = (): void => {
    const first = heap[0];
    if (stopped || first === undefined) return;
    const forMs = dueMs(pace, first.atSeconds);
    if (timer !== undefined && timer.forMs <= forMs) return;
    timer?.cancel();
    timer = { forMs, cancel: clock.after(Math.ceil(forMs - clock.nowMs()), run) };
  };

  const run = (): void => {
    timer = undefined;
    for (let count = 0; count < ACTIONS_PER_TURN && !stopped; count += 1) {
      const first = heap[0];
      if (first === undefined) break;
      const lateMs = clock.nowMs() - dueMs(pace, first.atSeconds);
      if (lateMs < 0) break;
      pop(heap);
      onLateness?.(lateMs);
      first.action(first.atSeconds);
    }
    arm();
  };

  return {
    at: (atSeconds, action) => {
      if (stopped) return false;
      if (heap.length >= maxPending) {
        refused += 1;
        return false;
      }
      push(heap, { atSeconds, order, action });
      order += 1;
      arm();
      return true;
    },
    stop: () => {
      stopped = true;
      timer?.cancel();
      heap.length = 0;
    },
    get pending() {
      return heap.length;
    },
    get refused() {
      return refused;
    },
  };
};
