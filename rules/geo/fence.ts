import type { RuleState } from '../rule.ts';

/** Where a badge is, as far as can be told: on the side where it belongs, on the other, or neither for sure. */
export type Side = 'right' | 'wrong' | 'unclear';

/**
 * A badge and its fence. The on-delay runs while it is on the wrong side and no alarm stands, the off-delay while it is
 * on the right side and one does; where its side is unclear both stand still.
 */
export interface FenceState extends RuleState {
  /** Null: its position was never known. */
  readonly side: Side | null;
  /** The last side that was certain. */
  readonly certain: 'right' | 'wrong' | null;
  readonly by: 'position' | 'zone' | null;
  readonly alarmed: boolean;
  /** When the delay that runs began or went on, judged Unix milliseconds; null: none runs. */
  readonly sinceMs: number | null;
  /** What of it had passed before it stood still, milliseconds. */
  readonly ranMs: number;
  readonly offDuty: boolean;
  /** Metres beyond the outline, last said; null: not known, or nothing said. */
  readonly told: number | null;
}

export const NOWHERE: FenceState = {
  phase: 'unknown',
  side: null,
  certain: null,
  by: null,
  alarmed: false,
  sinceMs: null,
  ranMs: 0,
  offDuty: false,
  told: null,
};

export interface Delays {
  readonly holdMs: number;
  readonly clearMs: number;
}

const phaseOf = ({ offDuty, side, alarmed }: FenceState): RuleState['phase'] => {
  if (offDuty) return 'normal';
  if (side === null || side === 'unclear') return 'unknown';
  if (alarmed) return 'active';
  return side === 'wrong' ? 'pending' : 'normal';
};

/** True while a delay runs that leads to an alarm, or out of one. */
const isRunning = ({ side, alarmed, offDuty }: FenceState): boolean =>
  !offDuty && (alarmed ? side === 'right' : side === 'wrong');

/** When the delay that runs is over; undefined: none runs. */
export const delayEndsMs = ({ sinceMs, ranMs, alarmed }: FenceState, delays: Delays): number | undefined =>
  sinceMs === null ? undefined : sinceMs + (alarmed ? delays.clearMs : delays.holdMs) - ranMs;

/** The badge is on this side at this moment; a delay of none ends at once. */
export const onSide = (before: FenceState, side: Side, nowMs: number, delays: Delays): FenceState => {
  const next: FenceState = { ...before, side, certain: side === 'unclear' ? before.certain : side };
  if (side === 'unclear') {
    const ranMs = before.sinceMs === null ? before.ranMs : before.ranMs + Math.max(0, nowMs - before.sinceMs);
    return settled({ ...next, sinceMs: null, ranMs });
  }
  if (!isRunning(next)) return settled({ ...next, sinceMs: null, ranMs: 0 });
  return afterDelay({ ...next, sinceMs: before.sinceMs ?? nowMs }, nowMs, delays);
};

/** What time alone makes of it. */
export const afterDelay = (state: FenceState, nowMs: number, delays: Delays): FenceState => {
  const endsMs = delayEndsMs(state, delays);
  if (endsMs === undefined || nowMs < endsMs) return settled(state);
  return settled({ ...state, alarmed: !state.alarmed, sinceMs: null, ranMs: 0 });
};

/** Off duty nobody has to be anywhere; where they are is known all the same, and counts from the moment they are back. */
export const onDutyWord = (before: FenceState, offDuty: boolean, nowMs: number, delays: Delays): FenceState => {
  const next: FenceState = { ...before, offDuty, alarmed: false, sinceMs: null, ranMs: 0 };
  return next.side === null ? settled(next) : onSide(next, next.side, nowMs, delays);
};

const settled = (state: FenceState): FenceState => ({ ...state, phase: phaseOf(state) });

const FIELDS = ['phase', 'side', 'certain', 'by', 'alarmed', 'sinceMs', 'ranMs', 'offDuty'] as const;

/** True where nothing but what was said of it differs. */
export const isSameFence = (a: FenceState, b: FenceState): boolean => FIELDS.every((field) => a[field] === b[field]);
