import type { Memories } from '../../ingest/decoders/memories.ts';

/** What the parts of a snapshot are called that hold what a decoder remembers. */
export const MEMORY_PREFIX = 'memory:';

export interface MemoryCapture {
  /** The next parts; undefined when all have come. */
  next(most: number): readonly (readonly [key: string, memory: object | undefined])[] | undefined;
  end(isKept: boolean): void;
}

/** What decoders remember, for a snapshot: all of it, or what was used since the last one. */
export const captureMemories = (memories: Pick<Memories, 'takeUsed' | 'putBack'>, isFirst: boolean): MemoryCapture => {
  if (isFirst) memories.putBack();
  const taken: string[] = [];
  return {
    next: (most) => {
      const used = memories.takeUsed(most);
      if (used.length === 0) return undefined;
      for (const [key] of used) taken.push(key);
      return used.map(([key, memory]) => [`${MEMORY_PREFIX}${key}`, memory]);
    },
    end: (isKept) => {
      if (!isKept) memories.putBack(taken);
    },
  };
};
