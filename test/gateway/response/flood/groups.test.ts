import { describe, expect, test } from 'vitest';
import { alarmOf, EPOCH, stage } from '../stage.ts';
import { floodVenue, hot } from './venue.ts';

const config = floodVenue();

/** Ten alarms of ten kinds, a second apart: from the tenth on it is a flood. */
const inFlood = (atSeconds = 0, venue = config) => {
  const on = stage({ config: venue, atSeconds });
  for (let number = 0; number < 10; number += 1) {
    on.event('raised', hot(number, { kind: `kind-${number}` }));
    on.at(atSeconds + number + 1);
  }
  on.story.length = 0;
  on.notices.length = 0;
  on.decisions.length = 0;
  return on;
};

describe('in a flood', () => {
  test('the first of a kind and zone is told at once, the others by their number, once a minute', () => {
    const on = inFlood();
    on.event('raised', hot(100));
    for (let number = 101; number < 106; number += 1) {
      on.at(number - 80);
      on.event('raised', hot(number));
    }
    on.at(69.999);
    expect(on.story).toEqual(['10 hook raised → li']);
    on.at(70);
    expect(on.story).toEqual(['10 hook raised → li', '70 hook repeated → li']);
    expect(on.notices.at(-1)).toMatchObject({ alarm: { id: 'hot.t100.100' }, group: { count: 6, waiting: 6 } });
    expect(on.notices.at(-1)?.remark?.en).toBe(
      'flood of alarms, told together: 6 of this kind and zone so far, 6 not acknowledged',
    );
    on.at(500);
    expect(on.story).toHaveLength(2);
    // A minute has passed since the last telling.
    on.event('raised', hot(106));
    expect(on.story.at(-1)).toBe('500 hook repeated → li');
    expect(on.notices.at(-1)).toMatchObject({ group: { count: 7, waiting: 7 } });
  });

  test('another zone, another kind, another severity is another group', () => {
    const on = inFlood();
    on.event('raised', hot(100));
    on.event('raised', hot(101, { zone: 'yard' }));
    on.event('raised', hot(102, { kind: 'silent' }));
    on.event('raised', hot(103, { severity: 'orange' }));
    on.event('raised', hot(104));
    expect(on.notices.map(({ alarm }) => alarm.subject)).toEqual(['t100', 't101', 't102', 't103']);
  });

  test('red, calls for help and what is about a person are told by themselves', () => {
    const on = inFlood();
    const told = [
      ...[1, 2].map((number) => hot(number, { severity: 'red', subject: `r${number}` })),
      ...[1, 2].map((number) => alarmOf(`s${number}`, { severity: 'orange' })),
      ...[1, 2].map((number) => hot(number, { kind: 'man-down', severity: 'orange', subject: `m${number}` })),
      ...[1, 2].map((number) => hot(number, { kind: 'tilt', severity: 'orange', subject: `f${number}` })),
    ];
    for (const alarm of told) on.event('raised', alarm);
    expect(on.notices.map(({ alarm }) => alarm.subject)).toEqual(told.map(({ subject }) => subject));
  });

  test('a member that gets red is told by itself at once', () => {
    const on = inFlood();
    on.event('raised', hot(100));
    on.event('raised', hot(101));
    on.at(20);
    on.event('escalated', hot(101, { severity: 'red' }));
    expect(on.story).toEqual(['10 hook raised → li', '20 hook escalated → li']);
    on.at(50);
    expect(on.story.at(-1)).toBe('50 hook repeated step 1 → li+wang');
    expect(on.response.flood.groups().find(({ zone, kind }) => zone === 'hall' && kind === 'threshold')).toMatchObject({
      alarms: ['hot.t100.100'],
    });
  });

  test('when the one that was told is handled, another speaks for those that are left', () => {
    const on = inFlood();
    on.event('raised', hot(100));
    on.at(20);
    on.event('raised', hot(101));
    on.event('raised', hot(102));
    on.at(30);
    on.event('acknowledged', hot(100, { human: 'acknowledged' }), 'li');
    on.at(300);
    expect(on.story).toEqual(['10 hook raised → li', '30 hook acknowledged → li', '70 hook raised → li']);
    expect(on.notices.at(-1)).toMatchObject({ alarm: { subject: 't101' }, group: { count: 3, waiting: 2 } });
    on.event('acknowledged', hot(101, { human: 'acknowledged' }), 'li');
    expect(on.story.at(-1)).toBe('300 hook raised → li');
    expect(on.notices.at(-1)).toMatchObject({ alarm: { subject: 't102' }, group: { count: 3, waiting: 1 } });
    on.event('acknowledged', hot(102, { human: 'acknowledged' }), 'li');
    on.at(4000);
    expect(on.story.at(-1)).toBe('300 hook acknowledged → li');
  });

  test('deadlines hold: each has its own, and the ladder is climbed for all by the one that was told', () => {
    const on = inFlood();
    const orange = (number: number) => hot(number, { severity: 'orange' });
    on.event('raised', orange(100));
    on.at(30);
    on.event('raised', orange(101));
    on.at(200);
    expect(on.story).toEqual([
      '10 hook raised → li',
      '70 hook repeated → li',
      '130 hook repeated step 1 → li+wang',
      // Its own step: they know of it, and it is counted.
      '150 hook repeated → li+wang',
    ]);
    const overdue = on.decided().filter((line) => line.includes('overdue'));
    expect(overdue).toEqual(['110 overdue ack-overdue', '130 overdue ack-overdue']);
  });

  test('a step that comes while nobody speaks for the group is taken at once', () => {
    const on = inFlood();
    const orange = (number: number) => hot(number, { severity: 'orange' });
    on.event('raised', orange(100));
    on.at(11);
    on.event('raised', orange(101));
    on.at(100);
    on.event('raised', orange(102));
    on.at(130.5);
    on.event('acknowledged', { ...orange(100), human: 'acknowledged' }, 'li');
    on.at(131);
    // Half a second after people heard of the group last: a step does not wait for the next time.
    expect(on.story.slice(-3)).toEqual([
      '130 hook repeated → li+wang',
      '130.5 hook acknowledged → li+wang',
      '131 hook raised step 1 → li+wang',
    ]);
    expect(on.notices.at(-1)).toMatchObject({ alarm: { subject: 't101' }, group: { count: 3, waiting: 2 } });
  });

  test('one that is only counted and comes again is heard of with the next telling', () => {
    const on = inFlood();
    on.event('raised', hot(100));
    on.event('raised', hot(101));
    on.at(100);
    on.event('repeated', hot(101));
    expect(on.story).toEqual(['10 hook raised → li', '70 hook repeated → li']);
    on.at(200);
    expect(on.story.slice(2)).toEqual(['130 hook repeated → li']);
  });

  test('nothing more joins when it is over, and nobody is told anew of what was told', () => {
    const on = inFlood();
    on.event('raised', hot(100));
    on.event('raised', hot(101));
    on.at(70);
    const before = on.story.length;
    on.at(2000);
    expect(on.response.flood.load.floodSinceMs(['guard'], Date.parse('2026-05-01T12:33:20.000Z'))).toBeUndefined();
    expect(on.story).toHaveLength(before);
    on.event('raised', hot(102));
    on.event('raised', hot(103));
    expect(on.story.slice(before)).toEqual(['2000 hook raised → li', '2000 hook raised → li']);
    expect(on.response.flood.groups()).toHaveLength(1 + 1);
  });

  test('the next flood has groups of its own, whatever is open of the one before', () => {
    const on = inFlood();
    on.event('raised', hot(100));
    on.at(2000);
    for (let number = 0; number < 10; number += 1) on.event('raised', hot(200 + number, { kind: `kind-${number}` }));
    const before = on.story.length;
    on.event('raised', hot(300));
    on.event('raised', hot(301));
    expect(on.story.slice(before)).toEqual(['2000 hook raised → li']);
  });

  test('what is held back by people or by design is nobody’s load', () => {
    const on = stage({ config });
    for (let number = 0; number < 20; number += 1) on.event('raised', hot(number, { human: 'shelved' }));
    expect(on.response.flood.load.floodSinceMs(['guard'], EPOCH)).toBeUndefined();
    expect(on.response.flood.load.meters.get('*')?.figures(EPOCH).perDay).toBe(0);
  });

  test('alarms that come and go one after the other do not each begin a group', () => {
    const on = inFlood();
    for (let number = 100; number < 110; number += 1) {
      on.event('raised', hot(number));
      on.event('closed', hot(number, { condition: 'cleared' }));
    }
    expect(on.story.filter((line) => line.includes('raised'))).toHaveLength(1);
  });

  test('every alarm says where it is counted', () => {
    const on = inFlood();
    on.event('raised', hot(100));
    on.event('raised', hot(101));
    const views = on.response.views().filter(({ group }) => group?.id.startsWith('threshold.hall'));
    expect(views.map(({ group }) => group?.told)).toEqual([true, false]);
    expect(on.decided()).toEqual(['10 told told', '10 grouped grouped']);
    expect(on.decisions.at(-1)?.reason.en).toBe('flood of alarms: number 2 of its group, told of with hot.t100.100');
  });
});

