import type { Duplex } from 'node:stream';
import type { SourceTrouble } from '../source.ts';

export interface LineEvents {
  /** A stream of its own for every opening: what was known of the one before is void. */
  onOpen(stream: Duplex): void;
  /** It is gone, or could not be opened; it is being tried again. */
  onLost(trouble: SourceTrouble): void;
}

/** The way to a controller, kept open: HCI packets in their H4 frames both ways. */
export interface Line {
  /** Never fails: what is not there is tried again. */
  start(): void;
  /** Closes and opens anew, as one would pull a plug that seems dead. */
  reopen(trouble: SourceTrouble): void;
  /** Adverts came: the next failure is the first of a new row. */
  proveLife(): void;
  stop(): Promise<void>;
}

export type KeepLine = (events: LineEvents) => Line;
