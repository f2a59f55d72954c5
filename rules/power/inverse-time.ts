/**
 * Constants of inverse-time curves, t = TMS x ( k / ((I/Is)^alpha - 1) + c ), seconds, for I > Is. IEC 60255-151 Annex A:
 * normal, very, extremely, long and short time inverse; IEEE C37.112: moderately, very and extremely inverse, which alone
 * have a reset curve of their own, t = TMS x reset / (1 - (I/Is)^2) for I < Is.
 */
const CONSTANTS = {
  NI: { k: 0.14, alpha: 0.02, c: 0, reset: undefined },
  VI: { k: 13.5, alpha: 1, c: 0, reset: undefined },
  EI: { k: 80, alpha: 2, c: 0, reset: undefined },
  LTI: { k: 120, alpha: 1, c: 0, reset: undefined },
  STI: { k: 0.05, alpha: 0.04, c: 0, reset: undefined },
  'IEEE-MI': { k: 0.0515, alpha: 0.02, c: 0.114, reset: 4.85 },
  'IEEE-VI': { k: 19.61, alpha: 2, c: 0.491, reset: 21.6 },
  'IEEE-EI': { k: 28.2, alpha: 2, c: 0.1217, reset: 29.1 },
} as const;

/** `DT`: definite time, the same for every current above the pick-up. */
export const CURVES = ['NI', 'VI', 'EI', 'LTI', 'STI', 'IEEE-MI', 'IEEE-VI', 'IEEE-EI', 'DT'] as const;

export type Curve = (typeof CURVES)[number];

export interface CurveSetting {
  readonly curve: Curve;
  /** Time multiplier setting, TMS. */
  readonly timeMultiplier: number;
  /** Of `DT`, milliseconds. */
  readonly definiteMs: number;
  /** `time`: below the pick-up the integral falls in a straight line; `curve`: as fast as the curve's reset says. */
  readonly reset: 'time' | 'curve';
  /** With `time`: a full integral is back at zero after this long, milliseconds. */
  readonly resetMs: number;
}

/** Whether a curve says itself how it resets. */
export const hasReset = (curve: Curve): boolean => curve !== 'DT' && CONSTANTS[curve].reset !== undefined;

/** How long the curve lets a constant multiple of the pick-up current run; Infinity at or below the pick-up. */
export const operatingMs = ({ curve, timeMultiplier, definiteMs }: CurveSetting, multiple: number): number => {
  if (multiple <= 1) return Infinity;
  if (curve === 'DT') return definiteMs;
  const { k, alpha, c } = CONSTANTS[curve];
  return 1000 * timeMultiplier * (k / (multiple ** alpha - 1) + c);
};

/** How long a full integral takes back to zero while a constant multiple below the pick-up flows. */
const resettingMs = ({ curve, timeMultiplier, reset, resetMs }: CurveSetting, multiple: number): number => {
  const ofCurve = curve === 'DT' ? undefined : CONSTANTS[curve].reset;
  if (reset === 'time' || ofCurve === undefined) return resetMs;
  return (1000 * timeMultiplier * ofCurve) / (1 - multiple ** 2);
};

/** How far a circuit is on its way to tripping: the sum of dt / t(I), which trips at 1. Plain JSON. */
export interface Integral {
  /** The sum at `atMs`. */
  readonly sum: number;
  /** The multiple of the pick-up current that has held since `atMs`; 0 below it, where its size does not matter. */
  readonly multiple: number;
  readonly atMs: number;
}

/** When the sum reaches 1 if the current holds, in whole milliseconds; undefined: never. */
export const fullAtMs = (setting: CurveSetting, { sum, multiple, atMs }: Integral): number | undefined => {
  const leftMs = (1 - sum) * operatingMs(setting, multiple);
  if (!Number.isFinite(leftMs)) return undefined;
  // Rounded up, so that the wake does not come before the crossing; less an error of representation.
  return atMs + Math.ceil(leftMs - 1e-6);
};

/** The sum at `nowMs`, 0 to 1; a stamp before `atMs` counts as `atMs`. Exactly at the pick-up it stays where it is. */
export const sumAt = (setting: CurveSetting, integral: Integral, nowMs: number): number => {
  const { sum, multiple, atMs } = integral;
  const elapsedMs = Math.max(0, nowMs - atMs);
  if (multiple < 1) {
    const forMs = resettingMs(setting, multiple);
    return forMs > 0 ? Math.max(0, sum - elapsedMs / forMs) : 0;
  }
  const fullMs = fullAtMs(setting, integral);
  if (fullMs !== undefined && nowMs >= fullMs) return 1;
  return Math.min(1, sum + elapsedMs / operatingMs(setting, multiple));
};

/**
 * The integral once `multiple` holds from `nowMs` on; null when there is nothing on the way. An unchanged current
 * leaves it as it is, so that more samples of the same current change nothing, not even by rounding.
 */
export const nextIntegral = (
  setting: CurveSetting,
  integral: Integral | null,
  multiple: number,
  nowMs: number,
): Integral | null => {
  const held = multiple >= 1 || setting.reset === 'curve' ? multiple : 0;
  if (integral === null) return held > 1 ? { sum: 0, multiple: held, atMs: nowMs } : null;
  const sum = sumAt(setting, integral, nowMs);
  if (sum === 0 && held <= 1) return null;
  if (held === integral.multiple) return integral;
  return { sum, multiple: held, atMs: Math.max(nowMs, integral.atMs) };
};
