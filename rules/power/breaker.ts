import type { Curve, CurveSetting } from './inverse-time.ts';

/** Instantaneous tripping classes of IEC 60898-1. */
export const BREAKERS = ['B', 'C', 'D'] as const;
type Breaker = (typeof BREAKERS)[number];

/** How a circuit is judged; multiples and fractions are of its rated current. */
export interface OverloadSettings {
  readonly continuousFraction: number;
  readonly continuousSeconds: number;
  readonly pickupMultiple: number;
  readonly limitHoldSeconds: number;
  readonly curve: Curve;
  readonly timeMultiplier: number;
  readonly definiteSeconds: number;
  readonly instantaneousMultiple: number;
  readonly instantaneousSeconds: number;
  readonly reset: 'time' | 'curve';
  readonly resetSeconds: number;
  readonly clearSeconds: number;
  readonly deadbandFraction: number;
}

type Preset = Pick<OverloadSettings, 'pickupMultiple' | 'curve' | 'timeMultiplier' | 'instantaneousMultiple'>;

/** What a preset decides, as configured: what is not said is the preset's. */
export type OverloadConfig = Omit<OverloadSettings, keyof Preset> & {
  readonly [Key in keyof Preset]?: Preset[Key] | undefined;
} & { readonly breaker?: Breaker | undefined };

export const NO_BREAKER: Preset = { pickupMultiple: 1, curve: 'VI', timeMultiplier: 1, instantaneousMultiple: 8 };

/**
 * A circuit-breaker of IEC 60898-1 does not trip within the conventional time at 1.13 In, trips within it (1 h up to
 * 63 A) at 1.45 In, and within 1 to 60 s at 2.55 In (up to 32 A). EI above 1.13 In runs between these marks: never,
 * 124 s, 20 s. The magnetic release may act from 3, 5 or 10 In on: the lower end of its band, for a warning comes first.
 */
const thermal = { pickupMultiple: 1.13, curve: 'EI', timeMultiplier: 1 } as const;
const PRESETS: Readonly<Record<Breaker, Preset>> = {
  B: { ...thermal, instantaneousMultiple: 3 },
  C: { ...thermal, instantaneousMultiple: 5 },
  D: { ...thermal, instantaneousMultiple: 10 },
};

/** What is configured, over what the breaker's class says, over the defaults. */
export const overloadSettings = (config: OverloadConfig): OverloadSettings => {
  const preset = config.breaker === undefined ? NO_BREAKER : PRESETS[config.breaker];
  return {
    ...config,
    pickupMultiple: config.pickupMultiple ?? preset.pickupMultiple,
    curve: config.curve ?? preset.curve,
    timeMultiplier: config.timeMultiplier ?? preset.timeMultiplier,
    instantaneousMultiple: config.instantaneousMultiple ?? preset.instantaneousMultiple,
  };
};

export const curveSetting = (settings: OverloadSettings): CurveSetting => {
  const { curve, timeMultiplier, definiteSeconds, reset, resetSeconds } = settings;
  return { curve, timeMultiplier, definiteMs: definiteSeconds * 1000, reset, resetMs: resetSeconds * 1000 };
};
