import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

/** How an operator is replaced: `negate` turns its answer round, `boundary` moves the limit itself to the other side. */
export type Variant = 'negate' | 'boundary' | 'swap';

/** One comparison or logical operator of the code under test. */
export interface Site {
  /** Its place in the list of all sites: what the instrumented code calls it. */
  readonly id: number;
  /** From the root of the repository. */
  readonly file: string;
  readonly line: number;
  /** The whole expression, on one line. */
  readonly code: string;
  readonly operator: string;
  readonly variants: readonly Variant[];
}

/** A file with a switch at each of its operators. */
export interface Instrumented {
  readonly sites: readonly Site[];
  readonly code: string;
}

interface Edit {
  readonly at: number;
  readonly until: number;
  readonly text: string;
  /** Closing brackets stand before what follows them, opening ones after; inner closes come first, outer opens too. */
  readonly rank: readonly [kind: 0 | 1 | 2, depth: number];
}

const RELATIONAL: Readonly<Record<string, string>> = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' };
const EQUAL: Readonly<Record<string, string>> = { '===': 'eq', '!==': 'ne' };
const LOGICAL: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '??': 'nullish' };

const SWITCH = 'globalThis.__mutation';

interface Span {
  readonly start: number;
  readonly end: number;
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length;

const shown = (text: string, { start, end }: Span): string => text.slice(start, end).replace(/\s+/g, ' ').slice(0, 120);

const apply = (text: string, edits: Edit[]): string => {
  edits.sort((a, b) => a.at - b.at || a.rank[0] - b.rank[0] || a.rank[1] - b.rank[1]);
  let at = 0;
  let result = '';
  for (const edit of edits) {
    result += text.slice(at, edit.at) + edit.text;
    at = Math.max(at, edit.until);
  }
  return result + text.slice(at);
};

/** Puts a switch at every comparison and logical operator of a file. */
export const instrument = (file: string, text: string, firstId: number): Instrumented => {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`);
  const sites: Site[] = [];
  const edits: Edit[] = [];
  let depth = 0;

  const wrap = (node: Span, operator: string, call: string, variants: readonly Variant[], tail: string): void => {
    const id = firstId + sites.length;
    sites.push({ id, file, line: lineOf(text, node.start), code: shown(text, node), operator, variants });
    edits.push({ at: node.start, until: node.start, text: `${SWITCH}.${call}(${id},`, rank: [2, depth] });
    edits.push({ at: node.end, until: node.end, text: tail, rank: [0, -depth] });
  };
  const between = (left: Span, right: Span, separator: string): void => {
    edits.push({ at: left.end, until: right.start, text: separator, rank: [1, 0] });
  };
  const down = (): void => {
    depth += 1;
  };
  const up = (): void => {
    depth -= 1;
  };

  new Visitor({
    BinaryExpression: (node) => {
      down();
      const relational = RELATIONAL[node.operator];
      const equal = EQUAL[node.operator];
      if (relational !== undefined) wrap(node, node.operator, relational, ['negate', 'boundary'], ')');
      else if (equal !== undefined) wrap(node, node.operator, equal, ['negate'], ')');
      else return;
      between(node.left, node.right, ',');
    },
    'BinaryExpression:exit': up,
    LogicalExpression: (node) => {
      down();
      wrap(node, node.operator, LOGICAL[node.operator] ?? '', ['swap'], '))');
      between(node.left, node.right, ',()=>(');
    },
    'LogicalExpression:exit': up,
    UnaryExpression: (node) => {
      down();
      if (node.operator !== '!') return;
      wrap(node, '!', 'not', ['negate'], ')');
      edits.push({ at: node.start, until: node.argument.start, text: '', rank: [2, depth + 0.5] });
    },
    'UnaryExpression:exit': up,
  }).visit(program);
  return { sites, code: apply(text, edits) };
};

/** Every file under test, in order, with its switches. */
export const instrumentAll = (root: string, folder: string): ReadonlyMap<string, Instrumented> => {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${folder}/${name}`)
    .sort();
  const all = new Map<string, Instrumented>();
  let next = 0;
  for (const file of files) {
    const instrumented = instrument(file, readFileSync(join(root, file), 'utf8'), next);
    next += instrumented.sites.length;
    all.set(file, instrumented);
  }
  return all;
};
