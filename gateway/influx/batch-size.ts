/** How many lines go into a request: fewer where the server finds them too many or needs too long. */
export interface BatchSize {
  readonly lines: number;
  /** So many were more than the server takes. */
  tooLarge(lines: number): void;
  /** So many took too long; it may be only for now. */
  tooSlow(lines: number): void;
  wentWell(): void;
}

/** Below this a request costs more than what is in it. */
const SLOW_LINES_MIN = 50;
const GROWTH = 1.25;

export const batchSize = (maxLines: number): BatchSize => {
  let ceiling = maxLines;
  let lines = maxLines;
  return {
    get lines() {
      return lines;
    },
    tooLarge: (tried) => {
      ceiling = Math.max(1, Math.min(ceiling, tried >> 1));
      lines = Math.min(lines, ceiling);
    },
    tooSlow: (tried) => {
      lines = Math.min(lines, Math.max(SLOW_LINES_MIN, tried >> 1));
    },
    wentWell: () => {
      if (lines < ceiling) lines = Math.min(ceiling, Math.ceil(lines * GROWTH));
    },
  };
};
