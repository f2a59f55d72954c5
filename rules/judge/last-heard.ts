/**
 * When each device was last heard, by its index: one dense array, because every sample writes to it.
 * Judged milliseconds; -1: never.
 */
export class LastHeard {
  #times = new Float64Array(64).fill(-1);

  get(index: number): number {
    return this.#times[index] ?? -1;
  }

  set(index: number, nowMs: number): void {
    if (index >= this.#times.length) this.#grow(index);
    this.#times[index] = nowMs;
  }

  #grow(index: number): void {
    const times = new Float64Array(Math.max(index + 1, this.#times.length * 2)).fill(-1);
    times.set(this.#times);
    this.#times = times;
  }
}
