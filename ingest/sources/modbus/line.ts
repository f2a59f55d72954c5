import type { Poll } from './schedule.ts';

/**
 * How a request ended. `corrupt`: a whole answer with a wrong check sum. `fragments`: bytes that were no answer until time
 * was up. `wrong-length`: an answer, but not to what was asked. `lost`: the line is gone.
 */
export type Answer =
  | { readonly type: 'registers'; readonly bytes: Uint8Array }
  | { readonly type: 'exception'; readonly code: number }
  | { readonly type: 'timeout' | 'corrupt' | 'fragments' | 'wrong-length' | 'lost' };

/** What a line tells beside its answers. */
export interface LineEvents {
  /** An answer of so many registers that nobody waited for; undefined `count`: a refusal. */
  onLate(unit: number, functionCode: number, count: number | undefined): void;
}

/** An open bus: one request at a time. */
export interface Line {
  /** Never rejects. */
  read(poll: Poll): Promise<Answer>;
  /** Bytes that belonged to no answer, since it was opened. */
  readonly strayBytes: number;
  /** Gives up what is being read and lets go of port or socket, which are their owner's to close. */
  release(): void;
}
