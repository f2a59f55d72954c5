import { describe, expect, test } from 'vitest';
import { rosterOf } from '../../../gateway/response/roster.ts';
import { momentsOf, wallTime } from '../../../gateway/response/wall-time.ts';
import { configOf } from '../config/fixture.ts';
import { alarmOf, EPOCH, stage, venue } from './stage.ts';

const utc = (text: string): number => Date.parse(`${text}Z`);

const rosterIn = (timezone: string, shifts: string, exceptions = '[]') => {
  const config = configOf('roles: { guard: {} }', `roster: { shifts: ${shifts}, exceptions: ${exceptions} }`);
  return rosterOf({ ...config, venue: { ...config.venue, timezone } });
};

describe('a clock on the wall', () => {
  test('shows an hour twice in autumn, and leaves one out in spring', () => {
    expect(momentsOf('2026-10-25', 150, 'Europe/Berlin')).toEqual([utc('2026-10-25T00:30'), utc('2026-10-25T01:30')]);
    const spring = utc('2026-03-29T01:30');
    expect(momentsOf('2026-03-29', 150, 'Europe/Berlin')).toEqual([spring, spring]);
    expect(wallTime(spring, 'Europe/Berlin')).toEqual({ date: '2026-03-29', minutes: 210 });
  });
  test('of zones with a quarter of an hour, beyond the date line, and at the turn of a year', () => {
    expect(momentsOf('2026-05-01', 20 * 60, 'Asia/Shanghai')[0]).toBe(EPOCH);
    expect(momentsOf('2026-05-01', 0, 'Asia/Kathmandu')[0]).toBe(utc('2026-04-30T18:15'));
    expect(momentsOf('2027-01-01', 0, 'Pacific/Kiritimati')[0]).toBe(utc('2026-12-31T10:00'));
    expect(wallTime(utc('2026-12-31T16:00'), 'Asia/Shanghai')).toEqual({ date: '2027-01-01', minutes: 0 });
  });
});

describe('a shift', () => {
  test('begins with its minute and ends with it, also past midnight', () => {
    const roster = rosterIn('Asia/Shanghai', '[ { role: guard, days: [fri], from: "18:00", to: "02:00" } ]');
    const on = (time: string): boolean => roster.at('guard', utc(time)).length > 0;
    // 10:00 UTC is 18:00 there.
    expect(
      ['2026-05-01T09:59:59.999', '2026-05-01T10:00', '2026-05-01T17:59:59.999', '2026-05-01T18:00'].map(on),
    ).toEqual([false, true, true, false]);
    expect(on('2026-05-02T12:00')).toBe(false);
    expect(roster.isRostered('medic')).toBe(false);
  });
  test('of a whole day, from and to being the same', () => {
    const roster = rosterIn('Asia/Shanghai', '[ { role: guard, from: "08:00", to: "08:00" } ]');
    expect(roster.gaps('guard', EPOCH, EPOCH + 7 * 86_400_000)).toEqual([]);
  });
  test('that changes within the hour that autumn repeats leaves nobody out', () => {
    const shifts = '[ { role: guard, from: "22:00", to: "02:30" }, { role: guard, from: "02:30", to: "22:00" } ]';
    for (const day of ['2026-10-24', '2026-03-28']) {
      const roster = rosterIn('Europe/Berlin', shifts);
      expect(roster.gaps('guard', utc(`${day}T00:00`), utc(`${day}T00:00`) + 3 * 86_400_000)).toEqual([]);
    }
  });
  test('is longer by an hour in the night of autumn, shorter in that of spring', () => {
    const roster = rosterIn('Europe/Berlin', '[ { role: guard, from: "22:00", to: "06:00" } ]');
    const length = (at: string): number =>
      roster.at('guard', utc(at)).map(({ fromMs, toMs }) => (toMs - fromMs) / 3_600_000)[0] ?? 0;
    expect([length('2026-10-24T22:00'), length('2026-03-28T23:00'), length('2026-06-01T22:00')]).toEqual([9, 7, 8]);
  });
  test('gives way to an exception of its day, which may be nobody', () => {
    const shifts = '[ { role: guard, from: "18:00", to: "20:30" } ]';
    const others =
      '[ { date: 2026-05-01, role: guard, shifts: [] }, { date: 2026-05-02, role: guard, shifts: [ { from: "09:00", to: "10:00" } ] } ]';
    const roster = rosterIn('Asia/Shanghai', shifts, others);
    expect(roster.gaps('guard', utc('2026-04-30T16:00'), utc('2026-05-03T16:00'))).toEqual([
      { fromMs: utc('2026-04-30T16:00'), toMs: utc('2026-05-02T01:00') },
      { fromMs: utc('2026-05-02T02:00'), toMs: utc('2026-05-03T10:00') },
      { fromMs: utc('2026-05-03T12:30'), toMs: utc('2026-05-03T16:00') },
    ]);
  });
});

const PEOPLE = `people:
  li: { name: 李伟, roles: [guard] }
  zhao: { name: 赵敏, roles: [guard] }
  wang: { name: 王芳, roles: [manager] }`;
const HOOK = 'notifiers: [ { kind: webhook, id: hook, url: "http://x", secret: xxxxxxxxxxxxxxxx } ]';
const PLAN = `plan:
  red:
    notify: [guard]
    channels: [hook]
    repeatSeconds: 600
    escalate: [ { afterSeconds: 60, notify: [manager], channels: [hook] } ]`;
const red = alarmOf('b1');

describe('who is told by the roster', () => {
  test('those on duty; when the shift changes, the new one as well', () => {
    const shifts = `roster:
  shifts:
    - { role: guard, from: "18:00", to: "20:05", people: [li] }
    - { role: guard, from: "20:05", to: "23:00", people: [zhao] }`;
    const on = stage({ config: venue(PEOPLE, shifts, HOOK, PLAN) });
    on.event('raised', red);
    on.at(659.999);
    expect(on.story).toEqual(['0 hook raised → li', '60 hook repeated step 1 → li+wang']);
    on.at(660);
    expect(on.story.at(-1)).toBe('660 hook repeated#1 → li+wang+zhao');
  });
  test('a step that finds nobody passes on at once, and says so to whoever is told', () => {
    const off = 'roster: { shifts: [ { role: guard, days: [sat], from: "18:00", to: "23:00" } ] }';
    const on = stage({ config: venue(PEOPLE, off, HOOK, PLAN) });
    on.event('raised', red);
    expect(on.story).toEqual(['0 hook raised → wang']);
    expect(on.decided()).toEqual(['0 passed-on nobody-on-duty', '0 escalated told-instead']);
    expect(on.notices[0]?.remark?.en).toContain('nobody of guard is on duty');
    on.at(3600);
    expect(on.decided()).toHaveLength(2);
  });
  test('at the end of a ladder that finds nobody everybody in it is told, on duty or not', () => {
    const off = `roster:
  shifts:
    - { role: guard, days: [sat], from: "18:00", to: "23:00" }
    - { role: manager, days: [sat], from: "18:00", to: "23:00" }`;
    const on = stage({ config: venue(PEOPLE, off, HOOK, PLAN) });
    on.event('raised', red);
    expect(on.story).toEqual(['0 hook raised → li+zhao+wang']);
    expect(on.decided()).toEqual(['0 passed-on nobody-on-duty', '0 passed-on nobody-on-duty', '0 nobody ladder-empty']);
  });
});
