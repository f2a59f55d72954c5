import { LineCounter, parseDocument } from 'yaml';
import type { Text } from '../../../rules/rule.ts';
import type { Locate } from '../problems/collector.ts';
import type { ConfigProblem, ProblemCode } from '../problems/problem.ts';
import { formatPath } from '../problems/problem.ts';
import { offsetAt } from './positions.ts';
import { syntaxText } from './syntax.ts';
import { readTree } from './tree.ts';

/** 10,000 badges take about 1 MB. */
const TEXT_MAX = 16 * 1024 * 1024;

/** One broken bracket makes the parser complain on and on. */
const SYNTAX_PROBLEMS_MAX = 20;

const NOTHING: Text = { zh: '', en: '' };

export interface YamlFile {
  /** Undefined where the file could not be read as YAML. */
  readonly value: unknown;
  readonly locate: Locate;
  readonly problems: readonly ConfigProblem[];
  /** The value is whole, and further checks of it make sense. */
  readonly readable: boolean;
}

const unreadable = (problems: readonly ConfigProblem[]): YamlFile => ({
  value: undefined,
  locate: () => ({ line: 1, column: 1 }),
  problems,
  readable: false,
});

const START = { line: 1, column: 1 };

const tooLarge = (file: string): YamlFile =>
  unreadable([
    {
      code: 'too-large',
      file,
      ...START,
      path: '',
      message: { zh: '文件过大', en: 'the file is too large' },
      expected: { zh: '最多 16 MiB', en: 'at most 16 MiB' },
    },
  ]);

/** Reads YAML 1.2 into plain values, with the position of each. Never throws. */
export const readYaml = (text: string, file: string): YamlFile => {
  if (text.length > TEXT_MAX) return tooLarge(file);
  const lines = new LineCounter();
  const positionOf = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  // Uniqueness of keys is checked in readTree: here it would take time in the square of their number.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    // Anything quieter also hides that there is a second document.
    logLevel: 'error',
  });
  const seen = new Set<number>();
  const problem = (
    code: ProblemCode,
    offset: number,
    message: Text,
    path: readonly PropertyKey[] = [],
  ): ConfigProblem => ({
    code,
    file,
    ...positionOf(offset),
    path: formatPath(path),
    message,
    expected: NOTHING,
  });
  const syntax: ConfigProblem[] = [];
  for (const error of [...document.errors, ...document.warnings]) {
    const { line } = positionOf(error.pos[0]);
    if (seen.has(line) || syntax.length >= SYNTAX_PROBLEMS_MAX) continue;
    seen.add(line);
    syntax.push(problem('yaml-syntax', error.pos[0], syntaxText(error.code)));
  }
  if (syntax.length > 0) return unreadable(syntax);
  const tree = readTree(document);
  return {
    value: tree.value,
    locate: (path, at) => positionOf(offsetAt(tree.root, path, at)),
    problems: tree.problems.map(({ code, offset, path, message }) => problem(code, offset, message, path)),
    readable: !tree.problems.some(({ code }) => code === 'too-large'),
  };
};
