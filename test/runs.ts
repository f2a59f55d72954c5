import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    readonly shareOfRuns: number | undefined;
  }
}

/**
 * How many of its runs a long test makes: all; a small part of them under `npm run mutate`, which runs a test once for every
 * mutant whose place it passes.
 */
export const runs = (all: number): number => Math.ceil(all * (inject('shareOfRuns') ?? 1));
