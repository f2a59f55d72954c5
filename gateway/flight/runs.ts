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

/** Of each file in turn; answers how many bytes were torn. */
function* recordsOf(paths: readonly string[]): Generator<FlightRecord, number> {
  let tornBytes = 0;
  for (const path of paths) tornBytes += (yield* readFlightFile(path)).tornBytes;
  return tornBytes;
}

/** A file that does not follow the one before it begins with what nobody knows the beginning of. */
const follows = (head: FileHead, before: FileHead | undefined): boolean =>
  before !== undefined && head.run === before.run && head.file === before.file + 1;

interface Starting {
  readonly start: RunStart;
  readonly parts: StatePart[];
}

/** Reads the files of a recording, oldest first, as runs of a gateway. */
export function* readRuns(paths: readonly string[]): Generator<RunRecord, Reading> {
  let [runs, skipped] = [0, 0];
  let head: FileHead | undefined;
  let starting: Starting | undefined;
  let isRunning = false;
  const records = recordsOf(paths);
  for (;;) {
    const next = records.next();
    if (next.done) return { runs, skipped, tornBytes: next.value };
    const record = next.value;
    switch (record.type) {
      case 'head':
        if (!follows(record.head, head)) isRunning = false;
        head = record.head;
        break;
      case 'start':
        starting = { start: record.start, parts: [] };
        isRunning = false;
        break;
      case 'state':
        starting?.parts.push(record.part);
        break;
      case 'ready':
        if (starting === undefined) throw new RecordingError('a gateway is ready that did not start');
        runs += 1;
        isRunning = true;
        yield { type: 'begin', start: starting.start, beginning: beginningOf(starting.start, starting.parts) };
        starting = undefined;
        break;
      default:
        if (isRunning) yield record;
        else skipped += 1;
    }
  }
}
