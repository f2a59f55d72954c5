import { configureGlobal } from 'fast-check';

/** Else a list of at most 150 has five entries on average, and a property of long evenings is asked of none. */
configureGlobal({ defaultSizeToMaxWhenMaxSpecified: true });
