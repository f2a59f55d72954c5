import {
  Document,
  isCollection,
  isMap,
  isNode,
  isScalar,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from 'yaml';

/** Where a mapping is to be changed, and what stands there afterwards; all other bytes of the file stay as they are. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

const INDENT = '  ';

/** A value on one line, quoted where it has to be. */
const flowText = (value: unknown): string => {
  const document = new Document(value);
  if (isCollection(document.contents)) document.contents.flow = true;
  return document.toString({ lineWidth: 0, flowCollectionPadding: !Array.isArray(value) }).trimEnd();
};

const keyText = (key: string): string => flowText(key);

/** `key: value` on one line, as it is written into a block. */
export const entryText = (key: string, value: unknown): string => `${keyText(key)}: ${flowText(value)}`;

const endOfLine = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

const afterLine = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
};

/** Spaces before the key that stands at an offset. */
const indentAt = (text: string, at: number): string => {
  const begin = text.lastIndexOf('\n', at - 1) + 1;
  return ' '.repeat(at - begin);
};

/** A line of its own, after whatever line comes before. */
const lineAt = (text: string, at: number, line: string): Splice => {
  const eol = endOfLine(text);
  const isBegun = at > 0 && text[at - 1] !== '\n';
  return { from: at, to: at, text: `${isBegun ? eol : ''}${line}${eol}` };
};

const pairOf = (map: YAMLMap, key: string): Pair | undefined =>
  map.items.find((pair) => isScalar(pair.key) && (pair.key.source ?? String(pair.key.value)) === key);

const rangeOf = (node: unknown): Node['range'] => (isNode(node) ? node.range : undefined);

/** Puts `key: value` at the end of a mapping, in the style in which the mapping is written. */
const append = (text: string, map: YAMLMap, key: string, value: string): Splice | undefined => {
  const [start, end] = map.range ?? [];
  if (start === undefined || end === undefined) return undefined;
  const entry = `${keyText(key)}: ${value}`;
  const last = map.items.at(-1);
  if (map.flow === true) {
    const lastEnd = (rangeOf(last?.value) ?? rangeOf(last?.key))?.[1];
    if (lastEnd === undefined) return { from: start, to: end, text: `{ ${entry} }` };
    return { from: lastEnd, to: lastEnd, text: `, ${entry}` };
  }
  const first = rangeOf(map.items[0]?.key)?.[0];
  return first === undefined ? undefined : lineAt(text, end, `${indentAt(text, first)}${entry}`);
};

const replace = (text: string, node: Node, value: string): Splice | undefined => {
  const [from, to] = node.range ?? [];
  if (from === undefined || to === undefined) return undefined;
  // A block sequence ends with its last line.
  return { from, to, text: text[to - 1] === '\n' ? `${value}${endOfLine(text)}` : value };
};

/** A key without a value: what belongs to it comes on the next line. */
const below = (text: string, pair: Pair, key: string, value: string): Splice | undefined => {
  const [start, end] = rangeOf(pair.key) ?? [];
  if (start === undefined || end === undefined) return undefined;
  return lineAt(text, afterLine(text, end), `${indentAt(text, start)}${INDENT}${keyText(key)}: ${value}`);
};

const isEmpty = (value: unknown): boolean =>
  value === null || (isScalar(value) && value.value === null && (value.source ?? '') === '');

const spliceOf = (text: string, root: Node | null, path: readonly string[], value: string): Splice | undefined => {
  const [section = '', key, field] = path;
  if (!isMap(root) || key === undefined) return undefined;
  const pair = pairOf(root, section);
  if (pair === undefined) {
    const eol = endOfLine(text);
    return lineAt(text, text.length, `${eol}${section}:${eol}${INDENT}${keyText(key)}: ${value}`);
  }
  if (isEmpty(pair.value)) return below(text, pair, key, value);
  if (!isMap(pair.value)) return undefined;
  const entry = pairOf(pair.value, key);
  if (field === undefined) return entry === undefined ? append(text, pair.value, key, value) : undefined;
  if (entry === undefined || !isMap(entry.value)) return undefined;
  const known = pairOf(entry.value, field);
  if (known === undefined) return append(text, entry.value, field, value);
  return isNode(known.value) ? replace(text, known.value, value) : undefined;
};

/**
 * A YAML file with an entry `[section, key]` added, or a field `[section, key, field]` of an entry set. Comments, blank
 * lines, quotes and line ends of all the rest stay byte for byte: the file belongs to whoever wrote it. Undefined where
 * that is not possible, as with an alias in the way.
 */
export const withValue = (text: string, path: readonly string[], value: unknown): string | undefined => {
  const { contents, errors } = parseDocument(text, { uniqueKeys: false, logLevel: 'error' });
  if (errors.length > 0) return undefined;
  const splice = spliceOf(text, contents, path, flowText(value));
  return splice && text.slice(0, splice.from) + splice.text + text.slice(splice.to);
};
