import { loadVenue } from '../../../gateway/config/load.ts';
import type { ConfigProblem } from '../../../gateway/config/problems/problem.ts';
import { formatProblem } from '../../../gateway/config/problems/problem.ts';
import type { VenueConfig } from '../../../gateway/config/schema.ts';

/** The least that every file needs, on its first line. */
export const VENUE = 'venue: { id: hall, name: { zh: 会场, en: Hall }, timezone: Asia/Shanghai }';

/** A file of the venue line and these lines: the first of them is line 2. */
export const file = (...lines: string[]): string => [VENUE, ...lines, ''].join('\n');

export const problemsOf = (...lines: string[]): readonly ConfigProblem[] => {
  const loaded = loadVenue(file(...lines), 'venue.yaml');
  return loaded.ok ? [] : loaded.errors;
};

export const linesOf = (...lines: string[]): readonly string[] =>
  problemsOf(...lines).map((problem) => formatProblem(problem, 'en'));

/** The configuration of a file that must be valid. */
export const configOf = (...lines: string[]): VenueConfig => {
  const loaded = loadVenue(file(...lines), 'venue.yaml');
  if (!loaded.ok) throw new Error(loaded.errors.map((problem) => formatProblem(problem, 'en')).join('\n'));
  return loaded.config;
};

export const SECRET = 'ab'.repeat(32);
