/** Lines that the server would not have, and why. */
export interface Quarantined {
  readonly atMs: number;
  /** The server's own words. */
  readonly reason: string;
  /** How many: one, where it could be told which it is. */
  readonly lines: number;
  /** The line, or the first of them. */
  readonly line: string;
}

/** Takes rejected lines. Bounded; must not throw. */
export interface Quarantine {
  add(lines: readonly string[], reason: string, atMs: number): void;
  readonly latest: readonly Quarantined[];
}

const ENTRIES_MAX = 100;
const LINE_CHARACTERS_MAX = 2000;

/** The latest rejections, in memory; counters tell of all of them. */
export const memoryQuarantine = (): Quarantine => {
  const latest: Quarantined[] = [];
  return {
    add: ([first = '', ...rest], reason, atMs) => {
      latest.push({ atMs, reason, lines: 1 + rest.length, line: first.slice(0, LINE_CHARACTERS_MAX) });
      if (latest.length > ENTRIES_MAX) latest.shift();
    },
    latest,
  };
};
