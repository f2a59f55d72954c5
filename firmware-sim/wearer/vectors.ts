import type { Vector } from '../actors/motion.ts';
import type { Random } from '../random.ts';

const RADIANS = Math.PI / 180;

export const radians = (degrees: number): number => degrees * RADIANS;

export const scaled = (a: Vector, factor: number): Vector => [a[0] * factor, a[1] * factor, a[2] * factor];

export const plus = (a: Vector, b: Vector): Vector => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const length = (a: Vector): number => Math.hypot(a[0], a[1], a[2]);

/** Rodrigues: `v` turned about the unit vector `axis`. */
export const turned = (v: Vector, axis: Vector, degrees: number): Vector => {
  const [c, s] = [Math.cos(radians(degrees)), Math.sin(radians(degrees))];
  const along = dot(v, axis) * (1 - c);
  return [
    v[0] * c + (axis[1] * v[2] - axis[2] * v[1]) * s + axis[0] * along,
    v[1] * c + (axis[2] * v[0] - axis[0] * v[2]) * s + axis[1] * along,
    v[2] * c + (axis[0] * v[1] - axis[1] * v[0]) * s + axis[2] * along,
  ];
};

/** Uniform over all directions. */
export const anyDirection = (random: Random): Vector => {
  const z = random.between(-1, 1);
  const angle = random.between(0, 2 * Math.PI);
  const r = Math.sqrt(1 - z * z);
  return [r * Math.cos(angle), r * Math.sin(angle), z];
};

/** Close to normal (Irwin and Hall, three terms), and much cheaper: it is drawn ten times a moment. */
export const roughNormal = (random: Random, sigma: number): number =>
  sigma === 0 ? 0 : 2 * sigma * (random.next() + random.next() + random.next() - 1.5);

/** A value that wanders about zero with a standard deviation and a memory (Ornstein and Uhlenbeck). */
export const wandering = (random: Random) => {
  let value = 0;
  return (sigma: number, memorySeconds: number, stepSeconds: number): number => {
    const kept = 1 - Math.min(1, stepSeconds / memorySeconds);
    value = value * kept + roughNormal(random, sigma * Math.sqrt(1 - kept * kept));
    return value;
  };
};
