/**
 * How many people a zone holds, and how surely. Plain JSON.
 *
 * A Kalman filter of one state that *considers* the errors of its sources without estimating them (Schmidt 1966; Simon,
 * "Optimal State Estimation", 2006, section 10.3). A counter that misses one in fifty does so all evening, and a camera
 * that sees too few behind tall people goes on seeing too few: taken as fresh noise each time, such errors would average
 * out on paper and the band would shrink to nothing. What is kept instead is how far the estimate shares them.
 */
export interface Estimate {
  /** Negative only while not every gate has reported. */
  readonly persons: number;
  /** Of the error of `persons`, persons². */
  readonly variance: number;
  /** Covariance of that error with the relative error of the cameras, and with that of the badges' share. */
  readonly cameraCovariance: number;
  readonly badgeCovariance: number;
  /** Up to when the passing of time is in the variance, Unix milliseconds; 0: time has not begun. */
  readonly atMs: number;
}

/** The band is two standard deviations to each side: 19 evenings of 20, if accuracies are as declared. */
export const BAND_SIGMAS = 2;

/** Beyond this many standard deviations what two sources say cannot both be right. */
const DISAGREEMENT_SIGMAS = 3;

/** A part of the zone holds more than the whole is said to: significant from here on. */
const PARTIAL_SIGMAS = 2;

/** A count is of whole persons: what its rounding and its moment may be off, persons². */
const COUNT_VARIANCE = 1;

/** A count that is believed: what was thought before no longer matters. */
export const fixedAt = (persons: number, sigmaPersons: number, atMs: number): Estimate => ({
  persons,
  variance: sigmaPersons * sigmaPersons,
  cameraCovariance: 0,
  badgeCovariance: 0,
  atMs,
});

export const bandOf = ({ variance }: Estimate): number => BAND_SIGMAS * Math.sqrt(Math.max(0, variance));

/** People whom no gate sees: a random walk, so that its variance grows with time. */
export const aged = (estimate: Estimate, variancePerMs: number, nowMs: number): Estimate => {
  const { persons, cameraCovariance, badgeCovariance } = estimate;
  const atMs = Math.max(estimate.atMs, nowMs);
  const passedMs = estimate.atMs === 0 ? 0 : atMs - estimate.atMs;
  return { persons, variance: estimate.variance + variancePerMs * passedMs, cameraCovariance, badgeCovariance, atMs };
};

/** What an absolute count says. */
export interface Observation {
  readonly of: 'camera' | 'badge';
  readonly persons: number;
  /** One standard deviation of its persistent error, as a share of the persons. */
  readonly sigma: number;
  /** Some of the zone is not in it: it can only show that there are more. */
  readonly partial: boolean;
}

/** How an observation was taken. Innovation: what it says more than the estimate, and the variance of that. */
export interface Observed {
  readonly estimate: Estimate;
  readonly gain: number;
  readonly innovation: number;
  readonly variance: number;
  readonly disagrees: Disagreement | null;
}

/** An absolute count that is far more, or far less, than can be. */
export type Disagreement = 'more' | 'fewer';

const isUsed = ({ partial }: Observation, innovation: number, variance: number): boolean =>
  !partial || innovation > PARTIAL_SIGMAS * Math.sqrt(variance);

/**
 * Takes an absolute count in; undefined: it says nothing that counts. Where it is beyond belief, the safe side is taken:
 * a camera that sees far more is believed the more, the further it is off (the variance is raised until both are just
 * possible); one that sees far fewer looks past people, and changes nothing.
 */
export const observe = (before: Estimate, observation: Observation): Observed | undefined => {
  const { of, persons, sigma } = observation;
  const scale = Math.max(persons, before.persons, 1);
  const kept = of === 'camera' ? before.cameraCovariance : before.badgeCovariance;
  // Rounding, and a sigma that changes with the count, must not make two errors more than equal.
  const covariance = Math.min(kept, Math.sqrt(before.variance) * sigma);
  const shared = covariance * scale;
  const noise = (sigma * scale) ** 2 + COUNT_VARIANCE;
  const innovation = persons - before.persons;
  const believed = before.variance + noise - 2 * shared;
  if (!isUsed(observation, innovation, believed)) return undefined;
  const sigmas = innovation / Math.sqrt(believed);
  if (sigmas < -DISAGREEMENT_SIGMAS) {
    return { estimate: before, gain: 0, innovation, variance: believed, disagrees: 'fewer' };
  }
  const disagrees = sigmas > DISAGREEMENT_SIGMAS ? 'more' : null;
  const variance = Math.max(believed, (innovation / DISAGREEMENT_SIGMAS) ** 2);
  const prior = before.variance + variance - believed;
  const gain = Math.min(1, Math.max(0, (prior - shared) / variance));
  if (gain === 0) return { estimate: before, gain, innovation, variance, disagrees };
  const rest = 1 - gain;
  const own = rest * covariance + gain * sigma * sigma * scale;
  const estimate: Estimate = {
    persons: before.persons + gain * innovation,
    variance: Math.max(0, rest * rest * prior + gain * gain * noise + 2 * gain * rest * shared),
    cameraCovariance: of === 'camera' ? own : rest * before.cameraCovariance,
    badgeCovariance: of === 'badge' ? own : rest * before.badgeCovariance,
    atMs: before.atMs,
  };
  return { estimate, gain, innovation, variance, disagrees };
};

/** Nothing counts people in and out: an absolute count is all there is, and the last one holds. */
export const replaced = ({ of, persons, sigma }: Observation, atMs: number): Estimate => {
  const covariance = sigma * sigma * persons;
  return {
    persons,
    variance: (sigma * persons) ** 2 + COUNT_VARIANCE,
    cameraCovariance: of === 'camera' ? covariance : 0,
    badgeCovariance: of === 'badge' ? covariance : 0,
    atMs,
  };
};
