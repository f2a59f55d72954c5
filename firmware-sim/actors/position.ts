import type { Random } from '../random.ts';
import { numeric, type SenmlRecord } from '../senml.ts';

export interface Position {
  latitude: number;
  longitude: number;
  readonly accuracyM: number;
  headingRadians: number;
}

const WALKING_M_PER_S = 1.2;
/** Mean length of a degree of latitude, WGS 84. */
const METERS_PER_DEGREE = 111_320;

/** A correlated random walk: the heading drifts, the speed stays a stroll. */
export const wander = (position: Position, seconds: number, random: Random): void => {
  position.headingRadians += random.gaussian(0.6);
  const meters = WALKING_M_PER_S * seconds;
  position.latitude += (meters * Math.cos(position.headingRadians)) / METERS_PER_DEGREE;
  position.longitude +=
    (meters * Math.sin(position.headingRadians)) / (METERS_PER_DEGREE * Math.cos((position.latitude * Math.PI) / 180));
};

/** A fix with the receiver's error, which it reports as 68 % radius. */
export const locate = (position: Position, random: Random): readonly SenmlRecord[] => {
  const error = (): number => random.gaussian(position.accuracyM / 3, 3) / METERS_PER_DEGREE;
  return [
    numeric('latitude', 'lat', position.latitude + error(), 6),
    numeric('longitude', 'lon', position.longitude + error(), 6),
    numeric('accuracy', 'm', position.accuracyM, 1),
  ];
};
