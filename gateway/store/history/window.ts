import type { Points } from './block.ts';
import { inOrder } from './points.ts';

const INITIAL_READINGS = 16 * 1024;
const INITIAL_SERIES = 1024;
const NONE = -1;

const grownInts = (old: Int32Array, length: number, fill: number): Int32Array<ArrayBuffer> => {
  const larger = new Int32Array(length).fill(fill);
  larger.set(old);
  return larger;
};

const grownFloats = (old: Float64Array, length: number): Float64Array<ArrayBuffer> => {
  const larger = new Float64Array(length);
  larger.set(old);
  return larger;
};

/**
 * Readings that lie in the log alone, as columns: each points at the one before of its series, so that one series is
 * found without looking at the others.
 */
export class OpenWindow {
  #timesUs = new Float64Array(INITIAL_READINGS);
  #values = new Float64Array(INITIAL_READINGS);
  #previous = new Int32Array(INITIAL_READINGS);
  #heads = new Int32Array(INITIAL_SERIES).fill(NONE);
  #counts = new Int32Array(INITIAL_SERIES);
  #length = 0;
  /** Series that have readings here, in order of their first. */
  readonly touched: number[] = [];

  get length(): number {
    return this.#length;
  }

  append(series: number, timeUs: number, value: number): void {
    if (this.#length === this.#timesUs.length) this.#growReadings();
    if (series >= this.#heads.length) this.#growSeries(series);
    const head = this.#heads[series] ?? NONE;
    if (head === NONE) this.touched.push(series);
    const at = this.#length;
    this.#timesUs[at] = timeUs;
    this.#values[at] = value;
    this.#previous[at] = head;
    this.#heads[series] = at;
    this.#counts[series] = (this.#counts[series] ?? 0) + 1;
    this.#length = at + 1;
  }

  /** What a series has here, in order of time. */
  points(series: number): Points {
    const count = this.#counts[series] ?? 0;
    const timesUs = new Float64Array(count);
    const values = new Float64Array(count);
    let at = this.#heads[series] ?? NONE;
    for (let index = count - 1; index >= 0; index -= 1) {
      timesUs[index] = this.#timesUs[at] ?? 0;
      values[index] = this.#values[at] ?? 0;
      at = this.#previous[at] ?? NONE;
    }
    return inOrder({ timesUs, values, count });
  }

  /** Its readings are in blocks now. */
  drop(series: number): void {
    if (series >= this.#heads.length) return;
    this.#heads[series] = NONE;
    this.#counts[series] = 0;
  }

  #growReadings(): void {
    const length = this.#timesUs.length * 2;
    this.#timesUs = grownFloats(this.#timesUs, length);
    this.#values = grownFloats(this.#values, length);
    this.#previous = grownInts(this.#previous, length, NONE);
  }

  #growSeries(series: number): void {
    const length = Math.max(series + 1, this.#heads.length * 2);
    this.#heads = grownInts(this.#heads, length, NONE);
    this.#counts = grownInts(this.#counts, length, 0);
  }
}
