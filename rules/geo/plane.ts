/** East and north of some place, metres. */
export type Metres = readonly [east: number, north: number];

/** WGS 84, as GPS has it. */
export type LatLon = readonly [latitudeDegrees: number, longitudeDegrees: number];

/** Where the floor plan lies on the earth. */
export interface PlanReference {
  /** The plan's point 0, 0. */
  readonly latitudeDegrees: number;
  readonly longitudeDegrees: number;
  /** Which way the plan's y axis points, clockwise from north; its x axis points to the right of that. */
  readonly yAxisDegrees: number;
}

/** Metres to a degree of latitude: the mean of WGS 84's meridian. */
const METERS_PER_DEGREE = 111_320;

/** Metres around a place: an equirectangular plane, off by less than a metre within the few kilometres of a venue. */
export const planeAround = ([latitude, longitude]: LatLon): ((place: LatLon) => Metres) => {
  const eastPerDegree = METERS_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
  return ([lat, lon]) => {
    const turn = ((((lon - longitude + 180) % 360) + 360) % 360) - 180;
    return [turn * eastPerDegree, (lat - latitude) * METERS_PER_DEGREE];
  };
};

/** From the floor plan's own axes to east and north of the plan's point 0, 0. */
export const eastNorthOf = ([x, y]: readonly [number, number], { yAxisDegrees }: PlanReference): Metres => {
  const turn = (yAxisDegrees * Math.PI) / 180;
  return [x * Math.cos(turn) + y * Math.sin(turn), y * Math.cos(turn) - x * Math.sin(turn)];
};
