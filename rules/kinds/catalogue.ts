import type { z } from 'zod';
import type { Guidance } from '../rule.ts';
import { crowdDensity } from './crowd-density.ts';
import { overcurrent } from './overcurrent.ts';
import { silent } from './silent.ts';
import { sos } from './sos.ts';
import { stillness } from './stillness.ts';
import { threshold } from './threshold.ts';
import { tilt } from './tilt.ts';

/** What of a kind people read. */
export interface ListedKind {
  readonly schema: z.ZodType;
  readonly guidance: Guidance;
}

/** Every kind, for the catalogue of rules, in its order. */
export const LISTED_KINDS: readonly ListedKind[] = [crowdDensity, overcurrent, tilt, stillness, sos, threshold, silent];
