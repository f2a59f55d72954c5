import type { Connection } from '../database/connection.ts';
import { numberAt } from '../database/connection.ts';

/** Metric numbers are a byte. */
const METRICS = 256;

const NONE = -1;

/** A series as it is kept: source and metric in one number. */
export const seriesKey = (source: number, metric: number): number => source * METRICS + metric;
export const sourceOf = (key: number): number => Math.floor(key / METRICS);

/** The last block of a series, which takes further readings while it is small. */
export interface Tail {
  readonly block: number;
  readonly count: number;
}

interface Entry {
  readonly key: number;
  /** Its readings of the log up to this sequence are in blocks. */
  through: number;
  tail: Tail | undefined;
}

/** Small numbers for the series in use, and how far each is packed. */
export class SeriesTable {
  readonly #entries: Entry[] = [];
  /** By source, by metric. */
  readonly #numbers: (Int32Array | undefined)[] = [];

  constructor(connection: Connection) {
    for (const row of connection.prepare('SELECT key, through, tail, tail_count FROM series').rows()) {
      const key = numberAt(row, 0);
      const entry = this.entry(this.#add(sourceOf(key), key % METRICS));
      entry.through = numberAt(row, 1);
      entry.tail = { block: numberAt(row, 2), count: numberAt(row, 3) };
    }
  }

  /** -1: nothing was ever stored of it. */
  find(source: number, metric: number): number {
    return this.#numbers[source]?.[metric] ?? NONE;
  }

  of(source: number, metric: number): number {
    const number = this.find(source, metric);
    return number === NONE ? this.#add(source, metric) : number;
  }

  entry(series: number): Entry {
    const entry = this.#entries[series];
    if (entry === undefined) throw new RangeError(`no series ${series}`);
    return entry;
  }

  through(series: number): number {
    return this.#entries[series]?.through ?? 0;
  }

  #add(source: number, metric: number): number {
    let metrics = this.#numbers[source];
    if (metrics === undefined || metrics.length <= metric) {
      const larger = new Int32Array(Math.max(64, metric + 1)).fill(NONE);
      larger.set(metrics ?? []);
      metrics = larger;
      this.#numbers[source] = metrics;
    }
    const number = this.#entries.length;
    metrics[metric] = number;
    this.#entries.push({ key: seriesKey(source, metric), through: 0, tail: undefined });
    return number;
  }
}
