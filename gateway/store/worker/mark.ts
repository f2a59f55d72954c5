import { closeSync, constants, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../../log.ts';
import { messageOf, troubleCode } from '../errors.ts';
import type { Gauges } from '../gauges.ts';

export const MARK_FILE = 'ran-to';

const WRITE_EVERY_MS = 20;
/** What is written outlives the process at once, and a power cut once it is synced. */
const SYNC_EVERY_WRITES = 50;

const LATE = 'devices have longer to report after this restart or a later one, by the time in which nothing came in';

/** Two f64, little endian: the last batch of the log by then, and Unix milliseconds. */
const MARK_BYTES = 16;

/**
 * Until when a gateway ran whose log ends with this batch, as far as its mark tells: where nothing comes in, the log alone
 * would take an hour of calm for an hour of down time. Undefined: there is no mark, or it is of a longer log than this, or
 * it cannot be read, which is told.
 */
export const readMark = (directory: string, lastSequence: number, report: Pick<Log, 'warn'>): number | undefined => {
  const path = join(directory, MARK_FILE);
  if (!existsSync(path)) return undefined;
  try {
    const bytes = readFileSync(path);
    const [sequence, ranToMs] = [bytes.readDoubleLE(0), bytes.readDoubleLE(8)];
    if (bytes.length !== MARK_BYTES || !Number.isFinite(ranToMs)) throw new Error('it is no mark');
    return sequence <= lastSequence ? ranToMs : undefined;
  } catch (error) {
    report.warn({ path, error: messageOf(error) }, `the mark of running cannot be read: ${LATE}`);
    return undefined;
  }
};

export interface MarkOptions {
  readonly directory: string;
  readonly gauges: Gauges;
  readonly report: Log;
  /** Of what is committed. */
  lastSequence(): number;
  after(ms: number, work: () => void): () => void;
}

/** Writes down until when the gateway has run, whenever the main thread has said so. Answers how to end it, with a last one. */
export const keepMark = ({ directory, gauges, report, lastSequence, after }: MarkOptions): (() => void) => {
  const path = join(directory, MARK_FILE);
  const bytes = Buffer.alloc(MARK_BYTES);
  let file: number | undefined;
  let writtenMs = gauges.get('ranToMs');
  let unsynced = 0;
  let isFailing = false;

  const write = (ranToMs: number): void => {
    file ??= openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    bytes.writeDoubleLE(lastSequence(), 0);
    bytes.writeDoubleLE(ranToMs, 8);
    writeSync(file, bytes, 0, MARK_BYTES, 0);
    unsynced += 1;
    if (unsynced < SYNC_EVERY_WRITES) return;
    fdatasyncSync(file);
    unsynced = 0;
  };

  const look = (): void => {
    const ranToMs = gauges.get('ranToMs');
    if (ranToMs === writtenMs) return;
    writtenMs = ranToMs;
    try {
      write(ranToMs);
      isFailing = false;
    } catch (error) {
      if (!isFailing) {
        const fields = { path, code: troubleCode(error), error: messageOf(error) };
        report.warn(fields, `the mark of running cannot be written: ${LATE}`);
      }
      isFailing = true;
    }
  };

  const again = (): void => {
    look();
    cancel = after(WRITE_EVERY_MS, again);
  };
  let cancel = after(WRITE_EVERY_MS, again);
  return () => {
    cancel();
    look();
    if (file !== undefined) closeSync(file);
  };
};
