import type { Frame } from '../model/frame.ts';

/**
 * Takes a frame. It is judged before this returns. `settle` is called once what came of the frame is safe to
 * acknowledge; a source that has a sender to answer (QoS 1, HTTP) answers only then.
 */
export type Accept = (frame: Frame, settle?: () => void) => void;

/** What went wrong with a source last, for whoever runs the venue. */
export interface SourceTrouble {
  /** Stable, kebab case: `port-absent`, `no-permission`. */
  readonly code: string;
  /** Unix milliseconds. */
  readonly atMs: number;
  readonly zh: string;
  readonly en: string;
}

/** How a source is that keeps something open: plain data, made when asked. */
export interface SourceStatus {
  /** `silent`: open, but nothing was heard for longer than it should be. `lost`: not open, and being tried again. */
  readonly state: 'opening' | 'open' | 'silent' | 'lost' | 'stopped';
  /** They only grow. A source adds its own: `unplugs`, `crcErrors`. */
  readonly counters: {
    readonly frames: number;
    readonly bytes: number;
    readonly failures: number;
    readonly [name: string]: number;
  };
  readonly lastTrouble?: SourceTrouble | undefined;
}

/** Something that frames come from. Reconnects by itself; proves life by frames, not by an open handle. */
export interface Source {
  readonly id: string;
  start(accept: Accept): Promise<void>;
  stop(): Promise<void>;
  /** Sends a message the way that frames come from, at most once. False: it cannot now. Absent: it never can. */
  send?(topic: string, payload: Uint8Array): boolean;
  /** Absent: a listener, of which there is nothing to tell beyond its frames. */
  status?(): SourceStatus;
}
