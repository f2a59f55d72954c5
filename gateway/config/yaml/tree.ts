import type { Alias, Document, Node } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Text } from '../../../rules/rule.ts';
import type { ProblemCode } from '../problems/problem.ts';
import type { Mark } from './positions.ts';

/** A bomb of aliases unfolds to more than this; 10,000 badges take 100,000 to 200,000 nodes. */
const NODES_MAX = 400_000;
const DEPTH_MAX = 32;
/** Finding an anchor reads the file from its start. */
const ALIASES_MAX = 1000;

interface TreeProblem {
  readonly code: ProblemCode;
  readonly offset: number;
  readonly path: readonly PropertyKey[];
  readonly message: Text;
  readonly expected: Text;
}

export interface Tree {
  readonly value: unknown;
  readonly root: Mark;
  readonly problems: readonly TreeProblem[];
}

interface Walk {
  readonly document: Document;
  readonly problems: TreeProblem[];
  readonly anchors: Map<Alias, Node | undefined>;
  nodes: number;
}

const NOTHING: Text = { zh: '', en: '' };

const report = (
  walk: Walk,
  code: ProblemCode,
  offset: number,
  path: readonly PropertyKey[],
  zh: string,
  en: string,
) => {
  walk.problems.push({ code, offset, path, message: { zh, en }, expected: NOTHING });
};

const offsetOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

/** A key as it is written: `0x10` or `1e3` is the name of a device, not a number. */
const keyOf = (key: unknown): string | undefined => {
  if (!isScalar(key)) return undefined;
  if (typeof key.value === 'string') return key.value;
  return key.source ?? String(key.value);
};

type Place = readonly PropertyKey[];

const mapping = (walk: Walk, node: Node, path: Place, children: Map<string, Mark>): Record<string, unknown> => {
  const value: Record<string, unknown> = {};
  if (!isMap(node)) return value;
  for (const pair of node.items) {
    const key = keyOf(pair.key);
    const offset = offsetOf(pair.key);
    if (key === undefined || key === '__proto__') {
      report(walk, 'wrong-type', offset, path, '该键不是可用的名称', 'this key cannot be a name');
      continue;
    }
    if (children.has(key)) {
      const first = `"${key.slice(0, 64)}"`;
      report(walk, 'duplicate-key', offset, [...path, key], `键 ${first} 重复`, `the key ${first} is written twice`);
      continue;
    }
    const child = visit(walk, isNode(pair.value) ? pair.value : undefined, [...path, key], offset);
    children.set(key, child.mark);
    // A section whose entries are all commented out is absent.
    if (child.value !== null || path.length > 0) value[key] = child.value;
  }
  return value;
};

const sequence = (walk: Walk, node: Node, path: Place, children: Map<string, Mark>): unknown[] => {
  if (!isSeq(node)) return [];
  return node.items.map((item, index) => {
    const child = visit(walk, isNode(item) ? item : undefined, [...path, index], undefined);
    children.set(String(index), child.mark);
    return child.value;
  });
};

const scalar = (walk: Walk, node: Node, path: Place): unknown => {
  const value: unknown = isScalar(node) ? node.value : null;
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  report(walk, 'wrong-type', offsetOf(node), path, '不支持的标签', 'a tag that is not supported');
  return null;
};

const anchored = (walk: Walk, alias: Alias): Node | undefined => {
  if (!walk.anchors.has(alias)) walk.anchors.set(alias, alias.resolve(walk.document));
  return walk.anchors.get(alias);
};

/** Shared by all scalars, of which there are most; nothing is ever put into it. */
const NO_CHILDREN: Map<string, Mark> = new Map();

interface Visited {
  readonly value: unknown;
  readonly mark: Mark;
}

const visit = (walk: Walk, written: Node | undefined, path: Place, keyOffset: number | undefined): Visited => {
  const children: Map<string, Mark> = isScalar(written) ? NO_CHILDREN : new Map();
  const mark: Mark = { keyOffset, valueOffset: written === undefined ? (keyOffset ?? 0) : offsetOf(written), children };
  walk.nodes += 1;
  if (walk.nodes > NODES_MAX || path.length > DEPTH_MAX || walk.anchors.size > ALIASES_MAX) {
    if (walk.problems.at(-1)?.code !== 'too-large') {
      report(
        walk,
        'too-large',
        mark.valueOffset,
        path,
        '嵌套过深或别名展开过大',
        'nested too deeply, or aliases that unfold to too much',
      );
    }
    return { value: null, mark };
  }
  const node = isAlias(written) ? anchored(walk, written) : written;
  if (node === undefined) {
    if (isAlias(written))
      report(
        walk,
        'yaml-syntax',
        mark.valueOffset,
        path,
        '引用了不存在的锚点',
        'an alias of an anchor that does not exist',
      );
    return { value: null, mark };
  }
  if (isMap(node)) return { value: mapping(walk, node, path, children), mark };
  if (isSeq(node)) return { value: sequence(walk, node, path, children), mark };
  return { value: scalar(walk, node, path), mark };
};

/**
 * Plain values of a parsed document, and where each of them stands. Bounded in depth and number, whatever aliases
 * unfold to.
 */
export const readTree = (document: Document): Tree => {
  const walk: Walk = { document, problems: [], anchors: new Map(), nodes: 0 };
  const { value, mark } = visit(walk, document.contents ?? undefined, [], undefined);
  return { value, root: mark, problems: walk.problems };
};
