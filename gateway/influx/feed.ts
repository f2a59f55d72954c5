import { setImmediate } from 'node:timers/promises';
import { BatchReader } from '../store/batch/reader.ts';
import { RECORD_LINES_MAX, type RecordLines } from './lines/record-lines.ts';

/** A committed batch, as the log holds it. */
export interface LoggedBatch {
  readonly sequence: number;
  readonly bytes: Uint8Array;
}

/** The log as a reader with a kept cursor sees it. Synchronous: the writer runs where the store does. */
export interface LogCursor {
  /**
   * The first committed batch after `sequence`; undefined: all is read. `sequence` undefined: after the kept cursor.
   * Where the store has given batches up, the next one that is left.
   */
  after(sequence: number | undefined): LoggedBatch | undefined;
  /** Everything up to `sequence` is where it should be: the store may forget it. */
  settle(sequence: number): void;
}

/** Lines to be sent together, and how far the log is done with them. */
export interface Portion {
  readonly lines: readonly string[];
  /** Undefined: the batch that they are from has more. */
  readonly settles: number | undefined;
  /** There was no room for more. */
  readonly isFull: boolean;
  /** When the oldest of them arrived at the gateway, Unix milliseconds. */
  readonly oldestMs: number;
}

/** Reads lines from the log, a portion at a time: no more than a portion is ever held. */
export interface LineFeed {
  /** `maxLines` is kept to but for a single record, which may make a few lines. */
  next(maxLines: number): Promise<Portion | undefined>;
}

/** So many lines at a time: about a millisecond, in which the thread's owner cannot commit. */
const SLICE_LINES = 1000;

/** Batches and slices of a portion at most: many may hold nothing that makes a line. */
const STEPS_MAX = 1000;

const hasRoom = (lines: readonly string[], maxLines: number): boolean =>
  lines.length === 0 || lines.length + RECORD_LINES_MAX <= maxLines;

/** `onDamaged`: a batch that cannot be read is passed over from where it breaks; it would be no better next time. */
export const lineFeed = (log: LogCursor, records: RecordLines, onDamaged: (error: unknown) => void): LineFeed => {
  let sequence: number | undefined;
  let firstMs = 0;
  let reader: BatchReader | undefined;

  /** Goes to the next batch; false where there is none. */
  const advance = (): boolean => {
    const batch = log.after(sequence);
    if (batch === undefined) return false;
    sequence = batch.sequence;
    try {
      reader = new BatchReader(batch.bytes);
      firstMs = reader.firstMs;
      records.begin();
    } catch (error) {
      onDamaged(error);
    }
    return true;
  };

  /** Adds lines while there is room; the reader is gone where the batch ended. */
  const fill = (lines: string[], maxLines: number): void => {
    try {
      while (hasRoom(lines, maxLines)) {
        if (reader?.next() !== true) {
          reader = undefined;
          return;
        }
        records.add(reader, lines);
      }
    } catch (error) {
      onDamaged(error);
      reader = undefined;
    }
  };

  return {
    next: async (maxLines) => {
      const lines: string[] = [];
      let settles: number | undefined;
      let oldestMs: number | undefined;
      let isFull = true;
      let sliceStart = 0;
      for (let steps = 0; hasRoom(lines, maxLines) && steps < STEPS_MAX; steps += 1) {
        if (lines.length - sliceStart >= SLICE_LINES) {
          sliceStart = lines.length;
          await setImmediate();
        }
        isFull = reader !== undefined || advance();
        if (!isFull) break;
        oldestMs ??= firstMs;
        fill(lines, Math.min(maxLines, sliceStart + SLICE_LINES + RECORD_LINES_MAX));
        if (reader === undefined) settles = sequence;
      }
      return oldestMs === undefined ? undefined : { lines, settles, isFull, oldestMs };
    },
  };
};
