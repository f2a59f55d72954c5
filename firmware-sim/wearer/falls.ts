import type { Random } from '../random.ts';
import { type Motion, type Performance, type Phase, type Pose, type Shock, UPRIGHT } from './performance.ts';

/** A minute or more after the fall; whoever crawls is found later. */
const SECONDS = 85;
const CRAWL_SECONDS = 120;

const body = (fromSeconds: number, pose: Pose, overSeconds: number, motion: Motion, isLying = false): Phase => ({
  fromSeconds,
  pose,
  overSeconds,
  motion,
  badge: 'body',
  isLying,
});

/** What somebody does before they fall. */
const before = (random: Random): readonly Phase[] => {
  const motion =
    (['walking', 'walking', 'fidgeting', 'running'] as const)[Math.floor(random.between(0, 4))] ?? 'walking';
  return [body(0, UPRIGHT, 0, motion)];
};

/** Through the air for a moment, then the blow and what bounces. Peaks at the trunk: 2 to 6 g. */
const crash = (random: Random, fromSeconds: number, overSeconds: number): readonly Shock[] => {
  const airborne = overSeconds * random.between(0.3, 0.6);
  const hitAt = fromSeconds + overSeconds * random.between(0.85, 1);
  return [
    { atSeconds: hitAt - airborne, forSeconds: airborne, g: -random.between(0.3, 0.8) },
    { atSeconds: hitAt, forSeconds: random.between(0.05, 0.15), g: random.between(1.5, 5) },
    { atSeconds: hitAt + random.between(0.2, 0.5), forSeconds: 0.1, g: random.between(0.2, 1) },
  ];
};

/** One in ten does not even breathe. */
const motionless = (random: Random): Motion => (random.chance(0.1) ? 'lifeless' : 'breathing');

const onTheGround = (random: Random, azimuthDegrees: number): Pose => ({
  tiltDegrees: random.between(78, 104),
  azimuthDegrees: azimuthDegrees + random.gaussian(12, 2),
});

const fall = (random: Random, azimuthDegrees: number, after: Motion): Performance => {
  const fallenAtSeconds = random.between(10, 18);
  const overSeconds = random.between(0.6, 1.3);
  const pose = onTheGround(random, azimuthDegrees);
  const phases = [...before(random), body(fallenAtSeconds, pose, overSeconds, after, true)];
  return { seconds: SECONDS, phases, shocks: crash(random, fallenAtSeconds, overSeconds), fallenAtSeconds };
};

/** Knees give way: no free fall, hardly a blow; ends on the side, or half sitting against a wall. */
const slump = (random: Random): Performance => {
  const fallenAtSeconds = random.between(10, 18);
  const overSeconds = random.between(2, 6);
  const againstWall = random.chance(0.4);
  const pose: Pose = againstWall
    ? { tiltDegrees: random.between(60, 78), azimuthDegrees: 180 + random.gaussian(15, 2) }
    : onTheGround(random, random.chance(0.5) ? 90 : -90);
  const crouched: Pose = { tiltDegrees: random.between(20, 40), azimuthDegrees: pose.azimuthDegrees };
  const half = overSeconds / 2;
  return {
    seconds: SECONDS,
    phases: [
      ...before(random),
      body(fallenAtSeconds, crouched, half, 'weak'),
      body(fallenAtSeconds + half, pose, half, motionless(random), true),
    ],
    shocks: [{ atSeconds: fallenAtSeconds + overSeconds, forSeconds: 0.15, g: random.between(0.1, 0.5) }],
    fallenAtSeconds,
  };
};

/** Falls, then crawls on hands and knees, with rests on the ground. */
const crawl = (random: Random): Performance => {
  const { phases, ...rest } = fall(random, random.chance(0.7) ? 0 : 90, 'weak');
  const crawls: Phase[] = [];
  for (let at = (rest.fallenAtSeconds ?? 0) + random.between(3, 8); at < CRAWL_SECONDS; at += random.between(4, 12)) {
    const motion = crawls.length % 2 === 0 ? 'crawling' : 'weak';
    const pose = { tiltDegrees: random.between(70, 100), azimuthDegrees: random.gaussian(15) };
    crawls.push(body(at, pose, 1.5, motion, true));
  }
  return { ...rest, seconds: CRAWL_SECONDS, phases: [...phases, ...crawls] };
};

/** Every one of them is somebody who needs help. */
export const FALLS: Readonly<Record<string, (random: Random) => Performance>> = {
  'fall forward': (random) => fall(random, 0, motionless(random)),
  'fall backward': (random) => fall(random, 180, motionless(random)),
  'fall sideways': (random) => fall(random, random.chance(0.5) ? 90 : -90, motionless(random)),
  'slow slump': slump,
  'fall, moves weakly': (random) => fall(random, random.between(0, 360), 'weak'),
  'fall, crawls': crawl,
};
