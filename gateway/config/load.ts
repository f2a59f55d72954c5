import { readFileSync } from 'node:fs';
import { checkDuplicates } from './consistency/duplicates.ts';
import { checkFormats } from './consistency/formats.ts';
import { checkModbusUnits } from './consistency/modbus-units.ts';
import { checkReceivers } from './consistency/receivers.ts';
import { checkReferences } from './consistency/references.ts';
import { checkStructure } from './consistency/structure.ts';
import { checkSuppression } from './consistency/suppression.ts';
import { deepFreeze } from './freeze.ts';
import type { Locate } from './problems/collector.ts';
import { createCollector } from './problems/collector.ts';
import { configError } from './problems/error.ts';
import { reportsOf } from './problems/issues.ts';
import type { ConfigProblem } from './problems/problem.ts';
import type { VenueConfig } from './schema.ts';
import { venueJsonSchema, venueSchema } from './schema.ts';
import { readYaml } from './yaml/read.ts';

export type Loaded =
  | { readonly ok: true; readonly config: VenueConfig; readonly locate: Locate }
  | { readonly ok: false; readonly errors: readonly ConfigProblem[] };

/** An empty file is a mapping without keys: what it lacks is reported key by key. */
const written = (value: unknown): unknown => value ?? {};

/**
 * Reads venue.yaml. All errors come at once: those of the schema and those between its parts. Never throws. The
 * configuration is complete with defaults and frozen to its depth; `locate` gives the position of a path in the file.
 */
export const loadVenue = (text: string, fileName: string): Loaded => {
  const file = readYaml(text, fileName);
  if (!file.readable) return { ok: false, errors: file.problems };
  const value = written(file.value);
  const collector = createCollector(fileName, file.locate);
  const parsed = venueSchema.safeParse(value);
  if (!parsed.success) {
    const checked = { value, schema: venueJsonSchema() };
    for (const report of reportsOf(parsed.error.issues, checked)) collector.add(report);
  }
  checkReferences(value, collector);
  checkFormats(value, collector);
  checkDuplicates(value, collector);
  checkStructure(value, collector);
  checkModbusUnits(value, collector);
  if (parsed.success) checkReceivers(parsed.data, collector);
  if (parsed.success) checkSuppression(parsed.data, collector);
  const errors = [...file.problems, ...collector.problems()];
  if (parsed.success && errors.length === 0) return { ok: true, config: deepFreeze(parsed.data), locate: file.locate };
  return { ok: false, errors: errors.toSorted((a, b) => a.line - b.line || a.column - b.column) };
};

const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown error';

/** The problem of a file that could not even be read, from what reading it threw. */
export const unreadable = (file: string, error: unknown): ConfigProblem => {
  const code = errorCode(error);
  return {
    code: 'unreadable',
    file,
    line: 1,
    column: 1,
    path: '',
    message: { zh: `无法读取文件（${code}）`, en: `the file cannot be read (${code})` },
    expected: { zh: '', en: '' },
  };
};

/** Reads and checks a file; throws a ConfigError that carries every problem. */
export const readVenueFile = (path: string): VenueConfig => {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw configError([unreadable(path, error)]);
  }
  const loaded = loadVenue(text, path);
  if (!loaded.ok) throw configError(loaded.errors);
  return loaded.config;
};
