import type { Timers } from './timers.ts';

/** Tells when nothing was counted for a while; costs nothing while something is. */
export interface SilenceWatch {
  start(): void;
  stop(): void;
}

export interface SilenceOptions {
  readonly silenceMs: number;
  readonly timers: Timers;
  /** A number that grows with every sign of life. */
  count(): number;
  /** Again and again for as long as it lasts. */
  onSilence(): void;
}

/** Looked at so often within the time: it is at most so much later that silence is noticed. */
const LOOKS = 4;

export const watchSilence = ({ silenceMs, timers, count, onSilence }: SilenceOptions): SilenceWatch => {
  let cancel = (): void => {};
  let last = 0;
  let quietLooks = 0;

  const look = (): void => {
    quietLooks = count() === last ? quietLooks + 1 : 0;
    last = count();
    const silent = quietLooks >= LOOKS;
    if (silent) quietLooks = 0;
    arm();
    if (silent) onSilence();
  };
  const arm = (): void => {
    cancel = timers.after(silenceMs / LOOKS, look);
  };

  return {
    start: () => {
      cancel();
      last = count();
      quietLooks = 0;
      arm();
    },
    stop: () => cancel(),
  };
};
