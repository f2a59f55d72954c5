import type { VenueConfig } from '../config/schema.ts';
import type { Log } from '../log.ts';
import { VERSION } from '../version.ts';
import { configRecordOf } from './config-record.ts';
import { FORMAT, KIND } from './format.ts';
import type { Beginning, FlightTap, Mark, RunStart } from './records.ts';
import { type SnapshotParts, statePartOf, stateParts } from './state-parts.ts';
import { Tape, type TapeOptions } from './tape.ts';

export interface RecorderOptions extends Omit<TapeOptions, 'headOf' | 'onFailure' | 'pendingBytesMax'> {
  readonly config: VenueConfig;
  /** Default 16 MiB. */
  readonly pendingBytesMax?: number;
  readonly log: Log;
}

export interface RecorderHealth {
  readonly isFailing: boolean;
  /** Frames and inputs that were left out: the disk was too slow. */
  readonly lost: number;
  readonly lostBlocks: number;
  readonly writtenBytes: number;
  readonly removedFiles: number;
  readonly pendingBytes: number;
  readonly keptBytes: number;
}

/** How things stand in the middle of a run, written bit by bit while it goes on. */
export interface Keyframe {
  put(parts: SnapshotParts): void;
  /** All parts were put. */
  complete(): void;
}

/** The flight recorder: everything that enters the hot path, and what it said, in order. */
export interface FlightRecorder extends FlightTap {
  /** Resolves when what a run begins with outlives a kill; a disk that stands still is not waited for. */
  begun(): Promise<void>;
  mark(mark: Mark): void;
  /** From now on somebody asks for keyframes. */
  expectKeyframes(): void;
  /**
   * A file is full, and the next one is to be understood without it: the caller hands over the whole state of this
   * moment. Undefined: not now.
   */
  keyframe(open: Pick<Beginning, 'alarms' | 'outOfService'>): Keyframe | undefined;
  health(): RecorderHealth;
  /** Writes what it has, as far as the disk takes it in time. */
  stop(): Promise<void>;
}

const PENDING_BYTES_MAX = 16 * 1024 * 1024;
/** A disk that stands still does not keep the gateway from starting or ending. */
const PATIENCE_MS = 3000;

const tapeOf = ({ config, log, pendingBytesMax = PENDING_BYTES_MAX, ...rest }: RecorderOptions): Tape =>
  new Tape({
    ...rest,
    pendingBytesMax,
    headOf: (file, run) => ({ format: FORMAT, version: VERSION, venue: config.venue.id, run, file }),
    onFailure: (error) => log.error({ error }, 'the flight recorder cannot write; the gateway goes on without it'),
  });

const healthOf = ({ writer, lost }: Tape): RecorderHealth => {
  const { lostBlocks, writtenBytes, removedFiles } = writer.counters;
  const { isFailing, pendingBytes, keptBytes } = writer;
  return { isFailing, lost, lostBlocks, writtenBytes, removedFiles, pendingBytes, keptBytes };
};

export const createRecorder = (options: RecorderOptions): FlightRecorder => {
  const { config, nowMs, timers } = options;
  const tape = tapeOf(options);
  let record = configRecordOf(config);
  const startAt = (startedMs: number): RunStart => ({
    version: VERSION,
    startedMs,
    configHash: record.hash,
    config: record.config,
  });

  const inTime = (written: Promise<void>): Promise<void> =>
    new Promise((resolve) => {
      const forget = timers.after(PATIENCE_MS, resolve);
      const done = (): void => {
        forget();
        resolve();
      };
      written.then(done, done);
    });

  const keyframe = (open: Pick<Beginning, 'alarms' | 'outOfService'>): Keyframe | undefined => {
    if (!tape.writer.isFull) return undefined;
    tape.turnOver();
    tape.put(KIND.start, { ...startAt(nowMs()), isKeyframe: true } satisfies RunStart);
    tape.put(KIND.state, open);
    return {
      put: (parts) => {
        tape.put(KIND.state, statePartOf(parts));
        tape.packed();
      },
      complete: () => {
        tape.put(KIND.ready, {});
        tape.packed();
      },
    };
  };

  return {
    begin: (beginning) => {
      tape.put(KIND.start, startAt(beginning.startedMs));
      for (const part of stateParts(beginning)) {
        tape.put(KIND.state, part);
        tape.packed();
      }
      tape.put(KIND.ready, {});
      tape.flush();
    },
    frame: (frame) => tape.frame(frame),
    wake: (timer, atMs) => tape.wake(timer, atMs),
    input: (input) => tape.important(KIND.input, input),
    event: (event) => tape.important(KIND.event, event),
    mark: (mark) => tape.important(KIND.mark, mark),
    reload: (next, atMs) => {
      record = configRecordOf(next);
      const mark: Mark = { type: 'reload', atMs, configHash: record.hash, config: record.config };
      tape.important(KIND.mark, mark);
    },
    expectKeyframes: () => {
      tape.isWaiting = true;
    },
    keyframe,
    health: () => healthOf(tape),
    begun: () => inTime(tape.writer.written()),
    stop: () => {
      tape.put(KIND.mark, { type: 'stop', atMs: nowMs() } satisfies Mark);
      return inTime(tape.end());
    },
  };
};
