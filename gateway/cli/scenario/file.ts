import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { SEVERITIES } from '../../../rules/rule.ts';

const expectationSchema = z.object({
  atSeconds: z.number(),
  withinSeconds: z.number().max(5),
  kind: z.string(),
  subject: z.string(),
  severity: z.enum(SEVERITIES),
  transition: z.string(),
});

/** The gateway's side of a scenario: which venue, how long, and what must come of it. The devices read the rest. */
const scenarioSchema = z.object({
  title: z.object({ zh: z.string(), en: z.string() }).optional(),
  venue: z.string(),
  durationSeconds: z.number().positive(),
  expect: z.array(expectationSchema).default([]),
});

export type Expectation = z.output<typeof expectationSchema>;

export interface ScenarioFile {
  readonly file: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** Absolute path of venue.yaml. */
  readonly venueFile: string;
  readonly durationSeconds: number;
  readonly expect: readonly Expectation[];
}

/** A scenario that cannot be read, as one line a problem. */
export class ScenarioError extends Error {}

export const readScenario = (path: string): ScenarioFile => {
  const file = resolve(path);
  let written: unknown;
  try {
    written = parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ScenarioError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = scenarioSchema.safeParse(written);
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path: at, message }) => `${path}: ${at.join('.')}: ${message}`);
    throw new ScenarioError(lines.join('\n'));
  }
  const { title = { zh: path, en: path }, venue, durationSeconds, expect } = parsed.data;
  return { file, title, venueFile: resolve(dirname(file), venue), durationSeconds, expect };
};
