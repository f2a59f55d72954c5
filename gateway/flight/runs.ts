import { RecordingError, readFlightFile } from './reader.ts';
import type { Beginning, FileHead, FlightRecord, RunStart, StatePart } from './records.ts';
import { beginningOf } from './state-parts.ts';

/** What can be judged again, in order: a gateway begins, and what it took and said after that. */
export type RunRecord =
  | { readonly type: 'begin'; readonly start: RunStart; readonly beginning: Beginning }
  | Exclude<FlightRecord, { readonly type: 'head' | 'start' | 'state' | 'ready' }>;

/** How a recording is to be believed. */
export interface Reading {
  readonly runs: number;
  /** Records that follow no beginning: its file was removed, so that nobody knows how things stood. */
  readonly skipped: number;
  /** Bytes at the ends of files that are no complete block: the gateway was killed there, or the file is damaged. */
  readonly tornBytes: number;
}

/** A file that does not follow the one before it begins with what nobody knows the beginning of. */
const follows = (head: FileHead, before: FileHead | undefined): boolean =>
  before !== undefined && head.run === before.run && head.file === before.file + 1;

/** Puts the beginnings of runs together, and passes over what has none. */
class Runs {
  #head: FileHead | undefined;
  #starting: { readonly start: RunStart; readonly parts: StatePart[] } | undefined;
  #isRunning = false;
  runs = 0;
  skipped = 0;

  take(record: FlightRecord): RunRecord | undefined {
    switch (record.type) {
      case 'head':
        if (!follows(record.head, this.#head)) this.#isRunning = false;
        this.#head = record.head;
        return undefined;
      case 'start':
        this.#starting = { start: record.start, parts: [] };
        this.#isRunning = false;
        return undefined;
      case 'state':
        this.#starting?.parts.push(record.part);
        return undefined;
      case 'ready':
        return this.#begin();
      default:
        if (this.#isRunning) return record;
        this.skipped += 1;
        return undefined;
    }
  }

  #begin(): RunRecord {
    if (this.#starting === undefined) throw new RecordingError('a gateway is ready that did not start');
    const { start, parts } = this.#starting;
    this.#starting = undefined;
    this.#isRunning = true;
    this.runs += 1;
    return { type: 'begin', start, beginning: beginningOf(start, parts) };
  }
}

/**
 * Reads the files of a recording, oldest first, as runs of a gateway.
 * @param visit false: it has seen enough
 */
export const readRuns = (paths: readonly string[], visit: (record: RunRecord) => boolean): Reading => {
  const runs = new Runs();
  let tornBytes = 0;
  for (const path of paths) {
    const blocks = readFlightFile(path);
    let next = blocks.next();
    for (; !next.done; next = blocks.next()) {
      for (const record of next.value) {
        const judged = runs.take(record);
        if (judged !== undefined && !visit(judged)) return { runs: runs.runs, skipped: runs.skipped, tornBytes };
      }
    }
    tornBytes += next.value.tornBytes;
  }
  return { runs: runs.runs, skipped: runs.skipped, tornBytes };
};
