import { readFlightFile } from './reader.ts';
import type { Beginning, FileHead, FlightRecord, RunStart, StatePart } from './records.ts';
import { beginningOf } from './state-parts.ts';

/** What can be judged again, in order: a gateway begins, and what it took and said after that. */
export type RunRecord =
  /** By a keyframe: in the middle of a run, whose earlier files are gone. */
  | { readonly type: 'begin'; readonly start: RunStart; readonly beginning: Beginning; readonly isExact: boolean }
  | Exclude<FlightRecord, { readonly type: 'head' | 'start' | 'state' | 'ready' }>;

/** How a recording is to be believed. */
export interface Reading {
  readonly runs: number;
  /** Records that follow no beginning: its file was removed, so that nobody knows how things stood. */
  readonly skipped: number;
  /** False: it begins in the middle of a run, of which a keyframe tells the most, but not all. */
  readonly isWhole: boolean;
  /** Bytes at the ends of files that are no complete block: the gateway was killed there, or the file is damaged. */
  readonly tornBytes: number;
}

/** A keyframe is written within seconds. */
const MEANWHILE_MAX = 1_000_000;

/** A file that does not follow the one before it begins with what nobody knows the beginning of. */
const follows = (head: FileHead, before: FileHead | undefined): boolean =>
  before !== undefined && head.run === before.run && head.file === before.file + 1;

/** Puts the beginnings of runs together, and passes over what has none. */
class Runs {
  #head: FileHead | undefined;
  #starting: { readonly start: RunStart; readonly parts: StatePart[] } | undefined;
  #isRunning = false;
  /** Since a keyframe was begun, whose last part has not come. */
  #meanwhile: RunRecord[] = [];
  runs = 0;
  skipped = 0;
  isWhole = true;

  take(record: FlightRecord, visit: (record: RunRecord) => boolean): boolean {
    switch (record.type) {
      case 'head':
        if (!follows(record.head, this.#head)) this.#isRunning = false;
        this.#head = record.head;
        return true;
      case 'start':
        this.#start(record.start);
        return true;
      case 'state':
        this.#starting?.parts.push(record.part);
        return true;
      case 'ready':
        return this.#begin(visit);
      default:
        if (this.#isRunning) return visit(record);
        if (this.#starting === undefined) this.skipped += 1;
        else this.#keep(record);
        return true;
    }
  }

  #keep(record: RunRecord): void {
    this.#meanwhile.push(record);
    // The gateway was not able to finish its keyframe.
    if (this.#meanwhile.length > MEANWHILE_MAX) this.#giveUp();
  }

  #giveUp(): void {
    this.skipped += this.#meanwhile.length;
    this.#meanwhile = [];
    this.#starting = undefined;
  }

  #start(start: RunStart): void {
    if (start.isKeyframe !== true) this.#isRunning = false;
    this.#giveUp();
    // Whoever has read what came before needs no keyframe.
    if (!this.#isRunning) this.#starting = { start, parts: [] };
  }

  #begin(visit: (record: RunRecord) => boolean): boolean {
    // Of a keyframe that nobody needs, or that was given up.
    if (this.#starting === undefined) return true;
    const { start, parts } = this.#starting;
    const isExact = start.isKeyframe !== true;
    this.isWhole &&= isExact;
    this.#starting = undefined;
    this.#isRunning = true;
    this.runs += 1;
    const meanwhile = this.#meanwhile;
    this.#meanwhile = [];
    return visit({ type: 'begin', start, beginning: beginningOf(start, parts), isExact }) && meanwhile.every(visit);
  }
}

/**
 * Reads the files of a recording, oldest first, as runs of a gateway.
 * @param visit false: it has seen enough
 */
export const readRuns = (paths: readonly string[], visit: (record: RunRecord) => boolean): Reading => {
  const runs = new Runs();
  let tornBytes = 0;
  const reading = (): Reading => ({ runs: runs.runs, skipped: runs.skipped, isWhole: runs.isWhole, tornBytes });
  for (const path of paths) {
    const blocks = readFlightFile(path);
    let next = blocks.next();
    for (; !next.done; next = blocks.next()) {
      for (const record of next.value) if (!runs.take(record, visit)) return reading();
    }
    tornBytes += next.value.tornBytes;
  }
  return reading();
};
