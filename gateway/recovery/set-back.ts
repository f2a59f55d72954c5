import type { Alarm } from '../../rules/alarms/alarm.ts';

const NEAR_MS = 400 * 86_400_000;

/**
 * Plain JSON with every moment in it earlier by `byMs`. A moment is a number close to the Unix milliseconds `aroundMs`:
 * durations, counts and readings are nowhere near.
 */
export const movedBack = <T>(value: T, byMs: number, aroundMs: number): T =>
  JSON.parse(
    JSON.stringify(value, (_, each: unknown) =>
      typeof each === 'number' && Math.abs(each - aroundMs) < NEAR_MS ? each - byMs : each,
    ),
  );

const earlier = (at: string, byMs: number): string => new Date(Date.parse(at) - byMs).toISOString();

/** What becomes of an alarm by time, and when it last changed: nothing happens to it before that. Its id holds `raisedAt`. */
export const alarmMovedBack = (alarm: Alarm, byMs: number): Alarm => {
  const { changedAt, realarmAt, shelved } = alarm;
  return {
    ...alarm,
    changedAt: earlier(changedAt, byMs),
    ...(realarmAt === undefined ? {} : { realarmAt: earlier(realarmAt, byMs) }),
    ...(shelved === undefined ? {} : { shelved: { ...shelved, until: earlier(shelved.until, byMs) } }),
  };
};
