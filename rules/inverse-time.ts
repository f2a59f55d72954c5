/**
 * Constants of the inverse-time curves of IEC 60255-151: normal, very, extremely and long time inverse.
 * t = TMS x ( k / ((I/Is)^alpha - 1) + c ), seconds, for I > Is.
 */
const CONSTANTS = {
  NI: { k: 0.14, alpha: 0.02, c: 0 },
  VI: { k: 13.5, alpha: 1, c: 0 },
  EI: { k: 80, alpha: 2, c: 0 },
  LTI: { k: 120, alpha: 1, c: 0 },
} as const;

export type Curve = keyof typeof CONSTANTS;

export const CURVES = ['NI', 'VI', 'EI', 'LTI'] as const satisfies readonly Curve[];

export interface CurveSetting {
  readonly curve: Curve;
  /** Time multiplier setting, TMS. */
  readonly timeMultiplier: number;
  /** Below the pick-up a full integral is back at zero after this long, milliseconds. */
  readonly resetMs: number;
}

/** How long the curve lets a constant multiple of the pick-up current run; Infinity at or below the pick-up. */
export const operatingMs = ({ curve, timeMultiplier }: CurveSetting, multiple: number): number => {
  if (multiple <= 1) return Infinity;
  const { k, alpha, c } = CONSTANTS[curve];
  return 1000 * timeMultiplier * (k / (multiple ** alpha - 1) + c);
};

/** How far a circuit is on its way to tripping: the sum of dt / t(I), which trips at 1. Plain JSON. */
export interface Integral {
  /** The sum at `atMs`. */
  readonly sum: number;
  /** The multiple of the pick-up current that has held since `atMs`; 0 for anything below the pick-up. */
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
  if (multiple < 1) return setting.resetMs > 0 ? Math.max(0, sum - elapsedMs / setting.resetMs) : 0;
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
  const held = multiple >= 1 ? multiple : 0;
  if (integral === null) return held > 1 ? { sum: 0, multiple: held, atMs: nowMs } : null;
  const sum = sumAt(setting, integral, nowMs);
  if (sum === 0 && held <= 1) return null;
  if (held === integral.multiple) return integral;
  return { sum, multiple: held, atMs: Math.max(nowMs, integral.atMs) };
};
