import type { Frame } from '../../ingest/model/frame.ts';
import type { Timers } from '../api/ports.ts';
import type { VenueConfig } from '../config/schema.ts';
import type { GatewayEvent } from '../events.ts';
import type { Log } from '../log.ts';
import { VERSION } from '../version.ts';
import { configRecordOf } from './config-record.ts';
import { BLOCK_BYTES, FlightEncoder } from './encoder.ts';
import { FORMAT, KIND } from './format.ts';
import type { Beginning, FileHead, FlightInput, FlightTap, Mark, RunStart } from './records.ts';
import { stateParts } from './state-parts.ts';
import { FlightWriter } from './writer.ts';

export interface RecorderOptions {
  readonly directory: string;
  readonly config: VenueConfig;
  readonly bytesMax: number;
  readonly keepMs: number;
  /** What may wait for the disk in memory before frames are left out; default 16 MiB. */
  readonly pendingBytesMax?: number;
  /** Judged time. */
  nowMs(): number;
  /** Real time, monotonic. */
  readonly timers: Timers & { now(): number; soon(task: () => void): void };
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

/** The flight recorder: everything that enters the hot path, and what it said, in order. */
export interface FlightRecorder extends FlightTap {
  mark(mark: Mark): void;
  health(): RecorderHealth;
  /** Writes what it has, as far as the disk takes it in time. */
  stop(): Promise<void>;
}

/** What a kill takes with it at most. What people have done, and alarms, are written at the end of their turn. */
const FLUSH_MS = 250;
const PENDING_BYTES_MAX = 16 * 1024 * 1024;
/** A disk that failed is tried again. */
const RETRY_MS = 5000;
/** A disk that stands still does not keep the gateway from ending. */
const STOP_MS = 3000;

export const createRecorder = (options: RecorderOptions): FlightRecorder => {
  const { config, nowMs, timers, log } = options;
  const pendingBytesMax = options.pendingBytesMax ?? PENDING_BYTES_MAX;
  const encoder = new FlightEncoder();
  const writer = new FlightWriter({
    directory: options.directory,
    bytesMax: options.bytesMax,
    keepMs: options.keepMs,
    nowMs,
    onFailure: (error) => log.error({ error }, 'the flight recorder cannot write; the gateway goes on without it'),
  });
  const record = configRecordOf(config);
  const run = writer.number;
  let cancel: (() => void) | undefined;
  let isSoon = false;
  let lost = 0;
  /** Not yet told in the recording. */
  let untold = 0;
  let isDropping = false;
  let triedMs = -Infinity;
  let lostBlocks = 0;

  const beginFile = (): void => {
    const head: FileHead = { format: FORMAT, version: VERSION, venue: config.venue.id, run, file: writer.number };
    encoder.json(KIND.head, head);
  };

  const flush = (): void => {
    cancel?.();
    cancel = undefined;
    if (encoder.isEmpty) return;
    writer.append(encoder.seal());
    if (writer.isFull) turnOver();
  };

  const turnOver = (): void => {
    // Every block until the next try is lost, and counted.
    if (writer.isFailing && timers.now() - triedMs < RETRY_MS) return;
    triedMs = timers.now();
    writer.nextFile();
    encoder.forgetRoutes();
    beginFile();
    const missing = writer.counters.lostBlocks - lostBlocks;
    lostBlocks = writer.counters.lostBlocks;
    if (missing > 0) tellGap(missing);
  };

  const tellGap = (count: number): void => {
    const mark: Mark = { type: 'gap', atMs: nowMs(), lost: count };
    encoder.json(KIND.mark, mark);
  };

  /** False: there is no room, and what was left out is counted. */
  const hasRoom = (share: number): boolean => {
    const pending = writer.pendingBytes + encoder.byteLength;
    if (pending > pendingBytesMax * share || (isDropping && pending > pendingBytesMax / 2)) {
      isDropping = true;
      lost += 1;
      untold += 1;
      return false;
    }
    isDropping = false;
    if (untold > 0) {
      tellGap(untold);
      untold = 0;
    }
    return true;
  };

  const packed = (): void => {
    if (encoder.byteLength >= BLOCK_BYTES) flush();
    else cancel ??= timers.after(FLUSH_MS, flush);
  };

  const now = (): void => {
    if (isSoon) return;
    isSoon = true;
    timers.soon(() => {
      isSoon = false;
      flush();
    });
  };

  const important = (kind: number, value: unknown): void => {
    if (!hasRoom(2)) return;
    encoder.json(kind, value);
    now();
  };

  beginFile();

  return {
    begin: (beginning: Beginning) => {
      const { startedMs, snapshot } = beginning;
      const start: RunStart = {
        version: VERSION,
        startedMs,
        configHash: record.hash,
        config: record.config,
        ...(snapshot === undefined
          ? {}
          : { snapshot: { version: 1, atMs: snapshot.atMs, listeningSinceMs: snapshot.listeningSinceMs } }),
      };
      encoder.json(KIND.start, start);
      for (const part of stateParts(beginning)) {
        encoder.json(KIND.state, part);
        packed();
      }
      encoder.json(KIND.ready, {});
      flush();
    },
    frame: (frame: Frame) => {
      if (!hasRoom(1)) return;
      encoder.frame(frame);
      packed();
    },
    wake: (timer, atMs) => {
      if (!hasRoom(1)) return;
      encoder.wake(timer, atMs);
      packed();
    },
    input: (input: FlightInput) => important(KIND.input, input),
    event: (event: GatewayEvent) => important(KIND.event, event),
    mark: (mark: Mark) => important(KIND.mark, mark),
    health: () => ({
      isFailing: writer.isFailing,
      lost,
      lostBlocks: writer.counters.lostBlocks,
      writtenBytes: writer.counters.writtenBytes,
      removedFiles: writer.counters.removedFiles,
      pendingBytes: writer.pendingBytes,
      keptBytes: writer.keptBytes,
    }),
    stop: () =>
      new Promise((resolve) => {
        encoder.json(KIND.mark, { type: 'stop', atMs: nowMs() } satisfies Mark);
        flush();
        const forget = timers.after(STOP_MS, resolve);
        writer.end().then(
          () => {
            forget();
            resolve();
          },
          () => resolve(),
        );
      }),
  };
};
