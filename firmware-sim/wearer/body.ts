import type { Vector } from '../actors/motion.ts';
import type { Random } from '../random.ts';
import { createPoses, type Motion, type Performance, type Phase, type Pose, type Shock } from './performance.ts';
import { plus, radians, scaled, wandering } from './vectors.ts';

/** What the trunk feels: specific force in its own axes (forward, left, along the spine), g. */
export interface Felt {
  readonly force: Vector;
  readonly pose: Pose;
  readonly phase: Phase;
}

/** How a motion moves a trunk: standard deviations of slow turning and of pushes. */
interface Stir {
  readonly turnDegrees: number;
  readonly turnSeconds: number;
  readonly pushG: number;
  readonly pushSeconds: number;
}

const STIRS: Readonly<Record<Motion, Stir>> = {
  lifeless: { turnDegrees: 0, turnSeconds: 1, pushG: 0, pushSeconds: 1 },
  breathing: { turnDegrees: 0.3, turnSeconds: 8, pushG: 0, pushSeconds: 1 },
  fidgeting: { turnDegrees: 3, turnSeconds: 2, pushG: 0.03, pushSeconds: 0.3 },
  working: { turnDegrees: 6, turnSeconds: 1, pushG: 0.06, pushSeconds: 0.2 },
  walking: { turnDegrees: 4, turnSeconds: 0.5, pushG: 0.06, pushSeconds: 0.15 },
  running: { turnDegrees: 7, turnSeconds: 0.4, pushG: 0.25, pushSeconds: 0.1 },
  jumping: { turnDegrees: 8, turnSeconds: 0.4, pushG: 0.2, pushSeconds: 0.1 },
  crawling: { turnDegrees: 10, turnSeconds: 0.8, pushG: 0.12, pushSeconds: 0.2 },
  weak: { turnDegrees: 5, turnSeconds: 1.5, pushG: 0.08, pushSeconds: 0.3 },
  riding: { turnDegrees: 3, turnSeconds: 2, pushG: 0.08, pushSeconds: 0.12 },
  swinging: { turnDegrees: 4, turnSeconds: 1, pushG: 0.05, pushSeconds: 0.3 },
};

/** Vertical acceleration of two steps a second, with its harmonic and the heel strike (chest: about 0.2-0.4 g). */
const stepG = (phase: number, size: number): number =>
  size * (Math.sin(phase) + 0.35 * Math.sin(2 * phase + 0.6)) + (phase % (2 * Math.PI) < 0.5 ? size * 0.6 : 0);

/** A jump: crouch and push, flight, landing; shares of its period. */
const jumpG = (share: number, landingG: number): number => {
  if (share < 0.2) return -0.3;
  if (share < 0.4) return 1.1;
  if (share < 0.75) return -1;
  return share < 0.85 ? landingG : 0;
};

interface Person {
  readonly stepsPerSecond: number;
  readonly stepG: number;
  readonly breathsPerSecond: number;
  readonly breathDegrees: number;
  readonly jumpSeconds: number;
  readonly landingG: number;
}

/** Breathing turns a chest by 1 to 3 degrees from end to end, 12 to 24 times a minute. */
const somebody = (random: Random): Person => ({
  stepsPerSecond: random.between(1.6, 2.1),
  stepG: random.between(0.14, 0.3),
  breathsPerSecond: random.between(0.2, 0.4),
  breathDegrees: random.between(0.5, 1.5),
  jumpSeconds: random.between(0.9, 1.5),
  landingG: random.between(1.5, 4),
});

const gaitG = (motion: Motion, person: Person, atSeconds: number): number => {
  switch (motion) {
    case 'walking':
      return stepG(2 * Math.PI * person.stepsPerSecond * atSeconds, person.stepG);
    case 'running':
      return Math.max(-1, stepG(2 * Math.PI * 1.4 * person.stepsPerSecond * atSeconds, person.stepG * 4));
    case 'jumping':
      return jumpG((atSeconds / person.jumpSeconds) % 1, person.landingG);
    default:
      return 0;
  }
};

/** Half a sine each; to be asked in order of time. */
const createShocks = (shocks: readonly Shock[]): ((atSeconds: number) => number) => {
  const coming = shocks.toSorted((a, b) => b.atSeconds - a.atSeconds);
  let running: readonly Shock[] = [];
  return (now) => {
    for (let next = coming.at(-1); next !== undefined && next.atSeconds <= now; next = coming.at(-1)) {
      running = [...running.filter(({ atSeconds, forSeconds }) => atSeconds + forSeconds >= now), next];
      coming.pop();
    }
    let sum = 0;
    for (const { atSeconds, forSeconds, g } of running) {
      const share = (now - atSeconds) / forSeconds;
      if (share <= 1) sum += g * (g < 0 ? 1 : Math.sin(Math.PI * share));
    }
    return sum;
  };
};

/** Gravity as the trunk feels it: leaning forward it pulls towards the chest. */
const upOf = ({ tiltDegrees, azimuthDegrees }: Pose): Vector => {
  const [s, c] = [Math.sin(radians(tiltDegrees)), Math.cos(radians(tiltDegrees))];
  return [-s * Math.cos(radians(azimuthDegrees)), -s * Math.sin(radians(azimuthDegrees)), c];
};

/** A wearer's trunk, moment by moment; to be asked in order of time, at a constant step. */
export const createBody = (performance: Performance, random: Random) => {
  const person = somebody(random);
  const posesOf = createPoses(performance.phases);
  const shocksG = createShocks(performance.shocks);
  const turn = wandering(random);
  const roll = wandering(random);
  const pushes = [wandering(random), wandering(random), wandering(random)] as const;
  let burstUntil = 0;
  let restUntil = 0;

  /** Weak movement and fidgeting come in bursts; in between only the breath. */
  const isQuiet = (motion: Motion, atSeconds: number): boolean => {
    if (motion !== 'weak' && motion !== 'fidgeting') return false;
    if (atSeconds >= restUntil) {
      burstUntil = atSeconds + random.between(0.5, 3);
      restUntil = burstUntil + random.between(0.5, motion === 'weak' ? 5 : 8);
    }
    return atSeconds >= burstUntil;
  };

  return (atSeconds: number, stepSeconds: number): Felt => {
    const { pose, phase } = posesOf(atSeconds);
    const stir = STIRS[isQuiet(phase.motion, atSeconds) ? 'breathing' : phase.motion];
    const breath =
      phase.motion === 'lifeless'
        ? 0
        : person.breathDegrees * Math.sin(2 * Math.PI * person.breathsPerSecond * atSeconds);
    const swayed: Pose = {
      tiltDegrees: pose.tiltDegrees + breath + turn(stir.turnDegrees, stir.turnSeconds, stepSeconds),
      azimuthDegrees: pose.azimuthDegrees + roll(stir.turnDegrees, stir.turnSeconds, stepSeconds),
    };
    const up = upOf(swayed);
    const along = 1 + gaitG(phase.motion, person, atSeconds) + shocksG(atSeconds);
    const push = (axis: 0 | 1 | 2): number => pushes[axis](stir.pushG, stir.pushSeconds, stepSeconds);
    return { force: plus(scaled(up, along), [push(0), push(1), push(2)]), pose: swayed, phase };
  };
};
