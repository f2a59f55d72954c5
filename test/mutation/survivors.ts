/** Mutants of one file that no test can kill, or need not, and why. */
interface Survivors {
  readonly file: string;
  /** As `npm run mutate` prints them: operator, variant, expression. */
  readonly mutants: readonly string[];
  readonly reason: string;
}

const BY_CHANCE = 'of measured values: the limit itself is met by chance alone; both sides of it are tested';

const BY_A_ROUNDING = 'the allowance for what a shift of time rounds off: no wake comes a whole allowance early';

/** By file. */
export const SURVIVORS: readonly Survivors[] = [
  {
    file: 'rules/crowd/feeds.ts',
    mutants: ["=== negate  in  channel === ''"],
    reason: 'the higher of whole and parts is taken, whichever of them is called which',
  },
  {
    file: 'rules/crowd/occupancy.ts',
    mutants: ['>= boundary  in  estimate.persons >= 0'],
    reason: 'where nobody is missing to zero, nothing is added: the same counts, written anew',
  },
  {
    file: 'rules/geo/polygon.ts',
    mutants: [
      '< negate  in  px < ((bx - ax) * (py - ay)) / (by - ay) + ax',
      '< boundary  in  px < ((bx - ax) * (py - ay)) / (by - ay) + ax',
    ],
    reason:
      'a closed outline is crossed as odd or even a number of times to the left as to the right; on it, the depth is 0',
  },
  {
    file: 'rules/wearer/laid-down.ts',
    mutants: [
      '>= boundary  in  Math.hypot(x - px, y - py, z - pz) >= POSE_CHORD_G',
      '<= boundary  in  Math.abs(x - from.x) <= DEAD_G',
      '<= boundary  in  Math.abs(y - from.y) <= DEAD_G',
      '<= boundary  in  Math.abs(z - from.z) <= DEAD_G',
      '>= boundary  in  alongAxis(x, y, z) >= LEVEL_COSINE',
      '> boundary  in  chord(before, x, y, z) > REST_G',
      '< boundary  in  alongAxis(x, y, z) < LEFT_LEVEL_COSINE',
      '>= boundary  in  chord(before, x, y, z) >= POSE_CHORD_G',
    ],
    reason: BY_CHANCE,
  },
  {
    file: 'rules/wearer/two-stage.ts',
    mutants: ['>= boundary  in  nowMs >= dueMs - 0.001'],
    reason: BY_A_ROUNDING,
  },
];
