import type { Memories } from '../../ingest/decoders/memories.ts';
import type { JudgeOperator } from '../../rules/engine.ts';
import type { Timers } from '../api/ports.ts';
import type { Keyframe } from '../flight/recorder.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { captureMemories, type MemoryCapture } from './memory-capture.ts';

/**
 * What a restart has to judge again is at most what came in so long, and while a snapshot was written. With 10,000
 * devices reporting every half second, one every 10 s took the main thread more time than packing their samples.
 */
const EVERY_MS = 30_000;
/** A disk that stands still does not keep the gateway from ending. */
const STOP_MS = 5000;
/** Devices and shared subjects looked at in one turn of the event loop: about a millisecond where all of them have changed. */
const VISITS_PER_TURN = 125;

export interface SnapshotsOptions {
  readonly store: Pick<Store, 'beginSnapshot'>;
  readonly engine: Pick<JudgeOperator, 'capture' | 'endCapture'>;
  /** What decoders remember. */
  readonly memories: Pick<Memories, 'takeUsed' | 'putBack'>;
  /** Keys of parts that an earlier run wrote: those that this one does not write are taken away. */
  readonly keys: ReadonlySet<string>;
  readonly timers: Timers;
  readonly log: Log;
  /** The flight recorder wants the whole state now; undefined: it does not. */
  readonly keyframe?: (() => Keyframe | undefined) | undefined;
}

export interface Snapshots {
  /** How many were kept. */
  readonly kept: number;
  /** Writes a last one, as far as the disk takes it in time. */
  stop(): Promise<void>;
}

type Parts = readonly (readonly [key: string, part: object | undefined])[];

/**
 * Writes what has changed in the engine to the store, again and again, a little in each turn. The first is handed over
 * at once, to be called before any input is: the log does not tell when the gateway was down, so that a deadline which
 * passed then would be judged again as one that was told.
 */
export const keepSnapshots = (options: SnapshotsOptions): Snapshots => {
  const { store, engine, memories, keys, timers, log } = options;
  const strange = new Set(keys);
  let cancel = (): void => undefined;
  let stopped = false;
  let kept = 0;
  let remembering: MemoryCapture | undefined;

  const later = (ms: number, task: () => void): void => {
    if (!stopped) cancel = timers.after(ms, task);
  };

  const known = (parts: Parts): Parts => {
    for (const [key] of parts) strange.delete(key);
    return parts;
  };

  const begin = (visits: number, done?: () => void): void => {
    // One that is under way comes to nothing.
    remembering?.end(false);
    // In one turn: nothing is judged between the two.
    const writer = store.beginSnapshot();
    const keyframe = options.keyframe?.();
    const isWhole = writer.isFirst || keyframe !== undefined;
    const capture = engine.capture(isWhole);
    if (capture === undefined) {
      done?.();
      return;
    }
    const remembered = captureMemories(memories, isWhole);
    remembering = remembered;
    const end = (isKept: boolean): void => {
      engine.endCapture(capture, isKept);
      if (remembering === remembered) {
        remembering = undefined;
        remembered.end(isKept);
      }
      if (isKept) {
        kept += 1;
        strange.clear();
      }
      later(EVERY_MS, () => begin(VISITS_PER_TURN));
      done?.();
    };
    const step = (): void => {
      // Memories last: one that is ahead of the engine forgets nothing that the engine knows.
      const parts = capture.next(visits) ?? remembered.next(visits);
      if (parts === undefined) keyframe?.complete();
      else keyframe?.put(parts);
      if (parts === undefined) finish();
      // The disk is behind: what this one had is in the next one.
      else if (!writer.put(known(parts))) end(false);
      else if (visits === Infinity) step();
      else later(0, step);
    };
    const finish = (): void => {
      const gone = [...strange].map((key) => [key, undefined] as const);
      if (gone.length > 0 && !writer.put(gone)) end(false);
      else
        writer.complete().then(end, (error: unknown) => {
          log.error({ error }, 'a snapshot could not be kept');
          end(false);
        });
    };
    step();
  };

  begin(Infinity);
  return {
    get kept() {
      return kept;
    },
    stop: () =>
      new Promise((resolve) => {
        stopped = true;
        cancel();
        const forget = timers.after(STOP_MS, resolve);
        begin(Infinity, () => {
          forget();
          resolve();
        });
      }),
  };
};
