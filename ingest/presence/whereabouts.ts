/** When a badge counts as having gone from one zone to another. */
export interface PresenceSettings {
  /** Another zone must hear it by so much more strongly, dB … */
  readonly marginDb: number;
  /** … for so long without a break. */
  readonly dwellMs: number;
  /** A receiver that has not heard it for so long, or for a few of its usual intervals, says nothing of where it is. */
  readonly lostMs: number;
}

/** How strongly one receiver hears a badge. */
interface Level {
  readonly receiver: string;
  readonly zone: string;
  /** Smoothed. */
  readonly dbm: number;
  readonly atMs: number;
  /** How far apart its hearings are, smoothed; 0: only one so far. */
  readonly everyMs: number;
}

/** The zone that a badge is in, and the receiver of it that hears it best. */
export interface Place {
  readonly zone: string;
  readonly sinceMs: number;
  /** Undefined: known from before a restart. */
  readonly receiver: string | undefined;
  readonly rssiDbm: number | undefined;
}

/** Where a badge is, as the receivers of zones hear it. Plain JSON; never mutated. */
export interface Whereabouts {
  readonly place: Place | undefined;
  /** When a receiver of a zone last heard it, Unix milliseconds; -1: not in this run. */
  readonly heardMs: number;
  readonly levels: readonly Level[];
  /** Since when another zone has heard it more strongly; undefined: none does. */
  readonly challengedMs: number | undefined;
}

/** A receiver of a zone heard the badge. */
export interface ZoneHearing {
  readonly receiver: string;
  readonly zone: string;
  readonly rssiDbm: number | undefined;
  readonly atMs: number;
}

export const NOWHERE: Whereabouts = { place: undefined, heardMs: -1, levels: [], challengedMs: undefined };

/** Time constant of the smoothing: long against the fades of a body that turns, short against a walk across a hall. */
const SMOOTHING_MS = 4000;

/** What one advert weighs at most, however long after the last it comes. */
const SHARE_MAX = 0.5;

const INTERVAL_SHARE = 0.3;

/** Adverts get lost: so many of its usual intervals may pass. */
const INTERVALS_MISSED = 3;
const LOST_MAX_MS = 60_000;

/** Receivers remembered for one badge; a hall full of them does not hear it more exactly. */
const LEVELS_MAX = 16;

/** A receiver that does not say how strongly it hears counts as the weakest there is. */
const WEAKEST_DBM = -127;

const lostAfterMs = (everyMs: number, { lostMs }: PresenceSettings): number =>
  Math.max(lostMs, Math.min(LOST_MAX_MS, INTERVALS_MISSED * everyMs));

const isLost = ({ atMs, everyMs }: Level, nowMs: number, settings: PresenceSettings): boolean =>
  nowMs - atMs > lostAfterMs(everyMs, settings);

/**
 * Exponential smoothing of dBm by the time that has passed, not by count: receivers hear a badge at different rates, and
 * repetitions of one advert within milliseconds must not outvote the next one.
 */
const smoothed = (before: Level | undefined, hearing: ZoneHearing, settings: PresenceSettings): Level => {
  const { receiver, zone, rssiDbm = WEAKEST_DBM, atMs } = hearing;
  if (before === undefined) return { receiver, zone, dbm: rssiDbm, atMs, everyMs: 0 };
  const passedMs = atMs - before.atMs;
  const intervalMs = Math.min(passedMs, LOST_MAX_MS / INTERVALS_MISSED);
  const everyMs = before.everyMs === 0 ? intervalMs : before.everyMs + INTERVAL_SHARE * (intervalMs - before.everyMs);
  if (isLost(before, atMs, settings)) return { receiver, zone, dbm: rssiDbm, atMs, everyMs };
  const share = Math.min(SHARE_MAX, 1 - Math.exp(-passedMs / SMOOTHING_MS));
  return { receiver, zone, dbm: before.dbm + share * (rssiDbm - before.dbm), atMs, everyMs };
};

/** Latest first; those that were lost long ago are the first to go. */
const levelsWith = (state: Whereabouts, hearing: ZoneHearing, settings: PresenceSettings): readonly Level[] => {
  const before = state.levels.find(({ receiver }) => receiver === hearing.receiver);
  const others = state.levels.filter((level) => level !== before);
  return [smoothed(before, hearing, settings), ...others].slice(0, LEVELS_MAX);
};

/** Several receivers of one zone are one: the one that hears best speaks for it. */
const strongestOf = (levels: readonly Level[]): Level | undefined =>
  levels.reduce<Level | undefined>(
    (best, level) => (best === undefined || level.dbm > best.dbm ? level : best),
    undefined,
  );

const placeOf = ({ zone, receiver, dbm }: Level, sinceMs: number): Place => ({
  zone,
  sinceMs,
  receiver,
  rssiDbm: Math.round(dbm),
});

/**
 * A receiver of a zone heard the badge. The zone changes when another one has heard it by the margin more strongly all
 * through the dwell time, or was the only one that heard it: noise at a border moves nobody more than once per dwell time.
 */
export const heardBy = (state: Whereabouts, hearing: ZoneHearing, settings: PresenceSettings): Whereabouts => {
  // Of hearings that arrive out of order, none is from before the last.
  const nowMs = Math.max(hearing.atMs, state.heardMs);
  const levels = levelsWith(state, { ...hearing, atMs: nowMs }, settings);
  const fresh = levels.filter((level) => !isLost(level, nowMs, settings));
  const { place } = state;
  const here = strongestOf(fresh.filter(({ zone }) => zone === place?.zone));
  const rival = strongestOf(fresh.filter(({ zone }) => zone !== place?.zone));
  const heard = { heardMs: nowMs, levels };
  if (place === undefined) {
    // The first to hear it: where it is roughly is better than nothing, and a better one may come after the dwell time.
    return { ...heard, place: rival && placeOf(rival, nowMs), challengedMs: undefined };
  }
  const stays: Place = here === undefined ? place : placeOf(here, place.sinceMs);
  const isChallenged = rival !== undefined && (here === undefined || rival.dbm >= here.dbm + settings.marginDb);
  if (!isChallenged) return { ...heard, place: stays, challengedMs: undefined };
  // What was so before nobody heard it for a while need not have been so all the while.
  const isUnbroken = notHeardSinceMs(state, nowMs, settings) === undefined;
  const challengedMs = (isUnbroken ? state.challengedMs : undefined) ?? nowMs;
  if (nowMs - Math.max(challengedMs, place.sinceMs) < settings.dwellMs) return { ...heard, place: stays, challengedMs };
  return { ...heard, place: placeOf(rival, nowMs), challengedMs: undefined };
};

/** Since when no receiver has heard it, Unix milliseconds; undefined: it is being heard. */
export const notHeardSinceMs = (state: Whereabouts, nowMs: number, settings: PresenceSettings): number | undefined => {
  const { heardMs, levels } = state;
  return levels.some((level) => !isLost(level, nowMs, settings)) ? undefined : heardMs;
};
