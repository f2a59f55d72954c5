import { configureGlobal, readConfigureGlobal } from 'fast-check';
import { inject } from 'vitest';

/** Which example is the smallest that kills a mutant is no matter. */
configureGlobal({ ...readConfigureGlobal(), seed: inject('seed'), endOnFailure: true });

declare module 'vitest' {
  interface ProvidedContext {
    readonly seed: number;
  }
}
