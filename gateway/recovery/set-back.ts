import type { Alarm } from '../../rules/alarms/alarm.ts';

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
