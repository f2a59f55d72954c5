import { RECORD } from '../batch/format.ts';
import type { BatchReader } from '../batch/reader.ts';
import type { Connection } from '../database/connection.ts';
import { BlockFormatError, type Points } from './block.ts';
import { type BlockRow, blocksOf } from './blocks.ts';
import { createPacker, isFinished, type Round } from './packer.ts';
import { merged, within } from './points.ts';
import { type Columns, checkRange, means, type Range, readings } from './query.ts';
import { SeriesTable } from './series.ts';
import { OpenWindow } from './window.ts';

export interface HistoryOptions {
  readonly connection: Connection;
  /** A packed block cannot be read; its readings are left out. */
  onDamage(error: BlockFormatError): void;
}

const NOTHING: Points = { timesUs: new Float64Array(), values: new Float64Array(), count: 0 };

/**
 * Every reading once: in blocks, or in the window that is being packed, or in the one that is being filled. The
 * windows mirror what lies in the log alone, and are filled from it again at start.
 */
export class History {
  readonly #series: SeriesTable;
  readonly #blocks: ReturnType<typeof blocksOf>;
  readonly #pack: ReturnType<typeof createPacker>;
  /** Last stored time of each source, late samples left out. */
  readonly #lastUs: number[] = [];
  readonly #onDamage: HistoryOptions['onDamage'];
  #open = new OpenWindow();
  #round: Round | undefined;
  #packedReadings = 0;

  constructor({ connection, onDamage }: HistoryOptions) {
    this.#onDamage = onDamage;
    this.#series = new SeriesTable(connection);
    this.#blocks = blocksOf(connection);
    this.#pack = createPacker({
      connection,
      series: this.#series,
      blocks: this.#blocks,
      lastUs: (source) => this.lastUs(source),
      onDamage,
    });
  }

  /** Readings that are in no block and not on their way into one. */
  get openReadings(): number {
    return this.#open.length;
  }

  /** Since start. */
  get packedReadings(): number {
    return this.#packedReadings;
  }

  get isPacking(): boolean {
    return this.#round !== undefined;
  }

  /** 0: none yet. */
  lastUs(source: number): number {
    return this.#lastUs[source] ?? 0;
  }

  setLastUs(source: number, us: number): void {
    this.#lastUs[source] = us;
  }

  /** Takes the samples of a batch of the log, but for readings that are in blocks already. */
  take(reader: BatchReader, sequence: number): void {
    while (reader.next()) {
      if (reader.kind !== RECORD.sample) continue;
      const { source, storedUs, metricCount } = reader;
      if (!reader.isHistorical && storedUs > this.lastUs(source)) this.#lastUs[source] = storedUs;
      for (let index = 0; index < metricCount; index += 1) {
        const series = this.#series.of(source, reader.metric(index));
        if (sequence > this.#series.through(series)) this.#open.append(series, storedUs, reader.value(index));
      }
    }
  }

  /** Begins to pack everything taken so far, up to `through` of the log; nothing while a round is on. */
  startRound(through: number): void {
    if (this.#round !== undefined) return;
    this.#round = { window: this.#open, through, done: 0 };
    this.#open = new OpenWindow();
  }

  /** Goes on packing until `isLate`. Answers the sequence up to which all is packed once the round is over. */
  packOn(isLate: () => boolean): number | undefined {
    const round = this.#round;
    if (round === undefined) return undefined;
    if (!isFinished(round)) this.#pack(round, isLate);
    if (!isFinished(round)) return undefined;
    this.#round = undefined;
    this.#packedReadings += round.window.length;
    return round.through;
  }

  /** Answers step by step: the caller decides when to go on. @throws StoreQueryError at once */
  query(source: number, metric: number, range: Range): Generator<undefined, Columns> {
    checkRange(range);
    const view = this.#view(this.#series.find(source, metric), range);
    return range.stepMs === undefined ? readings(view, range) : means(view, range, range.stepMs);
  }

  #view(series: number, { fromMs, toMs }: Range) {
    if (series === -1) return { open: NOTHING, blocks: [], read: () => NOTHING };
    const fromUs = Math.round(fromMs * 1000);
    const toUs = Math.round(toMs * 1000);
    const { key, tail } = this.#series.entry(series);
    const windows = [this.#round?.window.points(series) ?? NOTHING, this.#open.points(series)];
    const found = this.#blocks.overlapping(key, fromUs, toUs);
    // The tail alone may be written again before the query comes to it, with readings of the windows in it.
    const tailRow = found.find(({ id }) => id === tail?.block);
    const tailPoints = tailRow === undefined ? undefined : this.#read(tailRow);
    return {
      open: within(merged(windows), fromUs, toUs),
      blocks: found,
      read: (row: BlockRow) => (row === tailRow && tailPoints !== undefined ? tailPoints : this.#read(row)),
    };
  }

  #read({ id }: BlockRow): Points {
    try {
      return this.#blocks.read(id);
    } catch (error) {
      if (!(error instanceof BlockFormatError)) throw error;
      this.#onDamage(error);
      return NOTHING;
    }
  }
}
