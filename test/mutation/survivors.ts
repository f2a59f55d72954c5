/** Mutants of one file that no test can kill, or need not, and why. */
interface Survivors {
  readonly file: string;
  /** As `npm run mutate` prints them: operator, variant, expression. */
  readonly mutants: readonly string[];
  readonly reason: string;
}

const BY_CHANCE = 'of measured values: the limit itself is met by chance alone; both sides of it are tested';

const BY_A_ROUNDING = 'the allowance for what a shift of time rounds off: no wake comes a whole allowance early';

const NO_TWO = 'no two of them are the same';

const NEVER_1970 = 'no judged time is the first moment of 1970';

const SAME_BY_THE_LONGER_WAY = 'what is spared is work: the longer way leads to the same';

const ONE_MORE = 'one more or one less, of what only has to be bounded';

/** By file. */
export const SURVIVORS: readonly Survivors[] = [
  {
    file: 'rules/alarms/desk.ts',
    mutants: ['< boundary  in  orderOf(a) < orderOf(b)'],
    reason: NO_TWO,
  },
  {
    file: 'rules/alarms/life.ts',
    mutants: ['< boundary  in  happening.atMs < changedMs'],
    reason: SAME_BY_THE_LONGER_WAY,
  },
  {
    file: 'rules/alarms/open-alarms.ts',
    mutants: ['< boundary  in  a.id < b.id'],
    reason: NO_TWO,
  },
  {
    file: 'rules/alarms/suppression.ts',
    mutants: ['< boundary  in  cause.id < first.id'],
    reason: NO_TWO,
  },
  {
    file: 'rules/access/burst.ts',
    mutants: ['< boundary  in  nowMs - atMs < windowMs - 0.001'],
    reason: BY_A_ROUNDING,
  },
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
    file: 'rules/judge/capture.ts',
    mutants: ['> boundary  in  this.#next > size'],
    reason: 'it is set to more than that, or stands below',
  },
  {
    file: 'rules/judge/capture.ts',
    mutants: ['< boundary  in  this.#next < until'],
    reason: 'a place too far holds nothing',
  },
  {
    file: 'rules/judge/deadlines.ts',
    mutants: [
      '&& swap  in  this.#stale > STALE_BEFORE_SWEEP && this.#stale * 2 > this.#items.length',
      '> negate  in  this.#stale > STALE_BEFORE_SWEEP',
      '> boundary  in  this.#stale > STALE_BEFORE_SWEEP',
      '> boundary  in  this.#stale * 2 > this.#items.length',
    ],
    reason: 'swept sooner or later: that costs time or room, and changes nothing',
  },
  {
    file: 'rules/judge/deadlines.ts',
    mutants: ['> boundary  in  index > 0'],
    reason: 'above the first place there is none, and nothing is swapped with it',
  },
  {
    file: 'rules/judge/deadlines.ts',
    mutants: ['|| swap  in  first === undefined || second === undefined'],
    reason: 'for the compiler: both are there, or neither',
  },
  {
    file: 'rules/judge/ground.ts',
    mutants: ['< boundary  in  slot < size', '> boundary  in  2 * this.states.length > this.deadlinesMs.length'],
    reason: ONE_MORE,
  },
  {
    file: 'rules/judge/ground.ts',
    mutants: ['?? swap  in  deadlinesMs[2 * place + 1] ?? Infinity', '>= boundary  in  wakeAtMs >= queuedMs'],
    reason: SAME_BY_THE_LONGER_WAY,
  },
  {
    file: 'rules/judge/firing.ts',
    mutants: ['> boundary  in  (spins.get(item) ?? 0) > SPINS_MAX'],
    reason: ONE_MORE,
  },
  {
    file: 'rules/judge/judge.ts',
    mutants: ['< boundary  in  heardMs < 0'],
    reason: NEVER_1970,
  },
  {
    file: 'rules/judge/lives.ts',
    mutants: ['< boundary  in  heardMs < 0', '< boundary  in  this.lastHeardMs(entry) < 0'],
    reason: NEVER_1970,
  },
  {
    file: 'rules/judge/lives.ts',
    mutants: ['< negate  in  this.lastHeardMs(entry) < 0', '> boundary  in  entry.behindMs > 0'],
    reason: SAME_BY_THE_LONGER_WAY,
  },
  {
    file: 'rules/judge/restoring.ts',
    mutants: ['< boundary  in  subject.dueMs < atMs'],
    reason: SAME_BY_THE_LONGER_WAY,
  },
  {
    file: 'rules/judge/restoring.ts',
    mutants: ['?? swap  in  roster.free.restore(rule, subject) ?? roster.find(rule, subject)'],
    reason: 'the left side has been asked by then: what it has made is found by the right one, too',
  },
  {
    file: 'rules/judge/roster.ts',
    mutants: ['! negate  in  !rule.shared(entry.device)'],
    reason: 'strangers feed nothing that others feed, too',
  },
  {
    file: 'rules/judge/snapshot.ts',
    mutants: ['< boundary  in  ms < 0'],
    reason: NEVER_1970,
  },
  {
    file: 'rules/judge/stepper.ts',
    mutants: [
      '> boundary  in  sample.nowMs > (lastHeardMs[index] ?? -1)',
      '< boundary  in  slot < rules.length',
      '> boundary  in  arrivedMs > this.#arrivedMs',
    ],
    reason: SAME_BY_THE_LONGER_WAY,
  },
  {
    file: 'rules/judge/stepper.ts',
    mutants: ['<= boundary  in  subject.dueMs <= nowMs'],
    reason: 'what is not woken at once is by its deadline of the same moment',
  },
  {
    file: 'rules/kinds/sos.ts',
    mutants: ['>= boundary  in  input.nowMs >= endsAtMs'],
    reason: 'what is not over at once is by the wake of the same moment',
  },
  {
    file: 'rules/levels.ts',
    mutants: ['>= boundary  in  nowMs - sinceMs >= forMs - 0.001'],
    reason: BY_A_ROUNDING,
  },
  {
    file: 'rules/power/overload.ts',
    mutants: ['>= boundary  in  nowMs >= state.sayAgainMs - 0.001', '>= boundary  in  nowMs >= fullMs - 0.001'],
    reason: BY_A_ROUNDING,
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
