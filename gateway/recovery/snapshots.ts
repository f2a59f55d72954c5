import type { JudgeOperator } from '../../rules/engine.ts';
import type { CapturedPart } from '../../rules/judge/capture.ts';
import type { Timers } from '../api/ports.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

/** What a restart has to judge again is at most what came in so long, and while a snapshot was written. */
const EVERY_MS = 10_000;
/** Devices and shared subjects looked at in one turn of the event loop: about a millisecond where all of them have changed. */
const VISITS_PER_TURN = 250;
const RETRY_MS = 50;

export interface SnapshotsOptions {
  readonly store: Pick<Store, 'beginSnapshot'>;
  readonly engine: Pick<JudgeOperator, 'capture' | 'endCapture'>;
  /** Keys of parts that an earlier run wrote: those that this one does not write are taken away. */
  readonly keys: ReadonlySet<string>;
  readonly timers: Timers;
  readonly log: Log;
}

export interface Snapshots {
  /** How many were kept. */
  readonly kept: number;
  stop(): void;
}

type Parts = readonly CapturedPart[];

/** Writes what has changed in the engine to the store, again and again, a little in each turn. */
export const keepSnapshots = ({ store, engine, keys, timers, log }: SnapshotsOptions): Snapshots => {
  const strange = new Set(keys);
  let cancel = (): void => undefined;
  let stopped = false;
  let kept = 0;

  const later = (ms: number, task: () => void): void => {
    if (!stopped) cancel = timers.after(ms, task);
  };

  const known = (parts: Parts): Parts => {
    for (const [key] of parts) strange.delete(key);
    return parts;
  };

  const begin = (): void => {
    // In one turn: nothing is judged between the two.
    const writer = store.beginSnapshot();
    const capture = engine.capture(writer.isFirst);
    if (capture === undefined) return;
    const end = (isKept: boolean): void => {
      engine.endCapture(capture, isKept);
      if (isKept) kept += 1;
      later(EVERY_MS, begin);
    };
    const put = (parts: Parts): void => {
      if (!writer.put(parts)) {
        // The disk is behind: what this one had is in the next one.
        end(false);
        return;
      }
      later(0, step);
    };
    const step = (): void => {
      const parts = capture.next(VISITS_PER_TURN);
      if (parts !== undefined) {
        put(known(parts));
        return;
      }
      const gone = [...strange].map((key): CapturedPart => [key, undefined]);
      strange.clear();
      if (gone.length > 0 && !writer.put(gone)) end(false);
      else
        writer.complete().then(end, (error: unknown) => {
          log.error({ error }, 'a snapshot could not be kept');
          end(false);
        });
    };
    step();
  };

  later(RETRY_MS, begin);
  return {
    get kept() {
      return kept;
    },
    stop: () => {
      stopped = true;
      cancel();
    },
  };
};
