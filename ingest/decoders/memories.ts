/** What decoders remember between frames: one plain JSON object per key, the least recently used one goes first. */
export interface Memories {
  /** The memory of this key, begun with `start` where there is none. */
  of(key: string, start: () => unknown): unknown;
  readonly size: number;
  /** Memories given up because there were too many. */
  readonly evicted: number;
  /** Plain JSON, least recently used first. The memories themselves, not copies: serialise before the next frame. */
  save(): readonly (readonly [key: string, memory: unknown])[];
  /** Puts saved memories back and returns how many; anything of another shape is left out. */
  restore(saved: unknown): number;
}

export interface MemoriesOptions {
  /** Memories kept at once. */
  readonly limit?: number;
}

/** Two for each of 10,000 devices. */
const DEFAULT_LIMIT = 20_000;

const isSaved = (entry: unknown): entry is readonly [key: string, memory: object] =>
  Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'object' && entry[1] !== null;

export const createMemories = ({ limit = DEFAULT_LIMIT }: MemoriesOptions = {}): Memories => {
  const memories = new Map<string, unknown>();
  let evicted = 0;

  const put = (key: string, memory: unknown): void => {
    memories.delete(key);
    memories.set(key, memory);
    if (memories.size <= limit) return;
    const oldest = memories.keys().next();
    if (oldest.done) return;
    memories.delete(oldest.value);
    evicted += 1;
  };

  return {
    of(key, start) {
      const memory = memories.get(key) ?? start();
      put(key, memory);
      return memory;
    },
    get size() {
      return memories.size;
    },
    get evicted() {
      return evicted;
    },
    save: () => [...memories],
    restore(saved) {
      if (!Array.isArray(saved)) return 0;
      let restored = 0;
      for (const entry of saved) {
        if (!isSaved(entry)) continue;
        put(entry[0], entry[1]);
        restored += 1;
      }
      return restored;
    },
  };
};
