import { bindKeysOf } from '../config/bind-keys.ts';
import { loadVenue, unreadable } from '../config/load.ts';
import type { ConfigProblem, ProblemCode } from '../config/problems/problem.ts';
import type { VenueConfig } from '../config/schema.ts';
import { StartError } from '../start-error.ts';

/** A venue file as read while the gateway runs: plain data, to be handed from a worker. */
export type ReadAnew =
  | { readonly ok: true; readonly config: VenueConfig; readonly bindKeys: ReadonlyMap<string, Uint8Array> }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

const UNUSABLE: ProblemCode = 'unreadable';

/** A file that the venue file names cannot be used. */
const problemOf = (file: string, { message }: StartError): ConfigProblem => ({
  code: UNUSABLE,
  file,
  line: 1,
  column: 1,
  path: '',
  message: { zh: message, en: message },
  expected: { zh: '', en: '' },
});

/** Reads and checks; never throws for what the file holds. */
export const readAnew = (file: string, read: (path: string) => string): ReadAnew => {
  let text: string;
  try {
    text = read(file);
  } catch (error) {
    return { ok: false, problems: [unreadable(file, error)] };
  }
  const loaded = loadVenue(text, file);
  if (!loaded.ok) return { ok: false, problems: loaded.errors };
  try {
    return { ok: true, config: loaded.config, bindKeys: bindKeysOf(loaded.config) };
  } catch (error) {
    if (error instanceof StartError) return { ok: false, problems: [problemOf(file, error)] };
    throw error;
  }
};
