import type { Connection } from '../database/connection.ts';
import { BlockFormatError, type Points } from './block.ts';
import { type Blocks, SPAN_MAX_US } from './blocks.ts';
import { merged, slice } from './points.ts';
import { type SeriesTable, sourceOf, type Tail } from './series.ts';
import type { OpenWindow } from './window.ts';

/** A tail with fewer readings is opened again, so that slow series do not end in a block for every few readings. */
const SMALL_BLOCK = 256;
const BLOCK_MAX = 4096;

/** Readings of a window that is no longer written to, on their way into blocks. */
export interface Round {
  readonly window: OpenWindow;
  /** Everything in the log up to there is in the window or in blocks. */
  readonly through: number;
  /** How many of the window's series are done. */
  done: number;
}

export const isFinished = ({ window, done }: Round): boolean => done >= window.touched.length;

const chunksOf = (points: Points): readonly Points[] => {
  const chunks: Points[] = [];
  let start = 0;
  for (let index = 1; index <= points.count; index += 1) {
    const spanUs = (points.timesUs[index] ?? Infinity) - (points.timesUs[start] ?? 0);
    if (spanUs <= SPAN_MAX_US && index - start < BLOCK_MAX) continue;
    chunks.push(slice(points, start, index));
    start = index;
  }
  return chunks;
};

export interface PackerOptions {
  readonly connection: Connection;
  readonly series: SeriesTable;
  readonly blocks: Blocks;
  /** The last stored time given to a source. */
  lastUs(source: number): number;
  /** A tail could not be read: it is left as it is. */
  onDamage(error: BlockFormatError): void;
}

/** Packs some series of a round in one transaction, until `isLate`. The log still holds them, so it need not be synced. */
export const createPacker = ({ connection, series, blocks, lastUs, onDamage }: PackerOptions) => {
  const saveSeries = connection.prepare('INSERT OR REPLACE INTO series VALUES (?, ?, ?, ?)');
  const saveSource = connection.prepare('UPDATE sources SET last_us = ? WHERE number = ?');

  const tailPoints = (tail: Tail | undefined): Points | undefined => {
    if (tail === undefined || tail.count >= SMALL_BLOCK) return undefined;
    try {
      return blocks.read(tail.block);
    } catch (error) {
      if (!(error instanceof BlockFormatError)) throw error;
      onDamage(error);
      return undefined;
    }
  };

  const packSeries = (number: number, { window, through }: Round): Tail => {
    const { key, tail } = series.entry(number);
    const before = tailPoints(tail);
    const fresh = window.points(number);
    const chunks = chunksOf(before === undefined ? fresh : merged([before, fresh]));
    let last: Tail = tail ?? { block: 0, count: BLOCK_MAX };
    for (const [index, chunk] of chunks.entries()) {
      if (index === 0 && before !== undefined) blocks.replace(last.block, chunk);
      else last = { block: blocks.insert(key, chunk), count: chunk.count };
      last = { block: last.block, count: chunk.count };
    }
    saveSeries.run(key, through, last.block, last.count);
    saveSource.run(lastUs(sourceOf(key)), sourceOf(key));
    return last;
  };

  return (round: Round, isLate: () => boolean): void => {
    const { window, through } = round;
    const packed: { readonly number: number; readonly tail: Tail }[] = [];
    connection.transaction(false, () => {
      do {
        const number = window.touched[round.done + packed.length];
        if (number === undefined) break;
        packed.push({ number, tail: packSeries(number, round) });
      } while (!isLate());
    });
    // Only now: what was undone must be found in the window still.
    for (const { number, tail } of packed) {
      const entry = series.entry(number);
      entry.through = through;
      entry.tail = tail;
      window.drop(number);
    }
    round.done += packed.length;
  };
};
