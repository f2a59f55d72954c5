import type { CommonConfig, SuppressedBy } from '../common.ts';

/** What a rule lets people do with its alarms, and what the design does. */
export interface LifePolicy {
  /** The longest that an alarm may be shelved, milliseconds. */
  readonly shelveMaxMs: number;
  /** When an acknowledged alarm that is not over is told again, milliseconds; undefined: it is not. */
  readonly realarmMs: number | undefined;
  readonly suppressedBy: readonly SuppressedBy[];
}

/** Kinds that are calls for help: nobody puts them aside, and nothing hides them. */
export const CALLS_FOR_HELP: ReadonlySet<string> = new Set(['sos', 'man-down']);

const MINUTE_MS = 60_000;

export const lifePolicyOf = ({ shelveMaxMinutes, realarmMinutes, suppressedBy }: CommonConfig): LifePolicy => ({
  shelveMaxMs: shelveMaxMinutes * MINUTE_MS,
  realarmMs: realarmMinutes === undefined ? undefined : realarmMinutes * MINUTE_MS,
  suppressedBy,
});

/** Of a rule that no configuration knows: the gateway's own. */
export const DEFAULT_POLICY: LifePolicy = { shelveMaxMs: 60 * MINUTE_MS, realarmMs: undefined, suppressedBy: [] };
