/** A value on its way from one level to another, in a straight line. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
  readonly startSeconds: number;
  readonly rampSeconds: number;
}

export const steady = (level: number): Ramp => ({ from: level, to: level, startSeconds: 0, rampSeconds: 0 });

export const rampAt = (ramp: Ramp, atSeconds: number): number => {
  const passed = atSeconds - ramp.startSeconds;
  if (passed >= ramp.rampSeconds) return ramp.to;
  return ramp.from + (ramp.to - ramp.from) * Math.max(0, passed / ramp.rampSeconds);
};

export const rampTo = (ramp: Ramp, to: number, rampSeconds: number, atSeconds: number): Ramp => ({
  from: rampAt(ramp, atSeconds),
  to,
  startSeconds: atSeconds,
  rampSeconds,
});
