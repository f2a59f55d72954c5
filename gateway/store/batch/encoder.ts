import type { Occurrence, Sample } from '../../../ingest/model/sample.ts';
import type { DeskEvent } from '../../../rules/alarms/desk.ts';
import type { AcknowledgeInput } from '../../../rules/engine.ts';
import type { OutboxEntry } from '../../notifiers/notice.ts';
import type { ResponseEntry } from '../../response/decision.ts';
import {
  AT_BASE,
  AT_LENGTH,
  AT_READINGS,
  AT_RECORDS,
  AT_SAMPLES,
  AT_VERSION,
  FROM_DEVICE,
  HAS_SEQUENCE,
  HEADER_BYTES,
  HISTORICAL,
  MAGIC,
  METRICS_MAX,
  OWN_JUDGED,
  OWN_STORED,
  OWN_TIME,
  RECORD,
  SAMPLE_BYTES_MAX,
  VERSION,
  WIDE,
} from './format.ts';
import type { Sources } from './sources.ts';

/** A finished batch. Its bytes are shared memory: posting them copies nothing, and they outlive a worker that dies. */
export interface Batch {
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly records: number;
  readonly samples: number;
  readonly readings: number;
}

const INITIAL_BYTES = 64 * 1024;
const MAX_U32 = 0xffff_ffff;

/** Packs what the hot path hands over; no allocation per sample. */
export class BatchEncoder {
  readonly #sources: Sources;
  readonly #metrics: ReadonlyMap<string, number>;
  #buffer = Buffer.from(new ArrayBuffer(INITIAL_BYTES));
  #view = new DataView(this.#buffer.buffer);
  #at = HEADER_BYTES;
  #baseMs = 0;
  #records = 0;
  #samples = 0;
  #readings = 0;

  /** @param metrics number of each metric's name, 0 to 255 */
  constructor(sources: Sources, metrics: ReadonlyMap<string, number>) {
    this.#sources = sources;
    this.#metrics = metrics;
  }

  get isEmpty(): boolean {
    return this.#records === 0;
  }

  get byteLength(): number {
    return this.#at;
  }

