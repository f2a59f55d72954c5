import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { dataDirectory } from '../config/data-directory.ts';
import type { VenueConfig } from '../config/schema.ts';
import { LOCALES, type Locale } from '../config/sections/venue.ts';
import type { Write } from './check.ts';

/** What the command line says of the data directory to work on. */
export interface DirectoryFlags {
  readonly config: string;
  readonly data?: string;
  readonly lang?: Locale;
}

/** What commands that work on the data directory need of the program. */
export interface DirectoryProgram {
  readonly out: Write;
  readonly err: Write;
  /** Unix milliseconds. */
  nowMs(): number;
  localeOf(flags: DirectoryFlags): Locale;
  /** Reads a venue file; throws a ConfigError where it is not valid. */
  readVenue(file: string): VenueConfig;
  exit(code: number): void;
}

/** The data directory that is meant, and the venue where its file was read. */
export const directoryOf = (program: DirectoryProgram, { config: file, data }: DirectoryFlags) => {
  if (data !== undefined) return { directory: resolve(data) };
  const config = program.readVenue(file);
  return { directory: dataDirectory(config, file), config };
};

export const onDirectory = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'venue.yaml, which says where the data directory is', 'venue.yaml')
    .option('--data <directory>', 'the data directory itself; the venue file is not read')
    .addOption(new Option('--lang <language>', 'language of the output').choices(LOCALES));
