/** Something that wants to be woken. The queue alone writes these fields. */
export interface Deadline {
  /** When it wants to be woken, judged milliseconds; Infinity: not at all. */
  dueMs: number;
  /** The time under which it stands in the queue; Infinity: not in it. */
  queuedMs: number;
  /** Of equal times those without come first; then the lower ones. */
  readonly rank?: number;
}

/** Above every order of arrival. */
const RANKED = 2 ** 50;

const STALE_BEFORE_SWEEP = 1024;

/**
 * The engine's one queue of deadlines: a binary heap over (time, order), so that equal times fire in the order in which
 * they were set, and after these those that have a rank, by that.
 *
 * Putting a deadline off costs one assignment: its place in the heap stays until that time comes, and is looked at
 * again then. Only moving it forward pushes a new place and leaves a stale one behind; stale places are swept when they
 * outnumber the live ones.
 */
export class DeadlineQueue {
  #times: number[] = [];
  #orders: number[] = [];
  #items: Deadline[] = [];
  #order = 0;
  #stale = 0;

  /** Time of the earliest place, Infinity when empty: nothing is due before it. */
  get headMs(): number {
    return this.#times[0] ?? Infinity;
  }

  get size(): number {
    return this.#items.length;
  }

  set(item: Deadline, dueMs: number): void {
    item.dueMs = dueMs;
    if (dueMs >= item.queuedMs) return;
    if (item.queuedMs !== Infinity) this.#stale += 1;
    this.#push(item, dueMs);
    if (this.#stale > STALE_BEFORE_SWEEP && this.#stale * 2 > this.#items.length) this.#sweep();
  }

  /** Takes out the next deadline that is due at `nowMs`, or undefined. Its `dueMs` is left for the caller to read. */
  takeDue(nowMs: number): Deadline | undefined {
    for (;;) {
      const [item] = this.#items;
      const time = this.headMs;
      if (item === undefined || time > nowMs) return undefined;
      this.#pop();
      if (time !== item.queuedMs) {
        this.#stale -= 1;
        continue;
      }
      item.queuedMs = Infinity;
      if (item.dueMs <= time) return item;
      if (item.dueMs !== Infinity) this.#push(item, item.dueMs);
    }
  }

  #push(item: Deadline, timeMs: number): void {
    item.queuedMs = timeMs;
    this.#order += 1;
    this.#times.push(timeMs);
    this.#orders.push(item.rank === undefined ? this.#order : RANKED + item.rank);
    this.#items.push(item);
    this.#up(this.#items.length - 1);
  }

  #pop(): void {
    const last = this.#items.length - 1;
    this.#swap(0, last);
    this.#times.length = last;
    this.#orders.length = last;
    this.#items.length = last;
    this.#down(0);
  }

  #before(a: number, b: number): boolean {
    const timeA = this.#times[a] ?? Infinity;
    const timeB = this.#times[b] ?? Infinity;
    return timeA < timeB || (timeA === timeB && (this.#orders[a] ?? 0) < (this.#orders[b] ?? 0));
  }

  #up(start: number): void {
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#before(index, parent)) return;
      this.#swap(index, parent);
      index = parent;
    }
  }

  #down(start: number): void {
    let index = start;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      let least = index;
      // Where there is no place any more, its time is Infinity.
      if (this.#before(left, least)) least = left;
      if (this.#before(right, least)) least = right;
      if (least === index) return;
      this.#swap(index, least);
      index = least;
    }
  }

  #swap(a: number, b: number): void {
    swapIn(this.#times, a, b);
    swapIn(this.#orders, a, b);
    swapIn(this.#items, a, b);
  }

  #sweep(): void {
    const live = this.#items
      .map((item, index) => ({ item, time: this.#times[index] ?? Infinity, order: this.#orders[index] ?? 0 }))
      .filter(({ item, time }) => item.queuedMs === time)
      .sort((a, b) => a.time - b.time || a.order - b.order);
    this.#items = live.map(({ item }) => item);
    this.#times = live.map(({ time }) => time);
    this.#orders = live.map(({ order }) => order);
    this.#stale = 0;
  }
}

const swapIn = <T>(list: T[], a: number, b: number): void => {
  const first = list[a];
  const second = list[b];
  if (first === undefined || second === undefined) return;
  list[a] = second;
  list[b] = first;
};
