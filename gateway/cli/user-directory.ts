import { type Command, Option } from 'commander';
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
  /** The data directory that is meant; throws where the venue file is not valid. */
  directoryOf(flags: DirectoryFlags): string;
  exit(code: number): void;
}

export const onDirectory = (command: Command): Command =>
  command
    .option('-c, --config <file>', 'venue.yaml, which says where the data directory is', 'venue.yaml')
    .option('--data <directory>', 'the data directory itself; the venue file is not read')
    .addOption(new Option('--lang <language>', 'language of the output').choices(LOCALES));
