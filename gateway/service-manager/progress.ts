/** How far the gateway's two threads have come; all but `pendingBatches` only grow. */
export interface Figures {
  /** False: the engine's stream has ended, and nothing is judged any more. */
  readonly isJudging: boolean;
  /** Messages that came in, and those of them that were lost because the hot path threw. */
  readonly arrived: number;
  readonly lost: number;
  /** Batches on their way to the disk. */
  readonly pendingBatches: number;
  /** Commits, commits that failed, new workers: the writer is at work, with success or without. */
  readonly writerSteps: number;
}

/** For how long each of them has come no further although there was something to do, milliseconds. */
export interface Stillness {
  readonly hotPathMs: number;
  readonly writerMs: number;
}

/** Looks again and again; each look says how long what it sees has lasted. */
export const createProgress = (first: Figures, startMs: number): ((figures: Figures, nowMs: number) => Stillness) => {
  let before = first;
  let beforeMs = startMs;
  let hotPathMs = 0;
  let writerMs = 0;
  return (figures, nowMs) => {
    const passedMs = nowMs - beforeMs;
    const arrived = figures.arrived - before.arrived;
    const lost = figures.lost - before.lost;
    // Where nothing came in nothing is known: what was known stays.
    if (arrived > lost) hotPathMs = 0;
    else if (arrived > 0) hotPathMs += passedMs;
    const hasWritten = figures.pendingBatches === 0 || figures.writerSteps !== before.writerSteps;
    writerMs = hasWritten ? 0 : writerMs + passedMs;
    before = figures;
    beforeMs = nowMs;
    return { hotPathMs: figures.isJudging ? hotPathMs : Infinity, writerMs };
  };
};
