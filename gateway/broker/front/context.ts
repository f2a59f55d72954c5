import type { Clock } from '../clock.ts';
import type { Counters } from '../counters.ts';
import type { Limits } from '../limits.ts';
import type { Warn } from '../log.ts';
import type { Turns } from './turns.ts';

/** What all fronts of a broker share. */
export interface FrontContext {
  readonly clock: Clock;
  readonly turns: Turns;
  readonly limits: Limits;
  readonly counters: Counters;
  readonly warn: Warn;
}
