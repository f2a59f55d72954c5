import type { Finding } from '../../config/finding.ts';
import type { ConfigProblem } from '../../config/problems/problem.ts';
import { formatPath } from '../../config/problems/problem.ts';
import type { ReloadOutcome, ReloadRequest } from '../../reload/reload.ts';
import type { Problem } from '../contract.ts';
import { type Refusal, refuse } from '../problems.ts';
import { reloadedSchema, reloadSchema } from '../schemas/reload.ts';
import { defineRoute, NO_INPUT, type Route } from '../seam/route.ts';

export type ReloadVenue = (asked: ReloadRequest) => Promise<ReloadOutcome>;

type Fault = NonNullable<Problem['errors']>[number];

/** More than anybody reads. */
const FAULTS_MAX = 200;

const ofProblem = ({ code, file, line, column, path, message, value, expected, nearest }: ConfigProblem): Fault => ({
  code,
  where: `${file}:${line}:${column}${path === '' ? '' : ` ${path}`}`,
  expected: expected.en === '' ? message.en : expected.en,
  zh: message.zh,
  en: value === undefined ? message.en : `${message.en}: ${value}`,
  ...(nearest === undefined ? {} : { nearest }),
});

const ofFinding = ({ code, path, message, advice }: Finding): Fault => ({
  code,
  where: formatPath(path),
  expected: advice.en,
  zh: `${message.zh}。${advice.zh}`,
  en: message.en,
});

const refused = (outcome: Extract<ReloadOutcome, { readonly ok: false }>): Refusal =>
  outcome.why === 'invalid'
    ? refuse('venue-file-invalid', { errors: outcome.problems.slice(0, FAULTS_MAX).map(ofProblem) })
    : refuse('venue-file-refused', { errors: outcome.findings.slice(0, FAULTS_MAX).map(ofFinding) });

/** Changes listed in one answer; the count says how many there are. */
const LISTED_MAX = 1000;

export const reloadRoute = (reload: ReloadVenue | undefined): Route =>
  defineRoute({
    method: 'POST',
    path: '/api/v1/reload',
    role: 'engineer',
    summary: 'Reads the venue file again, and says what that changes; an invalid one changes nothing',
    request: { ...NO_INPUT, body: reloadSchema.optional() },
    answer: { status: 200, description: 'what has changed', schema: reloadedSchema },
    problems: ['no-venue-file', 'venue-file-invalid', 'venue-file-refused'],
    handle: async ({ body }, { who }) => {
      if (reload === undefined) return refuse('no-venue-file');
      const outcome = await reload({ by: who?.name ?? 'anonymous', dryRun: body?.dryRun ?? false });
      if (!outcome.ok) return refused(outcome);
      const { applied, changes, deferred } = outcome;
      return { applied, count: changes.length, changes: changes.slice(0, LISTED_MAX), deferred };
    },
  });
