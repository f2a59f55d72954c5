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

/** The pose of a moment, between the last two phases. */
export const poseAt = (phases: readonly Phase[], atSeconds: number): { readonly pose: Pose; readonly phase: Phase } => {
  const last = phases.findLastIndex(({ fromSeconds }) => fromSeconds <= atSeconds);
  const phase = phases[Math.max(0, last)];
  if (phase === undefined) throw new Error('a performance has a phase');
  const before = phases[last - 1]?.pose ?? phase.pose;
  const share = phase.overSeconds <= 0 ? 1 : Math.min(1, (atSeconds - phase.fromSeconds) / phase.overSeconds);
  // Minimum jerk: how limbs, and falling bodies near enough, come from one place to another.
  const smooth = share ** 3 * (10 - 15 * share + 6 * share ** 2);
  const turn = ((phase.pose.azimuthDegrees - before.azimuthDegrees + 540) % 360) - 180;
  // Somebody upright leans to no side: they go straight over to the new one.
  const azimuthDegrees = before.tiltDegrees < 20 ? phase.pose.azimuthDegrees : before.azimuthDegrees + turn * smooth;
  const tiltDegrees = before.tiltDegrees + (phase.pose.tiltDegrees - before.tiltDegrees) * smooth;
  return { pose: { tiltDegrees, azimuthDegrees }, phase };
};
