/**
 * The filters that anybody is subscribed to, to answer "does any match this topic" without asking mqemitter: most
 * telemetry has no subscriber, and then needs no fan-out.
 */
export interface SubscriptionIndex {
  add(filter: string): void;
  remove(filter: string): void;
  matches(topic: string): boolean;
  /** Grows with every change. */
  generation(): number;
}

const MAX_CACHED_TOPICS = 20_000;

interface Node {
  /** Subscriptions that end here. */
  count: number;
  readonly children: Map<string, Node>;
}

export const subscriptionIndex = (): SubscriptionIndex => {
  const root = newNode();
  const cache = new Map<string, boolean>();
  // One generation per change; the cache is emptied when it is next asked, not a thousand times in a connect storm.
  let generation = 0;
  let cachedGeneration = 0;
  return {
    generation: () => generation,
    add: (filter) => {
      generation += 1;
      let node = root;
      for (const level of filter.split('/')) node = childOf(node, level);
      node.count += 1;
    },
    remove: (filter) => {
      generation += 1;
      removeFrom(root, filter.split('/'), 0);
    },
    matches: (topic) => {
      if (cachedGeneration !== generation || cache.size >= MAX_CACHED_TOPICS) {
        cache.clear();
        cachedGeneration = generation;
      }
      const cached = cache.get(topic);
      if (cached !== undefined) return cached;
      const found = matchesFrom(root, topic.split('/'), 0);
      cache.set(topic, found);
      return found;
    },
  };
};

const newNode = (): Node => ({ count: 0, children: new Map() });

const childOf = (node: Node, level: string): Node => {
  const found = node.children.get(level);
  if (found !== undefined) return found;
  const child = newNode();
  node.children.set(level, child);
  return child;
};

/** Returns whether the node has become empty. */
const removeFrom = (node: Node, levels: readonly string[], index: number): boolean => {
  const level = levels[index];
  if (level === undefined) {
    node.count = Math.max(0, node.count - 1);
  } else {
    const child = node.children.get(level);
    if (child !== undefined && removeFrom(child, levels, index + 1)) node.children.delete(level);
  }
  return node.count === 0 && node.children.size === 0;
};

/** Topics with `$` are not excluded from wildcards here: a match too many only costs the fan-out. */
const matchesFrom = (node: Node, levels: readonly string[], index: number): boolean => {
  if ((node.children.get('#')?.count ?? 0) > 0) return true;
  const level = levels[index];
  if (level === undefined) return node.count > 0;
  const exact = node.children.get(level);
  if (exact !== undefined && matchesFrom(exact, levels, index + 1)) return true;
  const any = node.children.get('+');
  return any !== undefined && matchesFrom(any, levels, index + 1);
};
