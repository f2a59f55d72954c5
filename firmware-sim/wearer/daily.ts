import type { Random } from '../random.ts';
import { type Motion, type Performance, type Phase, type Pose, type Shock, UPRIGHT } from './performance.ts';

const SECONDS = 100;

const phase = (
  fromSeconds: number,
  pose: Pose,
  overSeconds: number,
  motion: Motion,
  extra: Partial<Phase> = {},
): Phase => ({
  fromSeconds,
  pose,
  overSeconds,
  motion,
  badge: 'body',
  isLying: false,
  ...extra,
});

const only = (phases: readonly Phase[], shocks: readonly Shock[] = []): Performance => ({
  seconds: SECONDS,
  phases,
  shocks,
});

const either = <T>(random: Random, items: readonly T[], fallback: T): T =>
  items[Math.floor(random.between(0, items.length))] ?? fallback;

/** One motion, with breaks in which somebody stands about. */
const withBreaks = (random: Random, motion: Motion, leanDegrees: number): Performance => {
  const phases: Phase[] = [];
  for (let at = 0; at < SECONDS; at += random.between(8, 30)) {
    const isBreak = phases.length % 3 === 2;
    const pose: Pose = {
      tiltDegrees: isBreak ? 3 : random.between(0, leanDegrees),
      azimuthDegrees: random.gaussian(20),
    };
    phases.push(phase(at, pose, 1, isBreak ? 'fidgeting' : motion));
  }
  return only(phases);
};

/** Sits down, leans back or on a table, reads, talks, gets up. */
const sit = (random: Random): Performance => {
  const phases: Phase[] = [phase(0, UPRIGHT, 0, 'walking')];
  const shocks: Shock[] = [];
  let at = random.between(3, 10);
  shocks.push({ atSeconds: at + 1, forSeconds: 0.15, g: random.between(0.2, 1) });
  while (at < SECONDS - 10) {
    const pose: Pose = {
      // Chairs recline, and tables are leaned on, by up to 35 degrees.
      tiltDegrees: Math.abs(random.gaussian(14, 2.5)),
      azimuthDegrees: random.chance(0.6) ? 180 : 0,
    };
    phases.push(phase(at, pose, 1.2, either(random, ['fidgeting', 'breathing', 'fidgeting'], 'fidgeting')));
    at += random.between(10, 45);
  }
  return only(phases, shocks);
};

/** How long somebody bends: mostly a few seconds, at most 20 (log-normal, median 4 s). */
const bendSeconds = (random: Random): number => Math.min(20, 4 * Math.exp(random.gaussian(0.8)));

/** Picks things up, ties shoes, works at something low. */
const bend = (random: Random): Performance => {
  const phases: Phase[] = [phase(0, UPRIGHT, 0, 'walking')];
  for (let at = random.between(3, 8); at < SECONDS - 25; ) {
    const pose: Pose = { tiltDegrees: random.between(40, 110), azimuthDegrees: random.gaussian(12) };
    const overSeconds = random.between(0.6, 1.5);
    phases.push(phase(at, pose, overSeconds, 'working'));
    at += overSeconds + bendSeconds(random);
    phases.push(phase(at, UPRIGHT, overSeconds, either(random, ['walking', 'fidgeting'], 'walking')));
    at += overSeconds + random.between(2, 8);
  }
  return only(phases);
};

/** Lies down to rest, or to work under something; is asked, and cancels. */
const lieDown = (random: Random): Performance => {
  const at = random.between(5, 12);
  const azimuthDegrees = either(random, [0, 90, -90, 180, 180], 180);
  const sitting: Pose = { tiltDegrees: random.between(20, 45), azimuthDegrees };
  const down: Pose = { tiltDegrees: random.between(75, 100), azimuthDegrees };
  const overSeconds = random.between(1, 2.5);
  return {
    seconds: 130,
    phases: [
      phase(0, UPRIGHT, 0, 'walking'),
      phase(at, sitting, overSeconds, 'fidgeting'),
      phase(at + overSeconds, down, overSeconds, either(random, ['fidgeting', 'breathing', 'working'], 'breathing'), {
        isLying: true,
      }),
    ],
    shocks: [],
    answers: true,
  };
};

/** A badge on a lanyard that is spun, caught in doors, bounced by stairs. */
const swing = (random: Random): Performance =>
  withBreaks(random, either(random, ['swinging', 'running'], 'swinging'), 10);

/**
 * The wearer takes the badge off, carries it and lays it on a table, and says nothing of going off duty. If it buzzes right
 * after that, 19 in 20 take it up again.
 */
const layDown = (random: Random): Performance => {
  const takenAt = random.between(8, 20);
  const laidAt = takenAt + random.between(6, 15);
  return {
    seconds: 150,
    phases: [
      phase(0, UPRIGHT, 0, either(random, ['walking', 'fidgeting'], 'walking')),
      phase(takenAt, UPRIGHT, 0, 'fidgeting', { badge: 'hand' }),
      phase(laidAt, UPRIGHT, 0, 'lifeless', { badge: 'table' }),
    ],
    shocks: [],
    ...(random.chance(0.95) ? { answers: true } : {}),
  };
};

/** A buggy or a van: seated, shaken, over kerbs and round corners. */
const ride = (random: Random): Performance => {
  const shocks: Shock[] = [];
  for (let at = random.between(2, 8); at < SECONDS; at += random.between(2, 15)) {
    shocks.push({ atSeconds: at, forSeconds: random.between(0.08, 0.3), g: random.between(-0.6, 1.6) });
  }
  const phases: Phase[] = [];
  for (let at = 0; at < SECONDS; at += random.between(4, 15)) {
    // Round a corner at 0.2 to 0.3 g what is felt as "up" leans by 15 degrees.
    const corner = random.chance(0.4) ? random.between(8, 16) : 0;
    const pose: Pose = {
      tiltDegrees: random.between(5, 22) + corner,
      azimuthDegrees: corner > 0 ? either(random, [90, -90], 90) : 180,
    };
    phases.push(phase(at, pose, 1.5, 'riding'));
  }
  return only(phases, shocks);
};

/** Nobody here needs help. */
export const DAILY: Readonly<Record<string, (random: Random) => Performance>> = {
  walking: (random) => withBreaks(random, 'walking', 10),
  sitting: sit,
  bending: bend,
  'lying down, cancels': lieDown,
  running: (random) => withBreaks(random, 'running', 15),
  jumping: (random) => withBreaks(random, 'jumping', 12),
  'lanyard swinging': swing,
  'badge on a table': layDown,
  'riding in a vehicle': ride,
};
