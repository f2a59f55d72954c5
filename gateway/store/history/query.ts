import { StoreQueryError } from '../errors.ts';
import type { Points } from './block.ts';
import type { BlockRow } from './blocks.ts';
import { merged, within } from './points.ts';

export const POINTS_MAX = 10_000;

/** A time range, from the first moment on and before the last; with a step: means and extremes of each step. */
export interface Range {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs?: number | undefined;
  /** Points at most; POINTS_MAX at most, which is also what is taken where it is left out. */
  readonly limit?: number | undefined;
}

/** Columns of equal length: time in ms and value; or time, min, mean, max. */
export interface Columns {
  readonly columns: readonly Float64Array<ArrayBuffer>[];
  /** Where there may be more: `fromMs` of the next question, whole milliseconds. */
  readonly nextMs?: number;
}

const limitOf = ({ limit = POINTS_MAX }: Range): number => Math.min(POINTS_MAX, Math.max(1, Math.floor(limit)));

/** What a query works on: the readings of one series, as they were at one moment. */
export interface SeriesView {
  /** Of the open window, within the range. */
  readonly open: Points;
  readonly blocks: readonly BlockRow[];
  read(block: BlockRow): Points;
}

export const checkRange = ({ fromMs, toMs, stepMs }: Range): void => {
  if (!(Number.isFinite(fromMs) && Number.isFinite(toMs) && fromMs <= toMs))
    throw new StoreQueryError('bad-range', `from ${fromMs} to ${toMs} is no range of time`);
  if (stepMs !== undefined && !(stepMs >= 1))
    throw new StoreQueryError('bad-range', `a step of ${stepMs} ms: at least 1`);
};

const msOf = (us: number | undefined): number => Math.floor((us ?? Infinity) / 1000);

/** At most `limit`, but that a page ends with a whole millisecond: more only where one alone holds more. */
const pageLength = ({ timesUs, count }: Points, limit: number): number => {
  if (count <= limit) return count;
  const nextMs = msOf(timesUs[limit]);
  let length = limit;
  while (length > 0 && msOf(timesUs[length - 1]) === nextMs) length -= 1;
  if (length > 0) return length;
  while (length < count && msOf(timesUs[length]) === nextMs) length += 1;
  return length;
};

/** Every reading, oldest first. Yields after each block. */
export function* readings(view: SeriesView, range: Range): Generator<undefined, Columns> {
  const { fromMs, toMs } = range;
  const limit = limitOf(range);
  const fromUs = Math.round(fromMs * 1000);
  const toUs = Math.round(toMs * 1000);
  const pieces: Points[] = [view.open];
  let held = view.open.count;
  for (const block of view.blocks) {
    if (held > limit) {
      const all = merged(pieces);
      pieces.splice(0, pieces.length, all);
      if (msOf(all.timesUs[limit]) < msOf(block.startUs)) break;
    }
    const piece = within(view.read(block), fromUs, toUs);
    pieces.push(piece);
    held += piece.count;
    yield;
  }
  const all = merged(pieces);
  const length = pageLength(all, limit);
  const times = all.timesUs.slice(0, length).map((us) => us / 1000);
  const next = all.timesUs[length];
  return {
    columns: [times, all.values.slice(0, length)],
    ...(next === undefined ? {} : { nextMs: msOf(next) }),
  };
}

class Steps {
  readonly #stepUs: number;
  readonly #first: number;
  readonly #counts: Float64Array;
  readonly #mins: Float64Array;
  readonly #maxes: Float64Array;
  readonly #sums: Float64Array;

  constructor(fromUs: number, toUs: number, stepUs: number) {
    this.#stepUs = stepUs;
    this.#first = Math.floor(fromUs / stepUs);
    const length = Math.floor(toUs / stepUs) - this.#first + 1;
    this.#counts = new Float64Array(length);
    this.#mins = new Float64Array(length).fill(Infinity);
    this.#maxes = new Float64Array(length).fill(-Infinity);
    this.#sums = new Float64Array(length);
  }

  stepOf(timeUs: number): number {
    return Math.floor(timeUs / this.#stepUs) - this.#first;
  }

  add(step: number, count: number, min: number, max: number, sum: number): void {
    this.#counts[step] = (this.#counts[step] ?? 0) + count;
    if (min < (this.#mins[step] ?? 0)) this.#mins[step] = min;
    if (max > (this.#maxes[step] ?? 0)) this.#maxes[step] = max;
    this.#sums[step] = (this.#sums[step] ?? 0) + sum;
  }

  addAll({ timesUs, values, count }: Points): void {
    for (let index = 0; index < count; index += 1) {
      const value = values[index] ?? 0;
      this.add(this.stepOf(timesUs[index] ?? 0), 1, value, value, value);
    }
  }

  /** Steps without a reading are left out. */
  columns(): readonly Float64Array<ArrayBuffer>[] {
    const used = [...this.#counts.keys()].filter((step) => this.#counts[step] !== 0);
    const column = (read: (step: number) => number): Float64Array<ArrayBuffer> => Float64Array.from(used, read);
    return [
      column((step) => ((step + this.#first) * this.#stepUs) / 1000),
      column((step) => this.#mins[step] ?? 0),
      column((step) => (this.#sums[step] ?? 0) / (this.#counts[step] ?? 1)),
      column((step) => this.#maxes[step] ?? 0),
    ];
  }
}

/** Means and extremes of steps that begin at whole multiples of the step. Yields after each block. */
export function* means(view: SeriesView, range: Range, stepMs: number): Generator<undefined, Columns> {
  const fromUs = Math.round(range.fromMs * 1000);
  const endMs = (Math.floor(range.fromMs / stepMs) + limitOf(range)) * stepMs;
  const toUs = Math.round(Math.min(range.toMs, endMs) * 1000);
  const steps = new Steps(fromUs, toUs, stepMs * 1000);
  steps.addAll(within(view.open, fromUs, toUs));
  for (const block of view.blocks) {
    const { startUs, endUs, summary, count } = block;
    const step = steps.stepOf(startUs);
    if (startUs >= toUs) break;
    const isWhole = startUs >= fromUs && endUs < toUs && steps.stepOf(endUs) === step;
    if (isWhole && summary !== undefined) steps.add(step, count, summary.min, summary.max, summary.sum);
    else steps.addAll(within(view.read(block), fromUs, toUs));
    yield;
  }
  return { columns: steps.columns(), ...(endMs < range.toMs ? { nextMs: endMs } : {}) };
}
