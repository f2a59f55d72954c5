import type { Clock } from './clock.ts';

/** What the process tells its parent, one JSON object a line. */
export type Progress =
  /** Every device is connected; scenario second 0 is at `startAtMs`. */
  | { readonly type: 'ready'; readonly startAtMs: number; readonly actors: number }
  | { readonly type: 'event'; readonly atSeconds: number; readonly actor: string; readonly do: string }
  /** A command arrived at a device. */
  | {
      readonly type: 'command';
      readonly atSeconds: number;
      readonly actor: string;
      readonly do: string;
      readonly id: string;
    }
  /** The longest delay, real milliseconds and scenario seconds, since the last such line. */
  | { readonly type: 'late'; readonly maxLateMs: number; readonly maxLateSeconds: number }
  | { readonly type: 'problem'; readonly actor: string; readonly message: string }
  | { readonly type: 'done'; readonly sent: number; readonly dropped: number; readonly stopped: boolean };

export type Tell = (progress: Progress) => void;

/** Shorter delays are the scheduling noise of a busy machine. */
const WORTH_TELLING_MS = 50;
const TELL_EVERY_MS = 1000;

/** Collects how late actions ran, and says so at most once a second. */
export const latenessMeter = (clock: Clock, speed: number, tell: Tell) => {
  let maxLateMs = 0;
  let toldMs = Number.NEGATIVE_INFINITY;
  const flush = (): void => {
    if (maxLateMs < WORTH_TELLING_MS) return;
    tell({
      type: 'late',
      maxLateMs: Math.round(maxLateMs),
      maxLateSeconds: Math.round((maxLateMs * speed) / 100) / 10,
    });
    maxLateMs = 0;
  };
  return {
    observe: (lateMs: number): void => {
      maxLateMs = Math.max(maxLateMs, lateMs);
      if (lateMs < WORTH_TELLING_MS || clock.nowMs() - toldMs < TELL_EVERY_MS) return;
      toldMs = clock.nowMs();
      flush();
    },
    flush,
  };
};
