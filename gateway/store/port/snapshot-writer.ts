import type { SnapshotPart } from '../database/snapshots.ts';
import type { Work } from '../protocol.ts';
import type { SnapshotWriter } from '../store.ts';

export interface SnapshotPort {
  post(message: Work): void;
  /** The disk keeps up: more may be put. */
  hasRoom(): boolean;
}

/** Snapshots, one at a time: beginning one gives up what is left of the one before. */
export interface SnapshotDesk {
  begin(sequence: number): SnapshotWriter;
  completed(sequence: number): void;
  /** The worker that was told is gone, or its database is. `isEmpty`: no snapshot is left. */
  lost(isEmpty: boolean): void;
}

export const snapshotDesk = (port: SnapshotPort, completeSequence: number): SnapshotDesk => {
  let hasComplete = completeSequence > 0;
  let current: { readonly sequence: number; settle(done: boolean): void; isOver: boolean } | undefined;

  const giveUp = (): void => {
    if (current === undefined) return;
    current.isOver = true;
    current.settle(false);
    current = undefined;
  };

  const begin = (sequence: number): SnapshotWriter => {
    giveUp();
    const mine = { sequence, isOver: false, settle: (_done: boolean): void => undefined };
    current = mine;
    return {
      sequence,
      isFirst: !hasComplete,
      put: (parts) => {
        if (mine.isOver || !port.hasRoom()) return false;
        const texts: SnapshotPart[] = [];
        for (const [key, value] of parts) texts.push([key, value === undefined ? null : JSON.stringify(value)]);
        port.post({ type: 'put', sequence, parts: texts });
        return true;
      },
      complete: () =>
        new Promise((resolve) => {
          if (mine.isOver) {
            resolve(false);
            return;
          }
          mine.settle = resolve;
          port.post({ type: 'complete', sequence });
        }),
    };
  };

  return {
    begin,
    completed: (sequence) => {
      hasComplete = true;
      if (current?.sequence !== sequence) return;
      current.settle(true);
      current = undefined;
    },
    lost: (isEmpty) => {
      if (isEmpty) hasComplete = false;
      giveUp();
    },
  };
};
