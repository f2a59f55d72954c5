import type { Vector } from '../actors/motion.ts';
import type { Random } from '../random.ts';
import { roughNormal } from './vectors.ts';

/** What a chip is like: LIS2DH12 data sheet; Ruuvi's firmware runs it at 10 Hz, 2 g, 10 bit, and counts from 64 mg. */
export interface Chip {
  readonly rangeG: number;
  readonly resolutionG: number;
  readonly noiseG: number;
  /** Zero-g level offset, standard deviation. */
  readonly offsetG: number;
  readonly activityG: number;
}

export const RUUVI_CHIP: Chip = { rangeG: 2, resolutionG: 0.004, noiseG: 0.003, offsetG: 0.02, activityG: 0.064 };
export const TAG_CHIP: Chip = { rangeG: 8, resolutionG: 0.001, noiseG: 0.003, offsetG: 0.02, activityG: 0.15 };

export const SAMPLES_PER_SECOND = 10;

/** High-pass of the activity interrupt: what lasts for seconds is no activity. */
const HIGH_PASS_SHARE = 0.12;

export interface Sensed {
  /** g, as the register holds it. */
  readonly axes: Vector;
  /** More has changed than the activity threshold. */
  readonly isActive: boolean;
  /** The activity interrupt has fired with this sample: it was quiet before. */
  readonly isEdge: boolean;
}

export const createAccelerometer = (chip: Chip, random: Random) => {
  const offset: Vector = [random.gaussian(chip.offsetG), random.gaussian(chip.offsetG), random.gaussian(chip.offsetG)];
  const { rangeG, resolutionG } = chip;
  let slow: Vector | undefined;
  let wasActive = false;

  const register = (g: number, axis: 0 | 1 | 2): number => {
    const raw = g + offset[axis] + roughNormal(random, chip.noiseG);
    return Math.round(Math.max(-rangeG, Math.min(rangeG, raw)) / resolutionG) * resolutionG;
  };

  return {
    offset,
    sense: (force: Vector): Sensed => {
      const axes: Vector = [register(force[0], 0), register(force[1], 1), register(force[2], 2)];
      const before: Vector = slow ?? axes;
      const follow = (axis: 0 | 1 | 2): number => before[axis] + (axes[axis] - before[axis]) * HIGH_PASS_SHARE;
      slow = [follow(0), follow(1), follow(2)];
      const isActive = axes.some((value, axis) => Math.abs(value - (before[axis] ?? value)) > chip.activityG);
      const isEdge = isActive && !wasActive;
      wasActive = isActive;
      return { axes, isActive, isEdge };
    },
  };
};
