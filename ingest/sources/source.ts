import type { Frame } from '../model/frame.ts';

/**
 * Takes a frame. It is judged before this returns. `settle` is called once what came of the frame is safe to
 * acknowledge; a source that has a sender to answer (QoS 1, HTTP) answers only then.
 */
export type Accept = (frame: Frame, settle?: () => void) => void;

/** Something that frames come from. Reconnects by itself; proves life by frames, not by an open handle. */
export interface Source {
  readonly id: string;
  start(accept: Accept): Promise<void>;
  stop(): Promise<void>;
  /** Sends a message the way that frames come from, at most once. False: it cannot now. Absent: it never can. */
  send?(topic: string, payload: Uint8Array): boolean;
}
