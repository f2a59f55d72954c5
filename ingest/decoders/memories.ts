/** What decoders remember between frames: one plain JSON object per key, the least recently used one goes first. */
export interface Memories {
  /** The memory of this key, begun with `start` where there is none. */
  of(key: string, start: () => unknown): unknown;
  readonly size: number;
  /** Memories given up because there were too many. */
  readonly evicted: number;
  /** Plain JSON, least recently used first. The memories themselves, not copies: serialise before the next frame. */
  save(): readonly (readonly [key: string, memory: unknown])[];
  /**
   * At most so many of those that were used since they were last taken, as they are now; without a memory: it is gone.
   * Serialise before the next frame.
   */
  takeUsed(most: number): readonly (readonly [key: string, memory: object | undefined])[];
  /** What was taken came to nothing: it is handed out again. Without keys: all there are. */
  putBack(keys?: Iterable<string>): void;
  /** Puts saved memories back and returns how many; anything of another shape is left out. */
  restore(saved: unknown): number;
}

export interface MemoriesOptions {
  /** Memories kept at once. */
  readonly limit?: number;
}

/** Two for each of 10,000 devices. */
const DEFAULT_LIMIT = 20_000;

const asObject = (memory: unknown): object | undefined =>
  typeof memory === 'object' && memory !== null ? memory : undefined;

const isSaved = (entry: unknown): entry is readonly [key: string, memory: object] =>
  Array.isArray(entry) && typeof entry[0] === 'string' && typeof entry[1] === 'object' && entry[1] !== null;

export const createMemories = ({ limit = DEFAULT_LIMIT }: MemoriesOptions = {}): Memories => {
  const memories = new Map<string, unknown>();
  /** Since they were last taken; bounded by the limit and by what was evicted between two snapshots. */
  const used = new Set<string>();
  let evicted = 0;

  const put = (key: string, memory: unknown): void => {
    memories.delete(key);
    memories.set(key, memory);
    used.add(key);
    if (memories.size <= limit) return;
    const oldest = memories.keys().next();
    if (oldest.done) return;
    memories.delete(oldest.value);
    // That it is gone is to be told, too; not without bound, when strangers come and go.
    if (used.size < 2 * limit) used.add(oldest.value);
    else used.delete(oldest.value);
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
    takeUsed(most) {
      const taken: (readonly [string, object | undefined])[] = [];
      for (const key of used) {
        if (taken.length >= most) break;
        used.delete(key);
        taken.push([key, asObject(memories.get(key))]);
      }
      return taken;
    },
    putBack(keys = memories.keys()) {
      for (const key of keys) used.add(key);
    },
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
