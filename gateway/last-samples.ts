import { METRIC_NAMES, type MetricName, type Metrics } from '../ingest/model/metrics.ts';
import type { Sample } from '../ingest/model/sample.ts';
import { createSample } from '../ingest/model/stamp.ts';
import type { Venue } from '../rules/rule.ts';

/** What is known of one channel of a device: the last value of each metric, which may have come in different samples. */
export interface LastSample {
  readonly channel: string;
  /** Of the last sample: its own stamp, and when it arrived, Unix milliseconds. */
  readonly timeMs: number;
  readonly arrivedMs: number;
  readonly metrics: Metrics;
  /** When each value arrived, Unix milliseconds. */
  readonly seenMs: Metrics;
}

interface Column {
  /** By slot; NaN: not reported yet. */
  values: Float64Array;
  seenMs: Float64Array;
}

const NO_COLUMN = new Float64Array(0);

/**
 * The last values of every registered device, in columns: written for every sample, read now and then. Kept as objects
 * they would be most of what the garbage collector has to carry, for each lives until its device's next sample.
 */
export class LastSamples {
  #venue: Venue;
  readonly #columns: Readonly<Record<string, Column>>;
  /** Slots of channels other than `''`, whose slot is the device's seat. */
  readonly #channels = new Map<string, Map<string, number>>();
  #slots: number;
  #timesMs: Float64Array;
  #arrivedMs: Float64Array;
  /** How many samples came, by seat. */
  #changes: Uint32Array;

  constructor(venue: Venue) {
    this.#venue = venue;
    this.#slots = venue.devices.size;
    this.#timesMs = new Float64Array(this.#slots);
    this.#arrivedMs = new Float64Array(this.#slots).fill(Number.NaN);
    this.#changes = new Uint32Array(this.#slots);
    this.#columns = Object.fromEntries(METRIC_NAMES.map((name) => [name, { values: NO_COLUMN, seenMs: NO_COLUMN }]));
  }

  put({ device, channel, seat, timeMs, arrivedMs, metrics }: Sample): void {
    const slot = channel === '' ? seat : this.#slotOf(device, channel);
    this.#timesMs[slot] = timeMs;
    this.#arrivedMs[slot] = arrivedMs;
    this.#changes[seat] = (this.#changes[seat] ?? 0) + 1;
    let name: MetricName;
    for (name in metrics) {
      const column = this.#columns[name];
      if (column === undefined) continue;
      if (slot >= column.values.length) this.#lengthen(column);
      column.values[slot] = metrics[name] ?? Number.NaN;
      column.seenMs[slot] = arrivedMs;
    }
  }

  /** By channel; empty for a device that has not been heard. */
  get(device: string): ReadonlyMap<string, LastSample> {
    const seat = this.#venue.devices.get(device)?.seat ?? -1;
    const slots: readonly (readonly [string, number])[] = [['', seat], ...(this.#channels.get(device) ?? [])];
    const heard = slots.filter(([, slot]) => !Number.isNaN(this.#arrivedMs[slot] ?? Number.NaN));
    return new Map(heard.map(([channel, slot]) => [channel, this.#read(channel, slot)]));
  }

  /** What holds of it now, as if it had just said so. */
  asSamples(device: string, nowMs: number): readonly Sample[] {
    return [...this.get(device).values()].map(({ channel, metrics }) =>
      createSample(device, channel, nowMs, 'arrival', nowMs, undefined, metrics),
    );
  }

  /** Grows with every sample of the device: to see at little cost whether there is anything new. */
  changes(device: string): number {
    return this.#changes[this.#venue.devices.get(device)?.seat ?? -1] ?? 0;
  }

  /** Devices sit elsewhere now; what is gone is forgotten. */
  reseat(venue: Venue): void {
    const moves: (readonly [from: number, to: number])[] = [];
    const changes = new Uint32Array(venue.devices.size);
    for (const { id, seat } of venue.devices.values()) {
      const before = this.#venue.devices.get(id)?.seat;
      if (before === undefined) continue;
      moves.push([before, seat]);
      changes[seat] = this.#changes[before] ?? 0;
    }
    this.#slots = venue.devices.size;
    for (const [device, channels] of this.#channels) {
      if (!venue.devices.has(device)) this.#channels.delete(device);
      else
        for (const [channel, slot] of channels) {
          moves.push([slot, this.#slots]);
          channels.set(channel, this.#slots);
          this.#slots += 1;
        }
    }
    const moved = (list: Float64Array): Float64Array => {
      const made = new Float64Array(this.#slots).fill(Number.NaN);
      for (const [from, to] of moves) made[to] = list[from] ?? Number.NaN;
      return made;
    };
    this.#timesMs = moved(this.#timesMs);
    this.#arrivedMs = moved(this.#arrivedMs);
    for (const column of Object.values(this.#columns)) {
      if (column.values.length === 0) continue;
      column.values = moved(column.values);
      column.seenMs = moved(column.seenMs);
    }
    this.#changes = changes;
    this.#venue = venue;
  }

  #read(channel: string, slot: number): LastSample {
    const metrics: Metrics = {};
    const seenMs: Metrics = {};
    for (const name of METRIC_NAMES) {
      const value = this.#columns[name]?.values[slot] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      metrics[name] = value;
      seenMs[name] = this.#columns[name]?.seenMs[slot] ?? 0;
    }
    return { channel, timeMs: this.#timesMs[slot] ?? 0, arrivedMs: this.#arrivedMs[slot] ?? 0, metrics, seenMs };
  }

  #slotOf(device: string, channel: string): number {
    const channels = this.#channels.get(device) ?? new Map<string, number>();
    const known = channels.get(channel);
    if (known !== undefined) return known;
    const slot = this.#slots;
    this.#slots += 1;
    this.#channels.set(device, channels.set(channel, slot));
    if (slot >= this.#timesMs.length) {
      this.#timesMs = longer(this.#timesMs, 2 * this.#slots);
      this.#arrivedMs = longer(this.#arrivedMs, 2 * this.#slots);
    }
    return slot;
  }

  #lengthen(column: Column): void {
    column.values = longer(column.values, this.#timesMs.length);
    column.seenMs = longer(column.seenMs, this.#timesMs.length);
  }
}

const longer = (list: Float64Array, length: number): Float64Array => {
  const made = new Float64Array(length).fill(Number.NaN);
  made.set(list);
  return made;
};
