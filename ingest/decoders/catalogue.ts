import type { CatalogueEntry } from './about.ts';
import { DECODERS } from './index.ts';

/** Every format that says what it is about, by transport: topic decoders, then lists of other formats. */
export const catalogue = (): readonly CatalogueEntry[] =>
  DECODERS.flatMap(({ kind, topics, about }) =>
    about === undefined ? [] : [{ kind, transport: 'mqtt' as const, topics, ...about }],
  );
