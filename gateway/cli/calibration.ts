/** Acceleration as a badge measures it: x, y, z in g. */
export type Vector = readonly [number, number, number];

/** The mean of a few seconds at rest, or why it cannot be taken for gravity. */
export type Calibration =
  | { readonly ok: true; readonly upright: Vector; readonly samples: number }
  | { readonly ok: false; readonly why: 'too-few'; readonly samples: number }
  | { readonly ok: false; readonly why: 'not-still'; readonly movedG: number }
  | { readonly ok: false; readonly why: 'not-one-g'; readonly lengthG: number };

/** One sample may be of the moment before. */
const SAMPLES_MIN = 3;

/** At rest a sensor measures the gravity of the earth, give or take its offset (some hundredths of a g by data sheets). */
const ONE_G_TOLERANCE = 0.1;

/** How far any sample may be from the mean: breathing moves a badge by a few degrees, a step by much more. */
const STILL_G = 0.1;

const DECIMALS = 1000;

const rounded = (value: number): number => Math.round(value * DECIMALS) / DECIMALS + 0;

export const calibrate = (samples: readonly Vector[]): Calibration => {
  if (samples.length < SAMPLES_MIN) return { ok: false, why: 'too-few', samples: samples.length };
  const mean = (axis: 0 | 1 | 2): number => samples.reduce((sum, each) => sum + each[axis], 0) / samples.length;
  const [x, y, z] = [mean(0), mean(1), mean(2)];
  const movedG = Math.max(...samples.map((each) => Math.hypot(each[0] - x, each[1] - y, each[2] - z)));
  if (movedG > STILL_G) return { ok: false, why: 'not-still', movedG: rounded(movedG) };
  const lengthG = Math.hypot(x, y, z);
  if (Math.abs(lengthG - 1) > ONE_G_TOLERANCE) return { ok: false, why: 'not-one-g', lengthG: rounded(lengthG) };
  return { ok: true, upright: [rounded(x), rounded(y), rounded(z)], samples: samples.length };
};
