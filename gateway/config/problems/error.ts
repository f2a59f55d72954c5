import type { Locale } from '../sections/venue.ts';
import type { ConfigProblem } from './problem.ts';
import { formatProblem } from './problem.ts';

/** The configuration cannot be used: for the operator to put right before the start. */
export interface ConfigError extends Error {
  readonly name: 'ConfigError';
  /** Exit code of the program: usage or configuration. */
  readonly exitCode: 2;
  readonly problems: readonly ConfigProblem[];
}

export const configError = (problems: readonly ConfigProblem[], locale: Locale = 'en'): ConfigError =>
  Object.assign(new Error(problems.map((problem) => formatProblem(problem, locale)).join('\n')), {
    name: 'ConfigError' as const,
    exitCode: 2 as const,
    problems,
  });

export const isConfigError = (error: unknown): error is ConfigError =>
  error instanceof Error && error.name === 'ConfigError' && 'problems' in error;
