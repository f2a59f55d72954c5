import type { z } from 'zod';
import type { Problem } from '../contract.ts';

type Fault = NonNullable<Problem['errors']>[number];

const FAULTS_MAX = 20;
const NAME_MAX = 64;

const placeOf = (path: readonly PropertyKey[]): string => path.map((key) => String(key).slice(0, NAME_MAX)).join('.');

/** Every unknown name is a fault of its own: each may be another one misspelt. */
const faultsOf = (issue: z.core.$ZodIssue): readonly Fault[] => {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ where: placeOf([...issue.path, key]), expected: 'nothing of this name' }));
  }
  return [{ where: placeOf(issue.path), expected: issue.message }];
};

/** What zod found, as the `errors` of a problem: `query.from`, `body.comment`. */
export const faultsIn = (issues: readonly z.core.$ZodIssue[]): readonly Fault[] =>
  issues.flatMap(faultsOf).slice(0, FAULTS_MAX);
