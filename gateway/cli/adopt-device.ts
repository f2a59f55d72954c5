import { editVenueFile } from '../config/edit-venue-file.ts';
import type { Locale } from '../config/sections/venue.ts';
import { entryText } from '../config/yaml/edit.ts';
import type { Write } from './check.ts';
import { sayRefused, sayWritten } from './edit-said.ts';

/** A device to be registered, as the command line says it. */
export interface Adoption {
  readonly file: string;
  readonly locale: Locale;
  /** As `muster devices` lists it: `<format>:<name>`. */
  readonly address: string;
  readonly id: string;
  readonly zone?: string | undefined;
  readonly profile?: string | undefined;
  /** Role of the wearer; makes it a badge. */
  readonly role?: string | undefined;
  readonly wearer?: string | undefined;
}

/** What the file will say: nothing is written that was not given. */
const entryOf = ({ role, wearer, profile, zone, address }: Adoption): Readonly<Record<string, string>> => ({
  ...(profile === undefined ? {} : { profile }),
  ...(role === undefined ? {} : { role }),
  ...(wearer === undefined ? {} : { wearer }),
  ...(zone === undefined ? {} : { zone }),
  address,
});

/**
 * `muster devices adopt`: registers a discovered device in venue.yaml, all else in it kept byte for byte. Exit code: 0, or
 * 2 where the file would not be valid any more, and was not changed.
 */
export const adoptDevice = (adoption: Adoption, out: Write, err: Write): number => {
  const { file, locale, id, role } = adoption;
  const section = role === undefined ? 'devices' : 'badges';
  const value = entryOf(adoption);
  const line = entryText(id, value);
  const outcome = editVenueFile(file, { path: [section, id], value });
  if (!outcome.ok) return sayRefused(outcome, { file, line: `${section}: { ${line} }`, locale }, err);
  sayWritten({ file, section, line, locale }, out);
  return 0;
};
