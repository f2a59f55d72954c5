import { dirname, resolve } from 'node:path';
import type { VenueConfig } from './schema.ts';

/** Absolute path of the data directory that the venue file at `venueFile` asks for. */
export const dataDirectory = ({ data }: Pick<VenueConfig, 'data'>, venueFile: string): string =>
  resolve(dirname(venueFile), data.directory);
