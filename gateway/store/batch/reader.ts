import type { MetricName, Metrics } from '../../../ingest/model/metrics.ts';
import type { Occurrence, Sample } from '../../../ingest/model/sample.ts';
import { createSample } from '../../../ingest/model/stamp.ts';
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
  OWN_JUDGED,
  OWN_STORED,
  OWN_TIME,
  RECORD,
  VERSION,
  WIDE,
} from './format.ts';
import type { SourceName } from './sources.ts';

/** Bytes that are not a batch of this format: the store's file is damaged, or newer. */
export class BatchFormatError extends Error {
  override readonly name = 'BatchFormatError';
}

/** What numbers stand for. */
export interface Names {
  readonly sources: readonly (SourceName | undefined)[];
  /** Undefined: a metric that this version does not know. */
  readonly metrics: readonly (MetricName | undefined)[];
}

/**
 * A cursor over the records of a batch, in order, without an object per record: `next()`, then the fields of the
 * record's kind. Fields of a sample stay readable until the next `next()`.
 */
export class BatchReader {
  readonly #view: DataView;
  readonly #bytes: Buffer;
  readonly #baseMs: number;
  readonly records: number;
  readonly samples: number;
  readonly readings: number;
  #left: number;
  #next = HEADER_BYTES;
  #at = HEADER_BYTES;
  #valuesAt = 0;
  #flags = 0;
  /** One of RECORD. */
  kind = 0;
  /** Of a sample or source: its number. */
  source = 0;
  /** Of a sample: how many metrics. */
  metricCount = 0;
  arrivedMs = 0;
  timeMs = 0;
  nowMs = 0;
  /** Stored time, whole Unix microseconds, strictly increasing per source but for late samples. */
  storedUs = 0;
  sequence: number | undefined;

  /** @throws BatchFormatError */
  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.byteLength < HEADER_BYTES || this.#view.getUint32(0, true) !== MAGIC)
      throw new BatchFormatError('these bytes are not a batch');
    const version = this.#view.getUint8(AT_VERSION);
    if (version !== VERSION) throw new BatchFormatError(`batch of version ${version}, expected ${VERSION}`);
    if (this.#view.getUint32(AT_LENGTH, true) !== bytes.byteLength)
      throw new BatchFormatError('the batch is cut or has something behind it');
    this.records = this.#view.getUint32(AT_RECORDS, true);
    this.samples = this.#view.getUint32(AT_SAMPLES, true);
    this.readings = this.#view.getUint32(AT_READINGS, true);
    this.#baseMs = this.#view.getFloat64(AT_BASE, true);
    this.#left = this.records;
  }

  /** When its first record arrived, Unix ms. */
  get firstMs(): number {
    return this.#baseMs;
  }

