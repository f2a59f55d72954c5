import type { Text } from '../../../rules/rule.ts';
import type { Position } from '../yaml/positions.ts';
import { nearest } from './nearest.ts';
import type { ConfigProblem, ProblemCode } from './problem.ts';
import { formatPath } from './problem.ts';
import { shown } from './shown.ts';

/** A problem as a check finds it, by path. */
export interface Report {
  readonly code: ProblemCode;
  readonly path: readonly PropertyKey[];
  readonly at: 'key' | 'value';
  readonly message: Text;
  /** Present where the value is worth showing. */
  readonly value?: unknown;
  readonly expected: Text;
  /** A wrong spelling, and what it may have been meant to be. */
  readonly spelled?: { readonly given: string; readonly valid: Iterable<string> };
}

export type Locate = (path: readonly PropertyKey[], at: 'key' | 'value') => Position;

export interface Collector {
  add(report: Report): void;
  /** In the order of the file. */
  problems(): readonly ConfigProblem[];
}

/** Suggestions compare with every valid spelling: enough for a file that is wrong all over. */
const SUGGESTIONS_MAX = 200;

/** Gathers problems, with their positions in the file. */
export const createCollector = (file: string, locate: Locate): Collector => {
  const found: ConfigProblem[] = [];
  return {
    add: ({ code, path, at, message, expected, spelled, ...rest }) => {
      const suggest = spelled !== undefined && found.length < SUGGESTIONS_MAX;
      const meant = suggest ? nearest(spelled.given, spelled.valid) : undefined;
      found.push({
        code,
        file,
        ...locate(path, at),
        path: formatPath(path),
        message,
        expected,
        ...('value' in rest ? { value: shown(path, rest.value) } : {}),
        ...(meant === undefined ? {} : { nearest: meant }),
      });
    },
    problems: () => found.toSorted((a, b) => a.line - b.line || a.column - b.column),
  };
};
