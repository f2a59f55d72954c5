/** Badges that count as a share of the people, by the receivers that hear them. Plain JSON. */
export interface Badges {
  readonly here: readonly string[];
  /** Heard here last, and silent since. */
  readonly hushed: readonly string[];
}

export const NO_BADGES: Badges = { here: [], hushed: [] };

/** More than this in one zone say no more than these do. */
export const BADGES_MAX = 2000;

const without = (ids: readonly string[], id: string): readonly string[] =>
  ids.includes(id) ? ids.filter((other) => other !== id) : ids;

const withOne = (ids: readonly string[], id: string): readonly string[] =>
  ids.includes(id) || ids.length >= BADGES_MAX ? ids : [...ids, id];

const changed = (before: Badges, here: readonly string[], hushed: readonly string[]): Badges =>
  here === before.here && hushed === before.hushed ? before : { here, hushed };

/** A receiver of the zone, or of another one, hears it now. */
export const moved = (badges: Badges, id: string, isHere: boolean): Badges =>
  changed(badges, isHere ? withOne(badges.here, id) : without(badges.here, id), without(badges.hushed, id));

export const hushed = (badges: Badges, id: string): Badges =>
  badges.here.includes(id) ? changed(badges, without(badges.here, id), withOne(badges.hushed, id)) : badges;

export const heardAgain = (badges: Badges, id: string): Badges =>
  badges.hushed.includes(id) ? changed(badges, withOne(badges.here, id), without(badges.hushed, id)) : badges;
