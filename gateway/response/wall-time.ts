/** What the clock on a wall of the venue shows. */
export interface WallTime {
  /** `YYYY-MM-DD` */
  readonly date: string;
  /** Since midnight. */
  readonly minutes: number;
}

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timezone: string): Intl.DateTimeFormat => {
  const known = formats.get(timezone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(timezone, made);
  return made;
};

/** The wall clock read as if it were UTC, milliseconds. */
const shownMs = (atMs: number, timezone: string): number => {
  const parts = new Map(
    formatOf(timezone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
};

const dateText = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export const wallTime = (atMs: number, timezone: string): WallTime => {
  const ms = shownMs(atMs, timezone);
  return { date: dateText(ms), minutes: Math.floor((ms % DAY_MS) / 60_000) };
};

/** `days` later by the calendar. */
export const dayAfter = (date: string, days = 1): string => dateText(Date.parse(date) + days * DAY_MS);

/** 0 is Monday. */
export const weekdayOf = (date: string): number => (new Date(date).getUTCDay() + 6) % 7;

/**
 * When a clock on the wall shows this, first and last: in the hour that autumn repeats these are two moments. In the
 * hour that spring leaves out it is the moment that the clock would have shown it, had nobody put it forward.
 */
export const momentsOf = (date: string, minutes: number, timezone: string): readonly [number, number] => {
  const wanted = Date.parse(date) + minutes * 60_000;
  // No zone is further than 14 h from UTC, and none changes twice within two days.
  const offsets = [wanted - DAY_MS, wanted + DAY_MS].map((ms) => shownMs(ms, timezone) - ms);
  const [before = 0, after = 0] = offsets;
  const shown = [...new Set(offsets)]
    .map((offset) => wanted - offset)
    .filter((ms) => shownMs(ms, timezone) === wanted)
    .toSorted((a, b) => a - b);
  const skipped = wanted - (shown.length === 0 ? before : after);
  return [shown[0] ?? skipped, shown.at(-1) ?? skipped];
};