describe('a restart in a flood', () => {
  test('goes on: the flood, the groups, what was told, what has to be', () => {
    const first = inFlood();
    first.event('raised', hot(100));
    first.at(20);
    first.event('raised', hot(101));
    const on = stage({ config, atSeconds: 25, kept: first.kill() });
    expect(on.story).toEqual([]);
    on.event('raised', hot(102));
    on.at(84.999);
    expect(on.story).toEqual([]);
    on.at(85);
    expect(on.story).toEqual(['85 hook repeated → li']);
    expect(on.notices.at(-1)).toMatchObject({ alarm: { subject: 't100' }, group: { count: 3, waiting: 3 } });
  });

  test('after which another is on duty: they belong to it when they are told, not before', () => {
    const rostered = floodVenue(
      'roster: { shifts: [ { role: guard, from: "19:00", to: "20:01", people: [li] }, { role: guard, from: "20:01", to: "23:00", people: [zhao] } ] }',
    );
    const first = inFlood(0, rostered);
    first.event('raised', hot(100));
    first.event('raised', hot(101));
    const on = stage({ config: rostered, atSeconds: 61, kept: first.kill() });
    const onDuty = on.decisions.filter(({ reason }) => reason.code === 'on-duty-now');
    expect(onDuty.map(({ alarm }) => alarm)).not.toContain(hot(101).id);
    on.at(121);
    expect(on.story.filter((line) => line.endsWith('repeated → li+zhao'))).toEqual(['121 hook repeated → li+zhao']);
  });

  test('of a group whose speaker was handled just before, another speaks', () => {
    const first = inFlood();
    first.event('raised', hot(100));
    first.event('raised', hot(101));
    first.event('acknowledged', hot(100, { human: 'acknowledged' }), 'li');
    const on = stage({ config, atSeconds: 12, kept: first.kill() });
    on.at(72);
    expect(on.story).toEqual(['72 hook raised → li']);
    expect(on.notices.at(-1)).toMatchObject({ alarm: { subject: 't101' } });
  });
});
