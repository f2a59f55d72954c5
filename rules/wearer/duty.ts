import type { Metrics } from '../../ingest/model/metrics.ts';
import { chargingBy, isOff, offDutyBy } from '../duty/word.ts';

/** Why a wearer is not watched for falls now. Plain JSON. */
export interface Duty {
  readonly charging: boolean;
  readonly offDuty: boolean;
  /** Rides in a vehicle until then, judged milliseconds; 0: does not. */
  readonly ridesUntilMs: number;
}

export const ON_DUTY: Duty = { charging: false, offDuty: false, ridesUntilMs: 0 };

/** Also of a state that was saved and restored. */
export const isOnDuty = ({ charging, offDuty, ridesUntilMs }: Duty): boolean =>
  !charging && !offDuty && ridesUntilMs === 0;

/** A speed that is not told again says nothing of now: a receiver that lies under somebody has no fix any more. */
const SPEED_HOLDS_MS = 30_000;

const METERS_PER_SECOND_OF_KMH = 1 / 3.6;

/** What a sample says of duty; the same object where it says nothing new. `vehicleKmh` 0: speed does not matter. */
export const dutyOf = (duty: Duty, metrics: Metrics, nowMs: number, vehicleKmh: number): Duty => {
  const charging = chargingBy(metrics, duty.charging);
  const offDuty = offDutyBy(metrics, duty.offDuty);
  const ridesUntilMs = ridesUntil(duty, metrics, nowMs, vehicleKmh);
  const isSame = charging === duty.charging && offDuty === duty.offDuty && ridesUntilMs === duty.ridesUntilMs;
  return isSame ? duty : { charging, offDuty, ridesUntilMs };
};

/** True where a sample shows the speed of a vehicle. */
export const isRiding = ({ speedMetersPerSecond: speed }: Metrics, vehicleKmh: number): boolean =>
  speed !== undefined && vehicleKmh > 0 && speed >= vehicleKmh * METERS_PER_SECOND_OF_KMH;

const ridesUntil = (duty: Duty, metrics: Metrics, nowMs: number, vehicleKmh: number): number => {
  if (metrics.speedMetersPerSecond === undefined) return duty.ridesUntilMs;
  return isRiding(metrics, vehicleKmh) ? nowMs + SPEED_HOLDS_MS : 0;
};

export type Pause = 'paused' | 'riding';

/** Why nothing is judged now; undefined: it is. */
export const pauseOf = (duty: Duty, nowMs: number): Pause | undefined => {
  if (isOff(duty)) return 'paused';
  return nowMs < duty.ridesUntilMs ? 'riding' : undefined;
};
