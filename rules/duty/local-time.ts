const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** The clock on the wall of a venue. Pure: what it answers depends on its arguments and the time zone alone. */
export interface LocalTime {
  /** The next moment after `afterMs` at which one of these times of the day comes, Unix milliseconds. */
  next(afterMs: number, minutesOfDay: readonly number[]): number;
  /** `09:05`. */
  clock(atMs: number): string;
}

/** How far the wall clock of an IANA time zone is ahead of UTC at a moment, milliseconds. */
const offsetsOf = (timeZone: string): ((atMs: number) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (atMs) => {
    const parts = format.formatToParts(atMs);
    const figure = (type: Intl.DateTimeFormatPartTypes): number =>
      Number(parts.find((part) => part.type === type)?.value ?? 0);
    const shownMs = Date.UTC(
      figure('year'),
      figure('month') - 1,
      figure('day'),
      figure('hour'),
      figure('minute'),
      figure('second'),
    );
    return shownMs - Math.floor(atMs / 1000) * 1000;
  };
};

/**
 * Clock changes as RFC 5545 section 3.3.5 has them: a time that comes twice is the first of both; one that is left out
 * is taken by the offset before the change (02:30 that never comes is 03:30).
 */
export const localTimeOf = (timeZone: string): LocalTime => {
  const offsetMs = offsetsOf(timeZone);
  /** `wallMs`: date and time as shown, written as if they were UTC. */
  const momentOf = (wallMs: number): number => {
    const before = offsetMs(wallMs - DAY_MS);
    const after = offsetMs(wallMs + DAY_MS);
    const byBefore = wallMs - before;
    if (before === after || offsetMs(byBefore) === before) return byBefore;
    return offsetMs(wallMs - after) === after ? wallMs - after : byBefore;
  };
  return {
    next: (afterMs, minutesOfDay) => {
      const today = Math.floor((afterMs + offsetMs(afterMs)) / DAY_MS) * DAY_MS;
      let nextMs = Infinity;
      // The day before too: at the edge of a day a change of clocks may put its last time after the first of the next.
      for (const day of [-1, 0, 1, 2]) {
        for (const minute of minutesOfDay) {
          const atMs = momentOf(today + day * DAY_MS + minute * MINUTE_MS);
          if (atMs > afterMs) nextMs = Math.min(nextMs, atMs);
        }
      }
      return nextMs;
    },
    clock: (atMs) => new Date(atMs + offsetMs(atMs)).toISOString().slice(11, 16),
  };
};