  sample(sample: Sample): void {
    let source = this.#sources.numberOf(sample.device, sample.channel, sample.seat);
    if (source === -1) source = this.#defineSource(sample);
    this.#reserve(SAMPLE_BYTES_MAX);
    this.#begin(sample.arrivedMs);
    const view = this.#view;
    const at = this.#at;
    view.setUint8(at, RECORD.sample);
    view.setUint32(at + 3, source, true);
    const flags = this.#times(sample, source, at + 7);
    view.setUint8(at + 1, flags);
    view.setUint8(at + 2, this.#values(sample));
    this.#samples += 1;
  }

  occurrence(occurrence: Occurrence): void {
    this.#json(RECORD.occurrence, occurrence.arrivedMs, occurrence);
  }

  event(event: DeskEvent): void {
    this.#json(RECORD.event, event.atMs, event);
  }

  acknowledgement(input: AcknowledgeInput): void {
    this.#json(RECORD.acknowledgement, input.nowMs, input);
  }

  outbox(entry: OutboxEntry): void {
    this.#json(RECORD.outbox, entry.atMs, entry);
  }

  response(entry: ResponseEntry): void {
    this.#json(RECORD.response, entry.atMs, entry);
  }

  /** The batch so far; the next one begins empty. */
  seal(): Batch {
    const view = this.#view;
    view.setUint32(0, MAGIC, true);
    view.setUint32(AT_VERSION, VERSION, true);
    view.setUint32(AT_LENGTH, this.#at, true);
    view.setUint32(AT_RECORDS, this.#records, true);
    view.setUint32(AT_SAMPLES, this.#samples, true);
    view.setUint32(AT_READINGS, this.#readings, true);
    view.setFloat64(AT_BASE, this.#baseMs, true);
    const bytes = new Uint8Array(new SharedArrayBuffer(this.#at));
    bytes.set(this.#buffer.subarray(0, this.#at));
    const batch = { bytes, records: this.#records, samples: this.#samples, readings: this.#readings };
    this.#at = HEADER_BYTES;
    this.#records = 0;
    this.#samples = 0;
    this.#readings = 0;
    return batch;
  }

  /** Writes what of a sample's times is not said by the one before; answers the flags and leaves the place after it. */
  #times(sample: Sample, source: number, start: number): number {
    const { arrivedMs, timeMs, nowMs, historical, sequence } = sample;
    const view = this.#view;
    let at = start;
    let flags = (sample.timeFrom === 'device' ? FROM_DEVICE : 0) | (historical ? HISTORICAL : 0);
    const sinceBase = arrivedMs - this.#baseMs;
    if (sinceBase >= 0 && sinceBase <= MAX_U32 && Number.isInteger(sinceBase) && Number.isInteger(arrivedMs)) {
      view.setUint32(at, sinceBase, true);
      at += 4;
    } else {
      flags |= WIDE;
      view.setFloat64(at, arrivedMs, true);
      at += 8;
    }
    if (timeMs !== arrivedMs) {
      flags |= OWN_TIME;
      view.setFloat64(at, timeMs, true);
      at += 8;
    }
    if (nowMs !== arrivedMs) {
      flags |= OWN_JUDGED;
      view.setFloat64(at, nowMs, true);
      at += 8;
    }
    const keptMs = historical ? timeMs : nowMs;
    const storedUs = this.#sources.stamp(source, keptMs, historical);
    if (storedUs !== keptMs * 1000) {
      flags |= OWN_STORED;
      view.setFloat64(at, storedUs, true);
      at += 8;
    }
    if (sequence !== undefined) {
      flags |= HAS_SEQUENCE;
      view.setFloat64(at, sequence, true);
      at += 8;
    }
    this.#at = at;
    return flags;
  }

  /** Answers how many. */
  #values({ metrics }: Sample): number {
    const view = this.#view;
    let at = this.#at;
    let count = 0;
    const values: Readonly<Record<string, number | undefined>> = metrics;
    for (const name in values) {
      const number = this.#metrics.get(name);
      const value = values[name];
      if (number === undefined || value === undefined || count === METRICS_MAX) continue;
      view.setUint8(at, number);
      view.setFloat64(at + 1, value, true);
      at += 9;
      count += 1;
    }
    this.#at = at;
    this.#readings += count;
    return count;
  }

  #defineSource({ device, channel, arrivedMs }: Sample): number {
    const number = this.#sources.add(device, channel);
    const deviceBytes = Buffer.byteLength(device);
    const channelBytes = Buffer.byteLength(channel);
    this.#reserve(9 + deviceBytes + channelBytes);
    this.#begin(arrivedMs);
    const at = this.#at;
    this.#view.setUint8(at, RECORD.source);
    this.#view.setUint32(at + 1, number, true);
    this.#view.setUint16(at + 5, deviceBytes, true);
    this.#view.setUint16(at + 7, channelBytes, true);
    this.#buffer.write(device, at + 9, 'utf8');
    this.#buffer.write(channel, at + 9 + deviceBytes, 'utf8');
    this.#at = at + 9 + deviceBytes + channelBytes;
    return number;
  }

  #json(kind: number, atMs: number, value: object): void {
    const text = JSON.stringify(value);
    const length = Buffer.byteLength(text);
    this.#reserve(5 + length);
    this.#begin(atMs);
    this.#view.setUint8(this.#at, kind);
    this.#view.setUint32(this.#at + 1, length, true);
    this.#buffer.write(text, this.#at + 5, 'utf8');
    this.#at += 5 + length;
  }

  /** Counts a record; the first one gives the base of all arrivals. */
  #begin(atMs: number): void {
    if (this.#records === 0) this.#baseMs = Math.floor(atMs);
    this.#records += 1;
  }

  #reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.from(new ArrayBuffer(Math.max(needed, this.#buffer.length * 2)));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}
