/** What the worker counts since the store was opened. */
export const COUNTED = [
  'commits',
  'failedCommits',
  'committedReadings',
  'packedReadings',
  /** Rows of the log that went though a reader had not come to them. */
  'logRowsOverrun',
  'damagedBlocks',
] as const;

/** What rises and falls. */
const LEVELS = [
  'openReadings',
  'logBytes',
  /** In the file and not in use, as last looked at. */
  'freeBytes',
  /** The longest group commit since start, milliseconds. */
  'slowestCommitMs',
] as const;

/** Messages of the main thread that the worker has taken up. */
const TAKEN = ['factReportsTaken'] as const;

/** What the main thread tells the worker. */
const OF_MAIN = [
  /** The share of its time that it is busy, 0 to 1. */
  'mainBusy',
  /** The judged time, Unix milliseconds, at which it last ran and nothing waited for the disk. */
  'ranToMs',
] as const;

/** Figures in shared memory: read at any time, without a message. Their order is that of the list. */
const GAUGES = [...COUNTED, ...LEVELS, ...TAKEN, ...OF_MAIN] as const;

export type Gauge = (typeof GAUGES)[number];

export class Gauges {
  readonly memory: SharedArrayBuffer;
  readonly #values: Float64Array;

  constructor(memory = new SharedArrayBuffer(GAUGES.length * 8)) {
    this.memory = memory;
    this.#values = new Float64Array(memory);
  }

  get(gauge: Gauge): number {
    return this.#values[GAUGES.indexOf(gauge)] ?? 0;
  }

  set(gauge: Gauge, value: number): void {
    this.#values[GAUGES.indexOf(gauge)] = value;
  }

  add(gauge: Gauge, value: number): void {
    this.set(gauge, this.get(gauge) + value);
  }

  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(GAUGES.map((gauge) => [gauge, this.get(gauge)]));
  }
}
