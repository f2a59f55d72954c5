import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { OWNER_ONLY, replacementOf } from '../private-file.ts';
import { loadVenue, unreadable } from './load.ts';
import type { ConfigProblem } from './problems/problem.ts';
import { isRecord } from './problems/schema-walk.ts';
import { withValue } from './yaml/edit.ts';
import { readYaml } from './yaml/read.ts';

/** What is to be written: an entry of a section, or a field of one. */
export interface VenueEdit {
  readonly path: readonly [section: string, key: string, field?: string];
  readonly value: unknown;
}

/**
 * `invalid-before`: the file was not valid already. `invalid-after`: it would not be with the change; nothing was written.
 * `exists`: there is such an entry already. `by-hand`: it is written in a way that cannot be changed without touching more. `busy`: another is at it.
 */
export type EditOutcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly why: 'invalid-before' | 'invalid-after';
      readonly problems: readonly ConfigProblem[];
    }
  | { readonly ok: false; readonly why: 'exists' | 'by-hand' | 'busy' }
  | { readonly ok: false; readonly why: 'not-writable'; readonly code: string };

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);

const withPath = (value: unknown, [first, ...rest]: readonly string[], put: unknown): unknown => {
  if (first === undefined) return put;
  const record = isRecord(value) ? value : {};
  return { ...record, [first]: withPath(record[first], rest, put) };
};

const hasEntry = (written: unknown, section: string, key: string): boolean => {
  const entries = isRecord(written) ? written[section] : undefined;
  return isRecord(entries) && Object.hasOwn(entries, key);
};

/** The new text, or why there is none. `file`: for messages. */
export const editVenueText = (
  text: string,
  file: string,
  { path, value }: VenueEdit,
): EditOutcome | { readonly text: string } => {
  const before = loadVenue(text, file);
  if (!before.ok) return { ok: false, why: 'invalid-before', problems: before.errors };
  const steps = path.filter((step) => step !== undefined);
  const written = readYaml(text, file).value;
  const [section, key, field] = path;
  if (field === undefined && hasEntry(written, section, key)) return { ok: false, why: 'exists' };
  const edited = withValue(text, steps, value);
  if (edited === undefined) return { ok: false, why: 'by-hand' };
  const after = loadVenue(edited, file);
  if (!after.ok) return { ok: false, why: 'invalid-after', problems: after.errors };
  // Whatever way the file is written in, it says what it said before, and this.
  const isMeant = isDeepStrictEqual(readYaml(edited, file).value, withPath(written, steps, value));
  return isMeant ? { text: edited } : { ok: false, why: 'by-hand' };
};

/**
 * Changes venue.yaml in one step: whoever reads it meets the old file or the new one, and the new one is valid. Owner and
 * mode stay. A link is followed: the file that it leads to is changed.
 */
export const editVenueFile = (file: string, edit: VenueEdit): EditOutcome => {
  try {
    const path = realpathSync(file);
    const replacement = replacementOf(path, OWNER_ONLY, statSync(path));
    try {
      const edited = editVenueText(readFileSync(path, 'utf8'), file, edit);
      if (!('text' in edited)) return edited;
      replacement.commit(edited.text);
      return { ok: true };
    } finally {
      replacement.release();
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return { ok: false, why: 'busy' };
    if (code === 'ENOENT') return { ok: false, why: 'invalid-before', problems: [unreadable(file, error)] };
    return { ok: false, why: 'not-writable', code };
  }
};
