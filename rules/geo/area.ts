import type { Zone } from '../../ingest/model/device.ts';
import type { Venue } from '../rule.ts';
import { withParts } from './parts.ts';
import { eastNorthOf, type LatLon, type Metres, planeAround } from './plane.ts';
import { depthIn } from './polygon.ts';

/** An area of the venue: by its outline where a position is known, by name where a receiver hears the badge. */
export interface Area {
  /** Metres from its outline; negative outside. Undefined: it has no outline that a position could be compared with. */
  depth(place: LatLon): number | undefined;
  /** Whether a zone is part of it; undefined: it is made of no zones. */
  holds(zone: string): boolean | undefined;
}

/** What an area is made of. */
export interface AreaParts {
  readonly zones: readonly string[];
  /** Outline by latitude and longitude. */
  readonly polygon: readonly LatLon[] | undefined;
}

interface Outline {
  readonly toMetres: (place: LatLon) => Metres;
  readonly points: readonly Metres[];
}

const outlineOf = (polygon: readonly LatLon[]): readonly Outline[] => {
  const [first] = polygon;
  if (first === undefined) return [];
  const toMetres = planeAround(first);
  return [{ toMetres, points: polygon.map(toMetres) }];
};

const outlineOfZone = ({ polygon }: Zone, { reference }: Venue): readonly Outline[] => {
  if (polygon === undefined || reference === undefined) return [];
  const toMetres = planeAround([reference.latitudeDegrees, reference.longitudeDegrees]);
  return [{ toMetres, points: polygon.map((point) => eastNorthOf(point, reference)) }];
};

/** Zones and outline together: one is in the area who is in any of its parts. */
export const areaOf = ({ zones, polygon }: AreaParts, venue: Venue): Area => {
  const named = zones.flatMap((id) => venue.zones.get(id) ?? []);
  const parts = withParts(named, venue.zones);
  const outlines = [
    ...named.flatMap((zone) => outlineOfZone(zone, venue)),
    ...(polygon === undefined ? [] : outlineOf(polygon)),
  ];
  return {
    depth: (place) => {
      let deepest: number | undefined;
      for (const { toMetres, points } of outlines) {
        deepest = Math.max(deepest ?? -Infinity, depthIn(points, toMetres(place)));
      }
      return deepest;
    },
    holds: (zone) => (parts.size === 0 ? undefined : parts.has(zone)),
  };
};
