import type { Variant } from './sites.ts';

/** A mutant that no test can kill, or need not, and why. */
interface Survivor {
  readonly file: string;
  /** The expression as `npm run mutate` prints it. */
  readonly code: string;
  readonly operator: string;
  readonly variants: readonly Variant[];
  readonly reason: string;
}

export const SURVIVORS: readonly Survivor[] = [];
