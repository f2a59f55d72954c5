import { RECORD } from '../../store/batch/format.ts';
import type { BatchReader, Names } from '../../store/batch/reader.ts';
import { eventLine } from './events.ts';
import { FAMILIES } from './families.ts';
import { occurrenceLine } from './occurrences.ts';
import { type LineOptions, sampleLines } from './samples.ts';

/** Turns the records of batches into lines. */
export interface RecordLines {
  /** To be called before the first record of every batch. */
  begin(): void;
  /** Adds the lines of the record that the reader stands at. */
  add(at: BatchReader, lines: string[]): void;
}

/** A sample makes a line in each family that it has metrics of. */
export const RECORD_LINES_MAX = FAMILIES.length;

const US_PER_MS = 1000;

/**
 * Alarm events and occurrences come in whole milliseconds: their number in the batch makes the microsecond, so that two
 * of one millisecond stay two points, and the same ones when the batch is sent again.
 */
export const recordLines = (options: LineOptions, names: Names): RecordLines => {
  const addSample = sampleLines(options, names);
  let ordinal = 0;
  const timeUs = (ms: number): number => {
    const us = Math.floor(ms) * US_PER_MS + (ordinal % US_PER_MS);
    ordinal += 1;
    return us;
  };
  return {
    begin: () => {
      ordinal = 0;
    },
    add: (at, lines) => {
      switch (at.kind) {
        case RECORD.sample:
          addSample(at, lines);
          break;
        case RECORD.event: {
          const event = at.event();
          if (!('entry' in event)) lines.push(eventLine(options, event, timeUs(event.atMs)));
          break;
        }
        case RECORD.occurrence: {
          const occurrence = at.occurrence();
          const { historical, timeMs, nowMs } = occurrence;
          lines.push(occurrenceLine(options, occurrence, timeUs(historical ? timeMs : nowMs)));
        }
      }
    },
  };
};
