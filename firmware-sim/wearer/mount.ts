import { unit, type Vector } from '../actors/motion.ts';
import type { Random } from '../random.ts';
import type { Felt } from './body.ts';
import type { Motion } from './performance.ts';
import { anyDirection, dot, length, plus, scaled, turned, wandering } from './vectors.ts';

export type Mount = 'clip' | 'lanyard';

/** A badge on somebody. Badge axes: x to the wearer's left, y up, z out of its face. */
export interface Worn {
  /** Gravity as it was measured when the badge was calibrated. */
  readonly upright: Vector;
  /** Specific force in the badge's axes, g; to be asked in order of time. */
  measure(felt: Felt, atSeconds: number, stepSeconds: number): Vector;
}

const X: Vector = [1, 0, 0];
const Z: Vector = [0, 0, 1];
const UP: Vector = [0, 1, 0];

/** Worn flat on the trunk. */
const onTrunk = ([forward, left, spine]: Vector): Vector => [left, spine, forward];

/** Taken off: turned about in the hand, then laid flat on a table, which somebody knocks against now and then. */
const createLoose = (random: Random) => {
  let target: Vector = UP;
  let direction: Vector = UP;
  let nextTurn = 0;
  const shakes = [wandering(random), wandering(random), wandering(random)] as const;
  const face = random.chance(0.5) ? 1 : -1;
  const level = turned(turned([0, 0, face], X, random.gaussian(0.8)), UP, random.gaussian(0.8));
  let nextKnock = 0;
  let knockG = 0;

  const inHand = (atSeconds: number, stepSeconds: number): Vector => {
    if (atSeconds >= nextTurn) {
      target = anyDirection(random);
      nextTurn = atSeconds + random.between(0.6, 1.6);
    }
    direction = unit(plus(direction, scaled(plus(target, scaled(direction, -1)), Math.min(1, stepSeconds / 0.3))));
    const shake = (axis: 0 | 1 | 2): number => shakes[axis](0.12, 0.2, stepSeconds);
    return plus(direction, [shake(0), shake(1), shake(2)]);
  };
  const onTable = (atSeconds: number, since: number): Vector => {
    if (nextKnock === 0) nextKnock = since + random.between(15, 60);
    if (atSeconds >= nextKnock) {
      knockG = random.between(0.03, 0.3);
      nextKnock = atSeconds + random.between(10, 60);
    } else knockG = 0;
    // Laid down with a click.
    const settling = atSeconds - since < 0.15 ? random.between(0, 0.6) : 0;
    return scaled(level, 1 + settling + knockG);
  };
  return { inHand, onTable };
};

const WOBBLE_DEGREES: Readonly<Partial<Record<Motion, number>>> = {
  walking: 8,
  running: 18,
  jumping: 20,
  riding: 4,
  swinging: 22,
  working: 8,
  fidgeting: 3,
};

/** Where a badge on a lanyard comes to lie when its wearer lies: on the body, or beside it. */
interface Lair {
  readonly onBody: boolean;
  readonly inPlaneDegrees: number;
  readonly slopeDegrees: number;
  readonly floor: Vector;
}

const layDown = (random: Random, { pose, phase }: Felt): Lair => {
  const toTheBack = -Math.cos((pose.azimuthDegrees * Math.PI) / 180);
  // Nothing holds it on somebody's flank; whoever crawls drags it over the floor.
  const onBody = phase.motion === 'crawling' ? 0 : toTheBack > 0.6 ? 0.9 : toTheBack < -0.6 ? 0.5 : 0;
  // Floors are level; what lies on clothes or a cable is not.
  const sigma = random.chance(0.6) ? 2 : 12;
  const face = random.chance(0.5) ? 1 : -1;
  return {
    onBody: random.chance(onBody),
    // Along the slope of somebody who half sits; anyhow on somebody who lies flat.
    inPlaneDegrees: random.gaussian(pose.tiltDegrees < 80 ? 8 : 25, 2),
    slopeDegrees: random.gaussian(8, 2),
    floor: turned(turned([0, 0, face], X, random.gaussian(sigma)), UP, random.gaussian(sigma)),
  };
};

/** A badge on a string: it hangs along what it feels, a moment behind, and turns about. */
const createHanging = (random: Random) => {
  let string: Vector = [0, 0, 1];
  let lair: Lair | undefined;
  const pitch = wandering(random);
  const yaw = wandering(random);
  let side = random.between(0, 2 * Math.PI);

  return (felt: Felt, stepSeconds: number): Vector => {
    const { force, pose, phase } = felt;
    const leansBack = pose.tiltDegrees > 45 && Math.cos((pose.azimuthDegrees * Math.PI) / 180) < -0.3;
    // Once it lies it does so until its wearer is well up again.
    const rests = leansBack || (phase.isLying && pose.tiltDegrees > (lair === undefined ? 55 : 35));
    if (rests) {
      lair ??= layDown(random, felt);
      const { onBody, inPlaneDegrees, slopeDegrees, floor } = lair;
      if (onBody) return turned(turned(onTrunk(force), Z, inPlaneDegrees), X, slopeDegrees);
      // The string pulls at it when its wearer moves.
      return plus(floor, scaled(plus(onTrunk(force), scaled(unit(onTrunk(force)), -1)), 0.5));
    }
    lair = undefined;
    const size = length(force);
    if (size > 0.05) {
      string = unit(
        plus(string, scaled(plus(scaled(force, 1 / size), scaled(string, -1)), Math.min(1, stepSeconds / 0.25))),
      );
    }
    const along = dot(force, string);
    const across = length(plus(force, scaled(string, -along)));
    const wobble = WOBBLE_DEGREES[phase.motion] ?? 1;
    side += random.gaussian(wobble * 0.03);
    const hanging: Vector = [across * Math.cos(side), along, across * Math.sin(side)];
    return turned(turned(hanging, X, pitch(wobble, 0.4, stepSeconds)), Z, yaw(wobble, 0.4, stepSeconds));
  };
};

/**
 * Puts a badge on. A clip sits askew by some degrees, which calibration knows of, and is put on a little otherwise each
 * day, which it does not.
 */
export const putOn = (mount: Mount, random: Random): Worn => {
  const [axis, askew] = [anyDirection(random), random.gaussian(mount === 'clip' ? 10 : 2)];
  const [today, drift] = [anyDirection(random), random.gaussian(mount === 'clip' ? 4 : 2)];
  const loose = createLoose(random);
  const hanging = createHanging(random);
  const seated = (v: Vector): Vector => turned(turned(v, axis, askew), today, drift);
  let laidAt: number | undefined;
  return {
    upright: turned(UP, axis, askew),
    measure: (felt, atSeconds, stepSeconds) => {
      const { badge } = felt.phase;
      if (badge === 'hand') return loose.inHand(atSeconds, stepSeconds);
      if (badge === 'table') {
        laidAt ??= atSeconds;
        return loose.onTable(atSeconds, laidAt);
      }
      return seated(mount === 'clip' ? onTrunk(felt.force) : hanging(felt, stepSeconds));
    },
  };
};
