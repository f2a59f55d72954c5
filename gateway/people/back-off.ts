/** How tries are slowed down, for each key on its own. */
export interface BackOffOptions {
  /** Tries before anybody has to wait. */
  readonly free: number;
  readonly maxMs: number;
  /** Keys at most; the one that was quiet longest is forgotten first. */
  readonly keysMax: number;
  /** Milliseconds, monotonic. */
  nowMs(): number;
}

/** Lets tries pass ever more slowly until one succeeds. */
export interface BackOff {
  /** 0: may be tried now, else how long to wait, milliseconds. */
  waitMs(key: string): number;
  /** Counts a try, before its outcome is known: so a hundred at once are no way around. */
  tried(key: string): void;
  /** Takes one try back: it was right. */
  forgive(key: string): void;
  forget(key: string): void;
}

const FIRST_MS = 1_000;
const FORGET_MS = 900_000;

interface Tries {
  readonly count: number;
  readonly atMs: number;
}

export const backOff = ({ free, maxMs, keysMax, nowMs }: BackOffOptions): BackOff => {
  const keys = new Map<string, Tries>();
  const recent = (key: string): Tries | undefined => {
    const tries = keys.get(key);
    return tries === undefined || nowMs() - tries.atMs >= FORGET_MS ? undefined : tries;
  };
  const put = (key: string, count: number, atMs: number): void => {
    keys.delete(key);
    keys.set(key, { count, atMs });
    const [oldest] = keys.size > keysMax ? keys.keys() : [];
    if (oldest !== undefined) keys.delete(oldest);
  };
  return {
    waitMs: (key) => {
      const tries = recent(key);
      if (tries === undefined || tries.count < free) return 0;
      const pauseMs = Math.min(maxMs, FIRST_MS * 2 ** Math.min(30, tries.count - free));
      return Math.max(0, tries.atMs + pauseMs - nowMs());
    },
    tried: (key) => put(key, (recent(key)?.count ?? 0) + 1, nowMs()),
    forgive: (key) => {
      const tries = recent(key);
      if (tries !== undefined && tries.count > 1) put(key, tries.count - 1, tries.atMs);
      else keys.delete(key);
    },
    forget: (key) => void keys.delete(key),
  };
};
