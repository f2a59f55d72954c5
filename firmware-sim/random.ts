/** Seeded randomness: the same seed and name give the same stream on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  /** Normal distribution, cut at `cut` standard deviations so that a sensor's noise has a bound. */
  gaussian(sigma: number, cut?: number): number;
  /** Number of arrivals when `mean` are expected. */
  poisson(mean: number): number;
}

/** Longest step of Knuth's product method before e^-mean loses precision. */
const POISSON_CHUNK = 20;

/** FNV-1a over the text, started at `seed`: four of them seed one generator. */
const hash = (text: string, seed: number): number => {
  let value = (0x811c9dc5 ^ seed) >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
};

/** sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes BigCrush. */
const sfc32 = (text: string): (() => number) => {
  let a = hash(text, 1) | 0;
  let b = hash(text, 2) | 0;
  let c = hash(text, 3) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 15; round += 1) next();
  return next;
};

const knuth = (next: () => number, mean: number): number => {
  const limit = Math.exp(-mean);
  let arrivals = 0;
  for (let product = next(); product > limit; product *= next()) arrivals += 1;
  return arrivals;
};

export const seededRandom = (seed: number, name: string): Random => {
  const next = sfc32(`${seed}/${name}`);
  const standardNormal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    chance: (probability) => next() < probability,
    gaussian: (sigma, cut = 4) => sigma * Math.max(-cut, Math.min(cut, standardNormal())),
    poisson: (mean) => {
      let arrivals = 0;
      let rest = Math.max(0, mean);
      for (; rest > POISSON_CHUNK; rest -= POISSON_CHUNK) arrivals += knuth(next, POISSON_CHUNK);
      return arrivals + (rest > 0 ? knuth(next, rest) : 0);
    },
  };
};
