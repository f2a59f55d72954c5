/** How the trunk is held: the angle of the spine to the vertical, and the side that it leans to. */
export interface Pose {
  /** 0 upright, 90 lying. */
  readonly tiltDegrees: number;
  /** 0 forward, 90 to the left, 180 backward. */
  readonly azimuthDegrees: number;
}

/** `lifeless`: not even a breath; `breathing`: nothing else; `weak`: a limb now and then; `swinging`: the badge, not the body. */
export type Motion =
  | 'lifeless'
  | 'breathing'
  | 'fidgeting'
  | 'working'
  | 'walking'
  | 'running'
  | 'jumping'
  | 'crawling'
  | 'weak'
  | 'riding'
  | 'swinging';

/** What a wearer does from a moment on. */
export interface Phase {
  readonly fromSeconds: number;
  readonly pose: Pose;
  /** How long the body takes to come into the pose. */
  readonly overSeconds: number;
  readonly motion: Motion;
  /** Where the badge is. */
  readonly badge: 'body' | 'hand' | 'table';
  /** The trunk lies on something. */
  readonly isLying: boolean;
}

/** A push along the vertical: positive a blow, negative a fall through the air (-1: weightless). */
export interface Shock {
  readonly atSeconds: number;
  readonly forSeconds: number;
  readonly g: number;
}

/** One wearer's minutes, and what is true of them. */
export interface Performance {
  readonly seconds: number;
  /** In order of time; the first from 0. */
  readonly phases: readonly Phase[];
  readonly shocks: readonly Shock[];
  /** When the wearer has fallen; absent: they are well. */
  readonly fallenAtSeconds?: number;
  /** Is well, feels or hears the buzz, and cancels. */
  readonly answers?: true;
}

export const UPRIGHT: Pose = { tiltDegrees: 3, azimuthDegrees: 0 };

export interface Moment {
  readonly pose: Pose;
  readonly phase: Phase;
}

const between = (before: Pose, phase: Phase, atSeconds: number): Pose => {
  const share = phase.overSeconds <= 0 ? 1 : Math.min(1, (atSeconds - phase.fromSeconds) / phase.overSeconds);
  if (share >= 1) return phase.pose;
  // Minimum jerk: how limbs, and falling bodies near enough, come from one place to another.
  const smooth = share ** 3 * (10 - 15 * share + 6 * share ** 2);
  const turn = ((phase.pose.azimuthDegrees - before.azimuthDegrees + 540) % 360) - 180;
  // Somebody upright leans to no side: they go straight over to the new one.
  const azimuthDegrees = before.tiltDegrees < 20 ? phase.pose.azimuthDegrees : before.azimuthDegrees + turn * smooth;
  const tiltDegrees = before.tiltDegrees + (phase.pose.tiltDegrees - before.tiltDegrees) * smooth;
  return { tiltDegrees, azimuthDegrees };
};

/** The pose of a moment, on the way from the last phase to this one; to be asked in order of time. */
export const createPoses = ([first, ...rest]: readonly Phase[]): ((atSeconds: number) => Moment) => {
  if (first === undefined) throw new Error('a performance has a phase');
  const coming = [...rest].reverse();
  let before = first.pose;
  let phase = first;
  return (atSeconds) => {
    for (let next = coming.at(-1); next !== undefined && next.fromSeconds <= atSeconds; next = coming.at(-1)) {
      before = phase.pose;
      phase = next;
      coming.pop();
    }
    return { pose: between(before, phase, atSeconds), phase };
  };
};
