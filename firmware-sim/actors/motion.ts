import type { Random } from '../random.ts';

/** Acceleration in g, in the badge's own axes. */
export type Vector = readonly [number, number, number];

export type Posture = 'upright' | 'leaning' | 'sitting' | 'bending' | 'lying';
export type Activity = 'walking' | 'idle' | 'still';

/** Angle between the badge's calibrated upright and gravity, degrees. */
const POSTURE_DEGREES: Readonly<Record<Posture, number>> = {
  upright: 4,
  leaning: 30,
  sitting: 15,
  bending: 70,
  lying: 86,
};

/** Noise of a MEMS accelerometer, bounded so that two samples at rest differ by less than 0.03 g in all. */
const SENSOR_SIGMA_G = 0.003;
const SENSOR_CUT = 2.5;

export interface Body {
  readonly posture: Posture;
  readonly activity: Activity;
  /** Unit vector: gravity as the upright badge measures it. */
  readonly upright: Vector;
  /** Towards which side the badge tilts, radians. */
  readonly azimuth: number;
  /** Peak of a tremor while still, g; 0 for none. */
  readonly tremorG: number;
}

const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const unit = (v: Vector): Vector => {
  const length = Math.hypot(...v);
  return length === 0 ? [0, 0, 1] : [v[0] / length, v[1] / length, v[2] / length];
};

/** The direction of gravity after tilting by `degrees` towards `azimuth`, and the horizontal that it tilted along. */
const tilted = (body: Body, degrees: number): { readonly down: Vector; readonly side: Vector } => {
  const u = body.upright;
  const first = unit(cross(u, Math.abs(u[0]) < 0.9 ? [1, 0, 0] : [0, 1, 0]));
  const second = cross(u, first);
  const [c, s] = [Math.cos(body.azimuth), Math.sin(body.azimuth)];
  const side: Vector = [c * first[0] + s * second[0], c * first[1] + s * second[1], c * first[2] + s * second[2]];
  const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return {
    down: [cosine * u[0] + sine * side[0], cosine * u[1] + sine * side[1], cosine * u[2] + sine * side[2]],
    side,
  };
};

/**
 * Gait as a waist- or chest-worn accelerometer samples it: about 1 g, two steps a second with a second harmonic and
 * a heel strike, sideways sway at half the step rate. The phase is drawn per sample: nobody keeps step over seconds.
 */
const gait = (random: Random): { readonly along: number; readonly sway: number } => {
  const phase = 2 * Math.PI * random.next();
  const heelStrike = phase < 0.5 ? 0.15 : 0;
  return {
    along: 0.2 * Math.sin(phase) + 0.07 * Math.sin(2 * phase + 0.6) + heelStrike,
    sway: 0.1 * Math.sin(phase / 2 + 2 * Math.PI * random.next()),
  };
};

/** Somebody at ease shifts weight or gestures in about half of the samples. */
const fidget = (random: Random): { readonly along: number; readonly sway: number } =>
  random.chance(0.5)
    ? { along: random.between(-0.06, 0.06), sway: random.between(0.05, 0.12) * (random.chance(0.5) ? 1 : -1) }
    : { along: 0, sway: 0 };

const disturbance = (body: Body, random: Random): { readonly along: number; readonly sway: number } => {
  if (body.activity === 'walking') return gait(random);
  if (body.activity === 'idle') return fidget(random);
  return { along: body.tremorG * random.between(-1, 1), sway: body.tremorG * random.between(-1, 1) };
};

/** One sample of the accelerometer, g. */
export const acceleration = (body: Body, random: Random): Vector => {
  const { down, side } = tilted(body, POSTURE_DEGREES[body.posture]);
  const { along, sway } = disturbance(body, random);
  const axis = (index: 0 | 1 | 2): number =>
    down[index] * (1 + along) + side[index] * sway + random.gaussian(SENSOR_SIGMA_G, SENSOR_CUT);
  return [axis(0), axis(1), axis(2)];
};

/** The sample that catches a body hitting the floor: `peakG` along where it ends up lying. */
export const impact = (body: Body, peakG: number, random: Random): Vector => {
  const { down } = tilted(body, POSTURE_DEGREES.lying);
  const jolt = (): number => random.between(-0.15, 0.15);
  return [down[0] * peakG + jolt(), down[1] * peakG + jolt(), down[2] * peakG + jolt()];
};
