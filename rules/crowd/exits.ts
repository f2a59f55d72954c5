import type { Counts } from './occupancy.ts';

/** A way out of a zone whose width is known. */
export interface Exit {
  readonly device: string;
  readonly widthMetres: number;
  /** Persons per minute that it lets through at the most. */
  readonly capacityPerMinute: number;
  /** Which total of its counter are people who leave this zone. */
  readonly outward: 'entries' | 'exits';
}

/** Time and total by turns, by the order of the zone's exits. Plain JSON; bounded by the window. */
export type Flows = readonly (readonly number[])[];

export const NO_FLOWS: Flows = [];

/** Rates of flow are persons per minute: counted over one. */
const WINDOW_MS = 60_000;
/** Over less than this a rate says nothing. */
const SPAN_MIN_MS = 30_000;
const POINTS_MAX = 16;

const totalOf = ({ feeds }: Counts, { device, outward }: Exit): number | undefined => {
  let total: number | undefined;
  for (const feed of feeds) {
    const part = feed[outward];
    if (feed.device === device && part !== null) total = (total ?? 0) + part;
  }
  return total;
};

const withTotal = (points: readonly number[], atMs: number, total: number): readonly number[] => {
  const [lastMs = -Infinity, lastTotal = 0] = points.slice(-2);
  // A clock that went back or a counter that was reset: counting begins anew.
  if (atMs <= lastMs || total < lastTotal) return [atMs, total];
  let from = 0;
  while ((points[from] ?? atMs) < atMs - WINDOW_MS) from += 2;
  if (points.length - from >= 2 * POINTS_MAX) from += 2;
  return [...points.slice(from), atMs, total];
};

/** The totals of the exits, with how they stand now. */
export const withTotals = (flows: Flows, exits: readonly Exit[], counts: Counts, atMs: number): Flows => {
  if (exits.length === 0) return NO_FLOWS;
  return exits.map((exit, index) => {
    const points = flows[index] ?? [];
    const total = totalOf(counts, exit);
    return total === undefined ? points : withTotal(points, atMs, total);
  });
};

/** Nobody has left for as long as a rate looks back. */
export const areStill = (flows: Flows): boolean => flows.every((points) => points[1] === points.at(-1));

/** The exit that is used most, by what it lets through. */
export interface Flow {
  readonly device: string;
  readonly perMinute: number;
  readonly perMetreMinute: number;
  readonly capacityPerMetreMinute: number;
  /** Share of its capacity. */
  readonly share: number;
}

export const busiestExit = (flows: Flows, exits: readonly Exit[]): Flow | undefined => {
  let busiest: Flow | undefined;
  exits.forEach(({ device, widthMetres, capacityPerMinute }, index) => {
    const points = flows[index] ?? [];
    const spanMs = (points.at(-2) ?? 0) - (points[0] ?? 0);
    if (spanMs < SPAN_MIN_MS) return;
    const perMinute = (((points.at(-1) ?? 0) - (points[1] ?? 0)) / spanMs) * 60_000;
    const share = perMinute / capacityPerMinute;
    if (busiest !== undefined && share <= busiest.share) return;
    const capacityPerMetreMinute = capacityPerMinute / widthMetres;
    busiest = { device, perMinute, perMetreMinute: perMinute / widthMetres, capacityPerMetreMinute, share };
  });
  return busiest;
};

/** How long it takes until everybody is out by the exits that are known, minutes; undefined: none is known. */
export const egressMinutes = (exits: readonly Exit[], persons: number): number | undefined => {
  const perMinute = exits.reduce((sum, { capacityPerMinute }) => sum + capacityPerMinute, 0);
  return perMinute > 0 ? persons / perMinute : undefined;
};