  get isHistorical(): boolean {
    return (this.#flags & HISTORICAL) !== 0;
  }

  get isFromDevice(): boolean {
    return (this.#flags & FROM_DEVICE) !== 0;
  }

  /**
   * Goes to the next record; false at the end.
   * @throws BatchFormatError
   */
  next(): boolean {
    if (this.#next >= this.#bytes.length) {
      if (this.#left !== 0) throw new BatchFormatError(`${this.#left} records are missing`);
      return false;
    }
    try {
      this.#read();
    } catch (error) {
      if (error instanceof RangeError) throw new BatchFormatError('a record is cut', { cause: error });
      throw error;
    }
    return true;
  }

  /** The metric number of the sample's value at `index`. */
  metric(index: number): number {
    return this.#view.getUint8(this.#valuesAt + index * 9);
  }

  value(index: number): number {
    return this.#view.getFloat64(this.#valuesAt + index * 9 + 1, true);
  }

  /** Of a source's definition. */
  get sourceName(): SourceName {
    const device = this.#view.getUint16(this.#at + 5, true);
    const channel = this.#view.getUint16(this.#at + 7, true);
    const start = this.#at + 9;
    return {
      device: this.#bytes.toString('utf8', start, start + device),
      channel: this.#bytes.toString('utf8', start + device, start + device + channel),
    };
  }

  /** The JSON of an occurrence, event, acknowledgement or entry of outbox or response. */
  get text(): string {
    return this.#bytes.toString('utf8', this.#at + 5, this.#next);
  }

  /** The sample as it was handed over. Metrics that `names` does not know are left out. */
  sample(names: Names): Sample {
    const { device, channel } = names.sources[this.source] ?? { device: `unknown-${this.source}`, channel: '' };
    const metrics: Metrics = {};
    for (let index = 0; index < this.metricCount; index += 1) {
      const name = names.metrics[this.metric(index)];
      if (name !== undefined) metrics[name] = this.value(index);
    }
    const timeFrom = this.isFromDevice ? 'device' : 'arrival';
    const sample = createSample(device, channel, this.timeMs, timeFrom, this.arrivedMs, this.sequence, metrics);
    sample.nowMs = this.nowMs;
    sample.historical = this.isHistorical;
    return sample;
  }

  /** Written by our own encoder: its shape is known. */
  occurrence(): Occurrence {
    const occurrence: Occurrence = JSON.parse(this.text);
    // JSON has no undefined: a sender without an id left none.
    return { ...occurrence, id: occurrence.id };
  }

  event(): DeskEvent {
    const event: DeskEvent = JSON.parse(this.text);
    return event;
  }

  acknowledgement(): AcknowledgeInput {
    const input: AcknowledgeInput = JSON.parse(this.text);
    return input;
  }

  outbox(): OutboxEntry {
    const entry: OutboxEntry = JSON.parse(this.text);
    return entry;
  }

  response(): ResponseEntry {
    const entry: ResponseEntry = JSON.parse(this.text);
    return entry;
  }

  #read(): void {
    const view = this.#view;
    const at = this.#next;
    this.#at = at;
    this.kind = view.getUint8(at);
    switch (this.kind) {
      case RECORD.sample:
        this.#readSample(at);
        break;
      case RECORD.source:
        this.source = view.getUint32(at + 1, true);
        this.#next = at + 9 + view.getUint16(at + 5, true) + view.getUint16(at + 7, true);
        break;
      case RECORD.occurrence:
      case RECORD.event:
      case RECORD.acknowledgement:
      case RECORD.outbox:
      case RECORD.response:
      case RECORD.ran:
        this.#next = at + 5 + view.getUint32(at + 1, true);
        break;
      default:
        throw new BatchFormatError(`record of unknown kind ${this.kind}`);
    }
    this.#left -= 1;
    if (this.#next > this.#bytes.length) throw new BatchFormatError('a record is cut');
  }

  #readSample(start: number): void {
    const view = this.#view;
    const flags = view.getUint8(start + 1);
    this.#flags = flags;
    this.metricCount = view.getUint8(start + 2);
    this.source = view.getUint32(start + 3, true);
    let at = start + 7;
    const float = (): number => {
      const value = view.getFloat64(at, true);
      at += 8;
      return value;
    };
    if ((flags & WIDE) !== 0) this.arrivedMs = float();
    else {
      this.arrivedMs = this.#baseMs + view.getUint32(at, true);
      at += 4;
    }
    this.timeMs = (flags & OWN_TIME) !== 0 ? float() : this.arrivedMs;
    this.nowMs = (flags & OWN_JUDGED) !== 0 ? float() : this.arrivedMs;
    const keptMs = (flags & HISTORICAL) !== 0 ? this.timeMs : this.nowMs;
    this.storedUs = (flags & OWN_STORED) !== 0 ? float() : keptMs * 1000;
    this.sequence = (flags & HAS_SEQUENCE) !== 0 ? float() : undefined;
    this.#valuesAt = at;
    this.#next = at + this.metricCount * 9;
  }
}
