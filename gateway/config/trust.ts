import type { SourceTrust } from '../../ingest/intake.ts';
import type { VenueConfig } from './schema.ts';

/** How the stamps of sources that backfill are trusted, by source id. */
export const trustOf = (config: VenueConfig): ReadonlyMap<string, SourceTrust> =>
  new Map(config.sources.flatMap((source) => ('backfills' in source && source.backfills ? [[source.id, source]] : [])));
