import { configureGlobal } from 'fast-check';
import { inject } from 'vitest';

configureGlobal({ seed: inject('seed') });

declare module 'vitest' {
  interface ProvidedContext {
    readonly seed: number;
  }
}
