import type { VenueConfig } from '../config/schema.ts';
import { DAYS } from '../config/sections/people.ts';
import { dayAfter, momentsOf, wallTime, weekdayOf } from './wall-time.ts';

/** Somebody of a role is on duty, from the first moment up to the last, which is not part of it. */
export interface DutySpan {
  readonly fromMs: number;
  readonly toMs: number;
  /** Undefined: everybody of the role. */
  readonly people: readonly string[] | undefined;
}

/** A time in which nobody of a role is on duty. */
export interface DutyGap {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Who is on duty when, by the clock on the wall. */
export interface Roster {
  /** A role without shifts is always on duty. */
  isRostered(role: string): boolean;
  /** Shifts of a rostered role that run at that moment. */
  at(role: string, atMs: number): readonly DutySpan[];
  gaps(role: string, fromMs: number, toMs: number): readonly DutyGap[];
}

const HOUR_MS = 3_600_000;

type Config = Pick<VenueConfig, 'roster' | 'venue'>;
type Times = VenueConfig['roster']['exceptions'][number]['shifts'][number];

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** What begins on a day: an exception of that day and role goes before the weekly shifts. */
const beginningOn = ({ roster }: Config, role: string, date: string): readonly Times[] => {
  const exceptions = roster.exceptions.filter((each) => each.role === role && each.date === date);
  if (exceptions.length > 0) return exceptions.flatMap(({ shifts }) => shifts);
  const day = DAYS[weekdayOf(date)];
  return roster.shifts.filter((shift) => shift.role === role && day !== undefined && shift.days.includes(day));
};

/**
 * A shift begins at the first moment that the clock shows its time and ends at the last: where autumn repeats an hour,
 * two shifts overlap rather than leave it to nobody.
 */
const spanOf = ({ from, to, people }: Times, date: string, timezone: string): DutySpan => {
  const endsOn = minutesOf(to) > minutesOf(from) ? date : dayAfter(date);
  const [fromMs] = momentsOf(date, minutesOf(from), timezone);
  const [, toMs] = momentsOf(endsOn, minutesOf(to), timezone);
  return { fromMs, toMs, people };
};

const uncovered = (spans: readonly DutySpan[], fromMs: number, toMs: number): readonly DutyGap[] => {
  const gaps: DutyGap[] = [];
  let coveredToMs = fromMs;
  for (const span of spans.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (span.fromMs >= toMs) break;
    if (span.fromMs > coveredToMs) gaps.push({ fromMs: coveredToMs, toMs: span.fromMs });
    coveredToMs = Math.max(coveredToMs, span.toMs);
  }
  if (coveredToMs < toMs) gaps.push({ fromMs: coveredToMs, toMs });
  return gaps;
};

export const rosterOf = (config: Config): Roster => {
  const { roster, venue } = config;
  const { timezone } = venue;
  const rostered = new Set([...roster.shifts, ...roster.exceptions].map(({ role }) => role));
  const known = new Map<string, { readonly hour: number; readonly spans: readonly DutySpan[] }>();

  /** Of all shifts that touch this time; one that began yesterday may run yet. */
  const spansOf = (role: string, fromMs: number, toMs: number): readonly DutySpan[] => {
    const spans: DutySpan[] = [];
    const last = wallTime(toMs, timezone).date;
    for (let date = dayAfter(wallTime(fromMs, timezone).date, -1); date <= last; date = dayAfter(date)) {
      for (const times of beginningOn(config, role, date)) {
        const span = spanOf(times, date, timezone);
        if (span.toMs > fromMs && span.fromMs < toMs && span.toMs > span.fromMs) spans.push(span);
      }
    }
    return spans;
  };

  /** Those of the coming hour are kept: an alarm asks at each of its changes. */
  const soon = (role: string, atMs: number): readonly DutySpan[] => {
    const hour = Math.floor(atMs / HOUR_MS);
    const before = known.get(role);
    if (before?.hour === hour) return before.spans;
    const spans = spansOf(role, hour * HOUR_MS, (hour + 1) * HOUR_MS);
    known.set(role, { hour, spans });
    return spans;
  };

  return {
    isRostered: (role) => rostered.has(role),
    at: (role, atMs) => soon(role, atMs).filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs),
    gaps: (role, fromMs, toMs) => (rostered.has(role) ? uncovered(spansOf(role, fromMs, toMs), fromMs, toMs) : []),
  };
};
