/** When a receiver last told the date: sentences with a position often tell the time only. */
export interface KnownDate {
  readonly midnightMs: number;
  readonly secondsOfDay: number;
  readonly arrivedMs: number;
}

const DAY_MS = 86_400_000;
const HALF_DAY_SECONDS = 43_200;
/** A date is not carried on for longer. */
const DATE_LASTS_MS = DAY_MS / 2;

/** GPS counts weeks to 1,024: receivers older than that name a day 1,024 weeks ago (IS-GPS-200, 20.3.3.3.1.1). */
const ROLLOVER_MS = 1024 * 7 * DAY_MS;

/** A date that is wrong by a whole number of rollovers, and right otherwise. */
const unrolled = (ms: number, arrivedMs: number): number => {
  const rollovers = Math.round((arrivedMs - ms) / ROLLOVER_MS);
  const moved = ms + rollovers * ROLLOVER_MS;
  return rollovers > 0 && Math.abs(moved - arrivedMs) < DAY_MS ? moved : ms;
};

/** The moment of a time of day, Unix milliseconds; undefined where the date is not known. */
export const momentOf = (seconds: number, date: KnownDate | undefined, arrivedMs: number): number | undefined => {
  if (date === undefined || Math.abs(arrivedMs - date.arrivedMs) > DATE_LASTS_MS) return undefined;
  // Midnight has passed between the sentence with the date and this one, or lies between this one and that.
  const passed = date.secondsOfDay - seconds;
  const days = passed > HALF_DAY_SECONDS ? 1 : passed < -HALF_DAY_SECONDS ? -1 : 0;
  return unrolled(date.midnightMs + days * DAY_MS + Math.round(seconds * 1000), arrivedMs);
};
