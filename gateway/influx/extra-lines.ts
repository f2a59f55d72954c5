/** Lines that are not in the log: they go with the next requests, and are lost with the process. */
export interface ExtraLines {
  /** How many there are. */
  readonly waiting: number;
  add(lines: readonly string[]): void;
  /** A line of which only the latest matters: one that has not gone yet is replaced. */
  replace(line: string | undefined): void;
  /** The oldest, so many at most: they are the taker's from now on. */
  take(max: number): readonly string[];
}

/** About 3 MB; hours of a venue with a dozen zones. */
const WAITING_MAX = 20_000;

/** `onDropped`: the oldest that had waited went, for there were too many. */
export const extraLines = (onDropped: (lines: number) => void, waitingMax = WAITING_MAX): ExtraLines => {
  const waiting: string[] = [];
  let latest: string | undefined;
  return {
    get waiting() {
      return waiting.length + (latest === undefined ? 0 : 1);
    },
    add: (lines) => {
      waiting.push(...lines);
      const excess = waiting.length - waitingMax;
      if (excess <= 0) return;
      waiting.splice(0, excess);
      onDropped(excess);
    },
    replace: (line) => {
      latest = line;
    },
    take: (max) => {
      if (latest === undefined) return waiting.splice(0, max);
      const taken = [...waiting.splice(0, max - 1), latest];
      latest = undefined;
      return taken;
    },
  };
};
